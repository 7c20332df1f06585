import Testing
import WeftRuntime

@testable import WeftPlacement

private func randomDependencies(_ count: Int, using random: inout PartitioningRandom) -> [[Int]] {
    (0..<count).map { node in
        node == 0
            ? [] : (0..<Int.random(in: 0...2, using: &random)).map { _ in Int.random(in: 0..<node, using: &random) }
    }
}

/// What is wrong with segments: a node missing, twice, under a wrong label, or before one it waits for.
private func fault(
    of segments: [OrderedSegment], _ labels: [SegmentLabel], _ dependencies: [[Int]], mayRepeat: Bool = false
) -> String? {
    let order = segments.flatMap(\.nodes)
    if order.sorted() != Array(labels.indices) { return "not every node once" }
    for segment in segments {
        if segment.nodes.isEmpty { return "an empty segment" }
        if segment.nodes.contains(where: { labels[$0] != segment.label }) { return "a node under a wrong label" }
    }
    for (one, next) in zip(segments, segments.dropFirst()) where one.label == next.label && !mayRepeat {
        return "split for nothing"
    }
    var place = Array(repeating: 0, count: labels.count)
    for (position, node) in order.enumerated() { place[node] = position }
    for (node, waits) in dependencies.enumerated() {
        if waits.contains(where: { place[$0] >= place[node] }) { return "node \(node) before one it waits for" }
    }
    return nil
}

@Test func segmentsAreOneTopologicalOrderOnTwoThousandRandomGraphs() throws {
    for seed in 0..<2000 {
        var random = PartitioningRandom(seed: seed)
        let dependencies = randomDependencies(Int.random(in: 0...24, using: &random), using: &random)
        let labels = dependencies.map { _ in
            SegmentLabel(space: Int.random(in: 0...2, using: &random), provider: Int.random(in: 0...1, using: &random))
        }
        let segments = try SegmentGraph(dependencies: dependencies).segments(labels, launch: [0, 1, 2])
        #expect(fault(of: segments, labels, dependencies) == nil, "seed \(seed)")
    }
}

@Test func noOrderOverTwoSpacesHasFewerSegments() throws {
    for seed in 0..<150 {
        var random = PartitioningRandom(seed: seed)
        let count = Int.random(in: 2...9, using: &random)
        let dependencies = randomDependencies(count, using: &random)
        let labels = dependencies.map { _ in SegmentLabel(space: random.chance(50) ? 1 : 0, provider: 0) }
        let segments = try SegmentGraph(dependencies: dependencies).segments(labels, launch: [1, 1])
        #expect(segments.count == leastSegments(dependencies, labels.map(\.space)), "seed \(seed)")
    }
}

/// The least number of blocks of any topological order: the least over all sets of nodes done, by who ran last.
private func leastSegments(_ dependencies: [[Int]], _ labels: [Int]) -> Int {
    let count = dependencies.count
    let needs = dependencies.map { $0.reduce(0) { $0 | 1 << $1 } }
    var least = Array(repeating: [Int.max, Int.max], count: 1 << count)
    for done in 0..<(1 << count) {
        for node in 0..<count where done >> node & 1 == 0 && needs[node] & ~done == 0 {
            let label = labels[node]
            let same = done == 0 ? Int.max : least[done][label]
            let other = done == 0 ? 0 : least[done][1 - label]
            let reached = min(same, other == Int.max ? Int.max : other + 1)
            least[done | 1 << node][label] = min(least[done | 1 << node][label], reached)
        }
    }
    return least[(1 << count) - 1].min() ?? 0
}

@Test func anExpensiveLaunchDecidesWhichSpaceBegins() throws {
    // 0 (device) and 1 (host) are both ready; 2 (device) waits for 1: host first needs one device segment.
    let graph = try SegmentGraph(dependencies: [[], [], [1, 0]])
    let labels = [1, 0, 1].map { SegmentLabel(space: $0, provider: $0) }
    #expect(graph.segments(labels, launch: [0, 1]).map(\.nodes) == [[1], [0, 2]])
    // Mirrored: two host blocks are as good as free, one device block is not.
    let mirrored = try SegmentGraph(dependencies: [[], [], [0, 1], [2]])
    let other = [0, 1, 1, 0].map { SegmentLabel(space: $0, provider: $0) }
    #expect(mirrored.segments(other, launch: [0, 1]).map(\.nodes) == [[0], [1, 2], [3]])
}

@Test func theSmallestReadyIndexRunsFirstAndProvidersChangeLeast() throws {
    let graph = try SegmentGraph(dependencies: [[], [], [], [0], [1], []])
    let labels = [0, 1, 0, 1, 0, 1].map { SegmentLabel(space: 0, provider: $0) }
    // Starting with 1 takes 1, 5; then 0, 2, 4; then 3. Starting with 0 takes 0, 2; 1, 3, 5; 4.
    #expect(graph.segments(labels, launch: [0]).map(\.nodes) == [[0, 2], [1, 3, 5], [4]])
}

@Test func nodesOfOneLabelRunInDependencyOrderWhateverTheirNumbers() throws {
    let labels = [SegmentLabel](repeating: SegmentLabel(space: 0, provider: 0), count: 3)
    let segments = try SegmentGraph(dependencies: [[2], [0], []]).segments(labels, launch: [0])
    #expect(segments.map(\.nodes) == [[2, 0, 1]])
}

@Test func cyclesAreReportedWithTheirNodes() {
    #expect(throws: PartitioningError.cycle(nodes: [2, 1])) { try SegmentGraph(dependencies: [[], [2, 0], [1], [2]]) }
    #expect(throws: PartitioningError.cycle(nodes: [0])) { try SegmentGraph(dependencies: [[0]]) }
    #expect(throws: PartitioningError.self) { try SegmentGraph(dependencies: [[4]]) }
}

@Test func aSmallSegmentGoesToItsNeighbourWhereThatSaves() throws {
    // A chain on the device with one node that the cut left on the host: a launch more than its gain.
    let graph = try SegmentGraph(dependencies: [[], [0], [1], [2], [3]])
    var problem = PlacementProblem(spaces: 2, nodes: Array(repeating: .init(prices: [9, 1]), count: 5))
    problem.nodes[2] = .init(prices: [1, 3])
    let labels = [1, 1, 0, 1, 1].map { SegmentLabel(space: $0, provider: $0) }
    func improve(launch: Double, pinned: Bool = false, rivals: [[SegmentLabel]] = [], trials: Int = 8) -> SegmentedPlan
    {
        var problem = problem
        if pinned { problem.nodes[2].pin = 0 }
        let simulation = PlanSimulation(problem, launch: [0, launch], overlaps: [false, false])
        return SegmentSearch(graph, simulation, trials: trials).improve(labels, rivals: rivals)
    }
    #expect(improve(launch: 4).segments.map(\.nodes) == [[0, 1, 2, 3, 4]])
    #expect(improve(launch: 4).seconds == 11)
    #expect(improve(launch: 1).segments.count == 3)
    #expect(improve(launch: 4, pinned: true).segments.count == 3)
    let host = Array(repeating: SegmentLabel(space: 0, provider: 0), count: 5)
    #expect(improve(launch: 50, rivals: [host], trials: 0).labels == host)
}

@Test(arguments: [[false, false], [false, true]]) func searchNeverReturnsASlowerPlan(_ overlaps: [Bool]) throws {
    var improved = 0
    for seed in 0..<200 {
        var random = PartitioningRandom(seed: 90 + seed)
        let problem = PlacementProblem.random(spaces: 2, count: 20, using: &random)
        let labels = try problem.solve().spaces.map { SegmentLabel(space: $0, provider: $0) }
        let graph = try SegmentGraph(dependencies: problem.dependencies)
        let simulation = PlanSimulation(problem, launch: [0, random.seconds(upTo: 400)], overlaps: overlaps)
        let search = SegmentSearch(graph, simulation)
        let before = search.plan(labels)
        let after = search.improve(labels)
        #expect(after.seconds <= before.seconds)
        if after.seconds < before.seconds { improved += 1 }
        #expect(fault(of: after.segments, after.labels, problem.dependencies, mayRepeat: overlaps[1]) == nil)
        #expect(zip(problem.nodes, after.labels).allSatisfy { $0.allows($1.space) })
    }
    #expect(improved >= 10)
}

@Test func noPlanByCostIsSlowerThanTheHostAloneDeviceFirstOrGreedy() throws {
    for seed in 0..<600 {
        var random = PartitioningRandom(seed: 40_000 + seed)
        let spaces = 2 + seed % 2
        let problem = PlacementProblem.random(
            spaces: spaces, count: Int.random(in: 1...40, using: &random), using: &random)
        let launch = (0..<spaces).map { $0 == 0 ? 0 : random.seconds(upTo: 800) }
        let overlaps = (0..<spaces).map { $0 > 0 && random.chance(50) }
        let search = SegmentSearch(
            try SegmentGraph(dependencies: problem.dependencies),
            PlanSimulation(problem, launch: launch, overlaps: overlaps))
        var rivals = [try problem.deviceFirstPlacement(), try problem.greedyPlacement()]
        if let host = try problem.hostOnlyPlacement() { rivals.append(host) }
        func labels(_ placement: Placement) -> [SegmentLabel] {
            placement.spaces.map { SegmentLabel(space: $0, provider: 0) }
        }
        let chosen = search.improve(labels(try problem.solve()), rivals: rivals.map(labels))
        for rival in rivals { #expect(chosen.seconds <= search.plan(labels(rival)).seconds, "seed \(seed)") }
        let bound = LowerBound(
            problem, groups: [], dependencies: problem.dependencies,
            spaces: .init(lanes: (0..<spaces).map { overlaps[$0] ? $0 : 0 }, launch: launch))
        let savings = problem.fusions.reduce(0) { $0 + $1.saving }
        #expect(bound.seconds - savings <= chosen.seconds + 1e-15, "seed \(seed)")
    }
}

@Test func withoutOverlapTheTimeIsTheCostAndALaunchForEachSegment() throws {
    for seed in 0..<200 {
        var random = PartitioningRandom(seed: 60_000 + seed)
        let problem = PlacementProblem.random(spaces: 3, count: 15, using: &random)
        let labels = problem.nodes.map { node in
            SegmentLabel(space: (0..<3).filter { node.allows($0) }.randomElement(using: &random) ?? 0, provider: 0)
        }
        let launch = [0, 3e-7, 5e-7]
        let simulation = PlanSimulation(problem, launch: launch, overlaps: [false, false, false])
        for order in try SegmentGraph(dependencies: problem.dependencies).orders(
            labels, overlaps: [false, false, false])
        {
            let cost = order.reduce(problem.cost(of: labels.map(\.space))) { $0 + launch[$1.label.space] }
            #expect(abs(simulation.seconds(labels, order) - cost) < 1e-15, "seed \(seed)")
        }
    }
}

@Test func workThatNeedsNothingOfTheDeviceRunsBesideIt() throws {
    // 0 feeds the device chain 1, 2 and the host chain 3, 4; 5 joins them on the host.
    let graph = try SegmentGraph(dependencies: [[], [0], [1], [0], [3], [2, 4]])
    let free = TransferPrices(spaces: 2)
    func value(_ from: Int, _ to: [Int]) -> PlacementProblem.Value {
        .init(origin: .node(from), consumers: to, transfer: free)
    }
    var problem = PlacementProblem(
        spaces: 2, nodes: [1, 10, 10, 7, 8, 1].map { .init(prices: [$0, $0]) },
        values: [value(0, [1, 3]), value(1, [2]), value(2, [5]), value(3, [4]), value(4, [5])])
    let labels = [0, 1, 1, 0, 0, 0].map { SegmentLabel(space: $0, provider: $0) }
    func plan(_ overlaps: Bool) -> SegmentedPlan {
        let simulation = PlanSimulation(problem, launch: [0, 2], overlaps: [false, overlaps])
        return SegmentSearch(graph, simulation).plan(labels)
    }
    let beside = plan(true)
    #expect(beside.segments.map(\.nodes) == [[0], [1, 2], [3, 4], [5]])
    #expect(beside.seconds == 1 + 22 + 1)
    // A software device on the host's cores gains nothing.
    #expect(plan(false).seconds == 37 + 2)
    // Placed by cost alone the chain 3, 4 would go to the device; beside it, it stays.
    problem.nodes[3].prices[1] = 6
    problem.nodes[4].prices[1] = 6
    let together = SegmentSearch(graph, PlanSimulation(problem, launch: [0, 2], overlaps: [false, true]))
    #expect(
        together.improve([0, 1, 1, 1, 1, 0].map { SegmentLabel(space: $0, provider: $0) }, rivals: [labels]).labels
            == labels)
}
