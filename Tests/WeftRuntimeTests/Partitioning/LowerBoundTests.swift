import Testing

@testable import WeftPlacement
@testable import WeftRuntime

/// No placement in any order takes less than the bound says.
struct LowerBoundTests {
    private static let launch = [0, 200e-9]

    private func bound(
        _ problem: PlacementProblem, groups: [LowerBound.Group] = [], overlaps: [Bool], launch: [Double] = Self.launch
    ) -> LowerBound {
        LowerBound(
            problem, groups: groups, dependencies: problem.dependencies,
            spaces: .init(lanes: overlaps.enumerated().map { $1 ? $0 : 0 }, launch: launch))
    }

    @Test(arguments: [false, true]) func noPlacementIsBelowTheBound(_ overlaps: Bool) throws {
        let overlaps = [false, overlaps]
        var tight = 0
        for seed in 0..<100 {
            var random = PartitioningRandom(seed: seed)
            let count = Int.random(in: 1...7, using: &random)
            var problem = PlacementProblem.random(spaces: 2, count: count, using: &random)
            problem.fusions = []
            let simulation = PlanSimulation(problem, launch: Self.launch, overlaps: overlaps)
            let search = SegmentSearch(try SegmentGraph(dependencies: problem.dependencies), simulation)
            var least = Double.infinity
            for mask in 0..<(1 << count) {
                let labels = (0..<count).map { SegmentLabel(space: mask >> $0 & 1, provider: 0) }
                least = min(least, search.plan(labels).seconds)
            }
            let bound = bound(problem, overlaps: overlaps)
            #expect(bound.seconds <= least * (1 + 1e-9), "seed \(seed)")
            if bound.seconds >= least * 0.9 { tight += 1 }
        }
        #expect(tight > 10, "a bound that is never near says nothing")
    }

    /// A chain on a device: nodes of 1 s there and 100 s on the host, 2 s a transfer, 3 s a launch.
    private func chain(_ count: Int) -> PlacementProblem {
        var problem = PlacementProblem(spaces: 2)
        let transfer = TransferPrices(spaces: 2) { _, _ in 2 }
        problem.values.append(.init(origin: .space(0), consumers: [0], transfer: transfer))
        for node in 0..<count {
            problem.nodes.append(.init(prices: [100, 1]))
            let isLast = node == count - 1
            problem.values.append(
                .init(
                    origin: .node(node), consumers: isLast ? [] : [node + 1], destination: isLast ? 0 : nil,
                    transfer: transfer))
        }
        return problem
    }

    @Test func theCriticalPathHasItsTransfersAndItsLaunch() {
        let bound = bound(chain(4), overlaps: [false, true], launch: [0, 3])
        #expect(bound.criticalPath == 3 + 2 + 4 + 2)
    }

    @Test func membersOfAGroupShareWhatItTakes() {
        let groups = [LowerBound.Group(members: [1, 2], space: 1, seconds: 1.5)]
        let bound = bound(chain(4), groups: groups, overlaps: [false, true], launch: [0, 3])
        #expect(abs(bound.criticalPath - (3 + 2 + 3.5 + 2)) < 1e-12)
    }

    @Test func workThatMayBeSharedIsSharedAtBest() {
        // Eight nodes that need nothing: 3 s each on the host or 1 s on the device, 6 s together where both work.
        var problem = PlacementProblem(spaces: 2)
        for _ in 0..<8 { problem.nodes.append(.init(prices: [3, 1])) }
        #expect(abs(bound(problem, overlaps: [false, true], launch: [0, 0]).load - 6) < 1e-6)
        #expect(bound(problem, overlaps: [false, false], launch: [0, 0]).load == 8)
    }

    @Test func whatFewNodesTakeOnTheHostIsLessThanALaunch() {
        var problem = PlacementProblem(spaces: 2)
        problem.nodes = [.init(prices: [1, 0.5])]
        #expect(bound(problem, overlaps: [false, true], launch: [0, 10]).seconds <= 1)
    }
}
