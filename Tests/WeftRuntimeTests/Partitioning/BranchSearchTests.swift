import Testing

@testable import WeftPlacement
@testable import WeftRuntime

/// Branches that may run side by side do.
struct BranchSearchTests {
    private static let launch = [0.0, 0.1]
    private static let overlaps = [false, true]

    private struct Parts {
        let problem: PlacementProblem
        let simulation: PlanSimulation
        let orders: OverlapOrders
        let search: BranchSearch

        init(_ problem: PlacementProblem) throws {
            self.problem = problem
            let dependencies = problem.dependencies
            simulation = PlanSimulation(problem, launch: BranchSearchTests.launch, overlaps: BranchSearchTests.overlaps)
            orders = OverlapOrders(
                try SegmentGraph(dependencies: dependencies), dependencies: dependencies,
                overlaps: BranchSearchTests.overlaps)
            search = BranchSearch(problem, simulation, orders, dependencies: dependencies)
        }

        func seconds(_ labels: [SegmentLabel]) -> Double {
            orders.orders(labels).map { simulation.seconds(labels, $0) }.min() ?? .infinity
        }
    }

    private func labels(_ spaces: [Int]) -> [SegmentLabel] { spaces.map { SegmentLabel(space: $0, provider: 0) } }

    /// Chains of nodes that take `host` or `device` seconds, all behind node 0 where `forks`; they meet in the last node.
    private func chains(_ lengths: [Int], host: Double, device: Double, forks: Bool) -> PlacementProblem {
        var problem = PlacementProblem(spaces: 2)
        let transfer = TransferPrices(spaces: 2) { _, _ in 0.05 }
        func add(_ readers: [Int]) {
            problem.values.append(
                .init(
                    origin: .node(problem.nodes.count), consumers: readers, destination: readers.isEmpty ? 0 : nil,
                    transfer: transfer))
            problem.nodes.append(.init(prices: [host, device]))
        }
        let first = forks ? 1 : 0
        let end = first + lengths.reduce(0, +)
        var heads: [Int] = []
        var place = first
        for length in lengths {
            heads.append(place)
            place += length
        }
        if forks { add(heads) }
        for length in lengths { for step in 1...length { add([step == length ? end : problem.nodes.count + 1]) } }
        add([])
        return problem
    }

    @Test func ofTwoChainsThatShareNothingOneGoesToTheDevice() throws {
        let parts = try Parts(chains([4, 4], host: 1, device: 1, forks: false))
        let found = parts.search.improve(labels([Int](repeating: 0, count: 9)))
        #expect(parts.seconds(labels([Int](repeating: 0, count: 9))) == 9)
        #expect(parts.seconds(found) < 5.3)
    }

    @Test func theHostTakesABranchInTheMiddleOfADevicesWork() throws {
        // The device is four times as fast, and has four of the five branches when the host has one.
        let parts = try Parts(chains([4, 4, 4, 4, 4], host: 4, device: 1, forks: true))
        let device = labels([Int](repeating: 1, count: 22))
        let found = parts.search.improve(device)
        #expect(parts.seconds(found) < parts.seconds(device) - 3)
        #expect(found.filter { $0.space == 0 }.count == 4)
    }

    @Test func noSearchMakesAPlanSlowerAndEveryOrderIsOne() throws {
        for seed in 0..<300 {
            var random = PartitioningRandom(seed: 90_000 + seed)
            let count = Int.random(in: 1...24, using: &random)
            var problem = PlacementProblem.random(spaces: 2, count: count, using: &random)
            // Seconds instead of nanoseconds, as launches are here.
            for node in problem.nodes.indices {
                problem.nodes[node].prices = problem.nodes[node].prices.map { $0 * 1e6 }
            }
            let parts = try Parts(problem)
            let start = problem.nodes.map { node in
                SegmentLabel(space: (0..<2).filter { node.allows($0) }.randomElement(using: &random) ?? 0, provider: 0)
            }
            let found = parts.search.improve(start)
            #expect(parts.seconds(found) <= parts.seconds(start), "seed \(seed)")
            for order in parts.orders.orders(found) {
                var place = [Int](repeating: -1, count: count)
                for (position, node) in order.flatMap(\.nodes).enumerated() { place[node] = position }
                #expect(order.reduce(0) { $0 + $1.nodes.count } == count && !place.contains(-1), "seed \(seed)")
                for (node, waits) in problem.dependencies.enumerated() {
                    #expect(waits.allSatisfy { place[$0] < place[node] }, "seed \(seed), node \(node)")
                }
                #expect(order.allSatisfy { segment in segment.nodes.allSatisfy { found[$0] == segment.label } })
            }
        }
    }
}
