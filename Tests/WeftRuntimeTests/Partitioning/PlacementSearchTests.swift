import Testing
import WeftRuntime

@testable import WeftPlacement

/// Many problems beside each other that have nothing to do with one another.
private func beside(_ problems: [PlacementProblem], spaces: Int) -> PlacementProblem {
    var whole = PlacementProblem(spaces: spaces)
    for problem in problems {
        let first = whole.nodes.count
        whole.nodes += problem.nodes
        whole.values += problem.values.map { value in
            var value = value
            if case .node(let node) = value.origin { value.origin = .node(first + node) }
            value.consumers = value.consumers.map { first + $0 }
            return value
        }
        whole.fusions += problem.fusions.map { fusion in
            var fusion = fusion
            fusion.members = fusion.members.map { first + $0 }
            return fusion
        }
    }
    return whole
}

@Test func aLargeProblemOfPartsOverThreeSpacesCostsHardlyMoreThanThePartsAtTheirBest() throws {
    for seed in 0..<4 {
        var random = PartitioningRandom(seed: 21_000 + seed)
        let parts = (0..<60).map { _ in PlacementProblem.random(spaces: 3, count: 12, using: &random) }
        let least = parts.reduce(0.0) { sum, part in
            var search = ExhaustiveSearch(part)
            search.run()
            return sum + search.least
        }
        let whole = beside(parts, spaces: 3)
        let placement = try whole.solve()
        #expect(placement.seconds >= least * (1 - 1e-9), "seed \(seed)")
        #expect(placement.seconds <= least * 1.005, "seed \(seed): \(placement.seconds / least)")
        #expect(abs(whole.cost(of: placement.spaces) - placement.seconds) <= 1e-9 * placement.seconds)
        let baselines = [
            try whole.greedyPlacement(), try whole.deviceFirstPlacement(), try whole.hostOnlyPlacement(),
        ]
        for baseline in baselines.compactMap({ $0 }) { #expect(placement.seconds <= baseline.seconds) }
    }
}

@Test func thePlacementThatPaysForTransfersIsNoDearerThereThanTheCheapest() throws {
    for seed in 0..<1500 {
        var random = PartitioningRandom(seed: 23_000 + seed)
        let spaces = 2 + seed % 3
        let problem = PlacementProblem.random(
            spaces: spaces, count: seed % 100 == 0 ? 400 : 5 + seed % 40, using: &random)
        let packed = try PackedProblem(problem)
        let perTransfer = (0..<spaces).map { Double($0) * problem.nodes[0].prices.filter { $0 < .infinity }[0] }
        let dearer = packed.charging(perTransfer)
        let (cheapest, charged) = try packed.solve(Incidence(packed), charging: perTransfer)
        let cost = dearer.cost(of: charged), other = dearer.cost(of: cheapest.spaces)
        #expect(zip(problem.nodes, charged).allSatisfy { $0.allows($1) }, "seed \(seed)")
        #expect(cost <= other + 1e-9 * abs(other), "seed \(seed)")
        if let host = packed.hostOnly() { #expect(cheapest.seconds <= host.seconds, "seed \(seed)") }
        if spaces == 2 {
            let cold = try dearer.bareCut()
            #expect(charged == cold.spaces, "seed \(seed): the second cut in the memory of the first")
            #expect(abs(cheapest.seconds - (try packed.bareCut().seconds)) <= 1e-9 * abs(cheapest.seconds))
        }
    }
}

@Test func theOrderThatIsKeptTakesAsLittleAsTheBestOfAllStarts() throws {
    for seed in 0..<600 {
        var random = PartitioningRandom(seed: 27_000 + seed)
        let spaces = 1 + seed % 4
        let problem = PlacementProblem.random(spaces: spaces, count: 2 + seed % 60, using: &random)
        let packed = try PackedProblem(problem)
        let labels = problem.nodes.map { node in
            SegmentLabel(space: (0..<spaces).filter(node.allows).randomElement(using: &random) ?? 0, provider: 0)
        }
        let graph = try SegmentGraph(packed)
        let launch = (0..<spaces).map { seed % 2 == 0 && $0 == 0 ? 0 : 1e-5 * Double(1 + $0) }
        let overlaps = Array(repeating: false, count: spaces)
        let simulation = PlanSimulation(packed, launch: launch, overlaps: overlaps)
        let plan = SegmentSearch(graph, simulation).plan(labels)
        let least = graph.orders(labels, overlaps: overlaps).map { simulation.seconds(labels, $0) }.min() ?? 0
        #expect(abs(plan.seconds - least) <= 1e-9 * abs(least), "seed \(seed)")
        #expect(abs(simulation.seconds(labels, plan.segments) - plan.seconds) <= 1e-9 * abs(least), "seed \(seed)")
    }
}

@Test func aPackedProblemCostsWhatTheProblemDoes() throws {
    for seed in 0..<100 {
        var random = PartitioningRandom(seed: 25_000 + seed)
        let spaces = 1 + seed % 4
        let problem = PlacementProblem.random(spaces: spaces, count: 30, using: &random)
        let packed = try PackedProblem(problem)
        let labels = problem.nodes.map { node in
            (0..<spaces).filter(node.allows).randomElement(using: &random) ?? 0
        }
        let cost = problem.cost(of: labels)
        #expect(abs(packed.cost(of: labels) - cost) <= 1e-12 * abs(cost), "seed \(seed)")
        let launches = (0..<spaces).map { Double($0) * 1e-7 }
        let dearer = problem.transfers(of: labels).reduce(cost) { $0 + launches[$1.from] + launches[$1.to] }
        #expect(abs(packed.charging(launches).cost(of: labels) - dearer) <= 1e-12 * abs(dearer), "seed \(seed)")
    }
}

@Test func thePlanOfAPlacementCallsNodesAndValuesByTheirNumbers() throws {
    let problem = PlacementProblem(
        spaces: 1, nodes: Array(repeating: .init(prices: [1]), count: 3),
        values: [0, 1].map {
            .init(origin: .node($0), consumers: [$0 + 1], transfer: TransferPrices(spaces: 1))
        })
    let labels = [SegmentLabel](repeating: SegmentLabel(space: 0, provider: 0), count: 3)
    let graph = try SegmentGraph(try PackedProblem(problem))
    let simulation = PlanSimulation(problem, launch: [0], overlaps: [false])
    var plan = PlanDescription(problem, SegmentSearch(graph, simulation).plan(labels))
    #expect(PlanVerifier.violations(of: plan) == [])
    plan.steps.swapAt(0, 1)
    #expect(
        PlanVerifier.violations(of: plan).map(\.message) == [
            "value '0' is not in space 0 at step 0, where '1' reads it"
        ])
}
