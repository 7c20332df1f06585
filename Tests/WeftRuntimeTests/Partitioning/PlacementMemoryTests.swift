import Testing

@testable import WeftPlacement
@testable import WeftRuntime

private func isClose(_ first: Double, _ second: Double) -> Bool { abs(first - second) <= 1e-9 * max(abs(first), 1e-9) }

/// Bytes in a space, step by step and value by value: shares no line with the memory's own count.
private func need(_ space: Int, _ labels: [Int], _ problem: PlacementProblem, _ memory: PlacementMemory) -> Int {
    var held = 0
    for weight in memory.weights where weight.readers.contains(where: { labels[$0] == space }) {
        held += weight.bytes[space]
    }
    let used = memory.scratch.indices.filter { labels[$0] == space }.map { memory.scratch[$0][space] }
    var most = 0
    for step in 0...labels.count {
        var live = 0
        for value in problem.values {
            let bytes = value.bytes
            let here = value.consumers.filter { labels[$0] == space }
            let elsewhere = value.consumers.filter { labels[$0] != space }
            let maker: Int
            let home: Int
            switch value.origin {
            case .node(let node): (maker, home) = (node, labels[node])
            case .space(let origin): (maker, home) = (0, origin)
            }
            if home == space {
                if (maker...max(maker, here.max() ?? maker)).contains(step) { live += bytes }
                let leaves = !elsewhere.isEmpty || (value.destination ?? space) != space
                if leaves, memory.isStaged[space], (maker...max(maker, elsewhere.max() ?? maker)).contains(step) {
                    live += bytes
                }
            } else if let first = here.min(), let last = here.max() {
                if (first...last).contains(step) { live += bytes }
                if memory.isStaged[space], (min(maker, first)...first).contains(step) { live += bytes }
            }
        }
        most = max(most, live)
    }
    return held + most + (used.max() ?? 0)
}

extension PlacementMemory {
    /// Weights, shared ones among them, sizes of values, and capacities that are a part of what the cheapest would need.
    fileprivate static func random(
        _ problem: PlacementProblem, using random: inout PartitioningRandom
    ) -> PlacementMemory {
        var weights: [Weight] = []
        for node in problem.nodes.indices where random.chance(70) {
            var readers = [node]
            if random.chance(20) { readers.append(Int.random(in: problem.nodes.indices, using: &random)) }
            let bytes = Int.random(in: 0...2000, using: &random)
            weights.append(Weight(bytes: (0..<problem.spaces).map { bytes + $0 * 16 }, readers: readers))
        }
        var memory = PlacementMemory(
            weights: weights,
            scratch: random.chance(50)
                ? []
                : problem.nodes.map { _ in (0..<problem.spaces).map { _ in Int.random(in: 0...200, using: &random) } },
            isStaged: (0..<problem.spaces).map { $0 > 0 && random.chance(70) },
            capacities: [nil] + (1..<problem.spaces).map { _ in 0 })
        guard let free = try? problem.solve() else { return memory }
        for space in 1..<problem.spaces {
            let whole = need(space, free.spaces, problem, memory)
            memory.capacities[space] = random.chance(10) ? nil : whole * Int.random(in: 10...105, using: &random) / 100
        }
        return memory
    }
}

/// What came of many random problems.
private struct Outcome {
    var graphs = 0
    var bound = 0
    var optimal = 0
    var excess = 0.0
    var worst = 0.0
    var partial = 0
}

private func outcome(seeds: Range<Int>, spaces: Int, largest: Int) throws -> Outcome {
    var outcome = Outcome()
    for seed in seeds {
        var random = PartitioningRandom(seed: seed)
        var problem = PlacementProblem.random(spaces: spaces, count: 2 + seed % largest, using: &random)
        for value in problem.values.indices { problem.values[value].bytes = Int.random(in: 0...400, using: &random) }
        // Devices are to be worth it, so that memory is what keeps nodes off them.
        for node in problem.nodes.indices { for space in 1..<spaces { problem.nodes[node].prices[space] /= 3 } }
        let memory = PlacementMemory.random(problem, using: &random)
        func fits(_ labels: [Int]) -> Bool {
            (0..<spaces).allSatisfy { space in
                memory.capacities[space].map { need(space, labels, problem, memory) <= $0 } ?? true
            }
        }
        var least = Double.infinity
        var labels = [Int](repeating: 0, count: problem.nodes.count)
        func tryAll(_ node: Int) {
            guard node < labels.count else {
                let cost = problem.cost(of: labels)
                if cost < least, fits(labels) { least = cost }
                return
            }
            for space in 0..<spaces where problem.nodes[node].allows(space) {
                labels[node] = space
                tryAll(node + 1)
            }
        }
        tryAll(0)
        let placement = try problem.solve(within: memory)
        outcome.graphs += 1
        guard let placement else {
            #expect(least == .infinity, "seed \(seed): \(least) is possible")
            continue
        }
        #expect(fits(placement.spaces), "seed \(seed)")
        #expect(isClose(problem.cost(of: placement.spaces), placement.seconds), "seed \(seed)")
        #expect(placement.seconds >= least - 1e-9 * abs(least), "seed \(seed)")
        if let host = try problem.hostOnlyPlacement() { #expect(placement.seconds <= host.seconds, "seed \(seed)") }
        let free = try problem.solve()
        if fits(free.spaces) {
            #expect(placement == free, "seed \(seed)")
            continue
        }
        #expect(!placement.isOptimal, "seed \(seed)")
        outcome.bound += 1
        if Set(placement.spaces).count > 1 { outcome.partial += 1 }
        let excess = (placement.seconds - least) / max(abs(least), 1e-12)
        if excess <= 1e-9 { outcome.optimal += 1 }
        outcome.excess += max(0, excess)
        outcome.worst = max(outcome.worst, excess)
    }
    return outcome
}

@Test func withinACapacityPlacementsFitAndMostEqualTheBestOfAllThatFit() throws {
    let outcome = try outcome(seeds: 0..<600, spaces: 2, largest: 10)
    #expect(outcome.bound >= 250)
    #expect(outcome.partial * 3 >= outcome.bound, "\(outcome)")
    #expect(outcome.optimal * 100 >= outcome.bound * 90, "\(outcome)")
    #expect(outcome.excess / Double(outcome.bound) <= 0.01, "\(outcome)")
}

@Test func severalSpacesMayEachHaveACapacity() throws {
    let outcome = try outcome(seeds: 5000..<5250, spaces: 3, largest: 7)
    #expect(outcome.bound >= 100)
    #expect(outcome.optimal * 100 >= outcome.bound * 85, "\(outcome)")
    #expect(outcome.excess / Double(outcome.bound) <= 0.02, "\(outcome)")
}

/// Chains and branches of hundreds of nodes: what is found fits, and is as cheap as the bound by prices says, nearly.
@Test func aLargeGraphIsPlacedWithinItsCapacity() throws {
    for seed in 0..<4 {
        var random = PartitioningRandom(seed: 40_000 + seed)
        var problem = PlacementProblem.random(spaces: 2, count: 400, using: &random)
        for value in problem.values.indices { problem.values[value].bytes = Int.random(in: 0...400, using: &random) }
        let memory = PlacementMemory.random(problem, using: &random)
        guard let placement = try problem.solve(within: memory) else { continue }
        #expect(memory.allows(memory.needs(of: placement.spaces, in: problem)))
        if let host = try problem.hostOnlyPlacement() { #expect(placement.seconds <= host.seconds) }
    }
}

@Test func weightsThatNodesShareAreHeldOnce() throws {
    var problem = PlacementProblem(spaces: 2)
    problem.nodes = [.init(prices: [10e-6, 1e-6]), .init(prices: [10e-6, 1e-6])]
    let memory = PlacementMemory(
        weights: [.init(bytes: [100, 100], readers: [0, 1])], isStaged: [false, true],
        capacities: [nil, 100])
    #expect(memory.needs(of: [1, 1], in: problem) == [0, 100])
    #expect(try problem.solve(within: memory)?.spaces == [1, 1])
}

@Test func whatOnlyAFullSpaceCanRunHasNoPlacement() throws {
    var problem = PlacementProblem(spaces: 2)
    problem.nodes = [.init(prices: [.infinity, 1e-6]), .init(prices: [10e-6, 1e-6])]
    let memory = PlacementMemory(
        weights: [.init(bytes: [100, 100], readers: [0])], isStaged: [false, true], capacities: [nil, 99])
    #expect(try problem.solve(within: memory) == nil)
}
