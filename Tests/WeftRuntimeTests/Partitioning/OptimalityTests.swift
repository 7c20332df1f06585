import Testing
import WeftRuntime

@testable import WeftPlacement

private func isClose(_ first: Double, _ second: Double) -> Bool { abs(first - second) <= 1e-9 * max(abs(first), 1e-9) }

/// What the random graphs of a test hold between them.
private struct Census {
    var graphs = 0
    var largest = 0
    var declines = 0
    var hostPins = 0
    var sharedValues = 0
    var fusions = 0
    var mixed = 0

    mutating func count(_ problem: PlacementProblem, _ placement: Placement) {
        graphs += 1
        if problem.nodes.count == 14 { largest += 1 }
        declines += problem.nodes.filter { $0.prices.contains(.infinity) }.count
        hostPins += problem.nodes.filter { $0.pin == 0 }.count
        sharedValues += problem.values.filter { Set($0.consumers).count > 2 }.count
        fusions += problem.fusions.count
        if Set(placement.spaces).count > 1 { mixed += 1 }
    }

    func expectVariety() {
        #expect(graphs >= 1000)
        #expect(largest >= 50, "graphs of 14 nodes")
        for (what, number) in [
            ("declines", declines), ("host values", hostPins), ("shared values", sharedValues), ("fusions", fusions),
        ] {
            #expect(number >= graphs / 4, "\(what)")
        }
        #expect(mixed * 3 >= graphs, "graphs whose placement is mixed")
    }
}

@Test func theCutEqualsBruteForceOverTwoSpacesOnTwelveHundredGraphs() throws {
    var census = Census()
    for seed in 0..<1200 {
        var random = PartitioningRandom(seed: seed)
        let count = 1 + seed % 14
        let problem = PlacementProblem.random(spaces: 2, count: count, using: &random)
        let placement = try problem.solve()
        let least = leastCostOverTwoSpaces(problem) { mask, cost in
            guard mask % 61 == 7 else { return }
            let labels = (0..<count).map { mask >> $0 & 1 }
            #expect(isClose(problem.cost(of: labels), cost), "seed \(seed), mask \(mask)")
        }
        #expect(isClose(placement.seconds, least), "seed \(seed): \(placement.seconds) against \(least)")
        #expect(isClose(problem.cost(of: placement.spaces), placement.seconds), "seed \(seed)")
        #expect(placement.isOptimal)
        census.count(problem, placement)
    }
    census.expectVariety()
}

@Test func overThreeSpacesNinetyEightInAHundredOfTwelveHundredGraphsAreOptimalAndNoneIsWorseThanABaseline() throws {
    var census = Census()
    var optimal = 0
    for seed in 0..<1200 {
        var random = PartitioningRandom(seed: 7000 + seed)
        let problem = PlacementProblem.random(spaces: 3, count: 1 + seed % 14, using: &random)
        let placement = try problem.solve()
        #expect(isClose(problem.cost(of: placement.spaces), placement.seconds))
        var baselines = [try problem.greedyPlacement(), try problem.deviceFirstPlacement()]
        if let host = try problem.hostOnlyPlacement() { baselines.append(host) }
        for baseline in baselines { #expect(placement.seconds <= baseline.seconds) }
        var search = ExhaustiveSearch(problem)
        search.run(below: placement.seconds)
        if isClose(search.least, placement.seconds) { optimal += 1 }
        census.count(problem, placement)
    }
    census.expectVariety()
    #expect(optimal * 100 >= census.graphs * 98, "\(optimal) of \(census.graphs) are optimal")
}

@Test func bothExhaustiveSearchesAgree() {
    for seed in 0..<120 {
        var random = PartitioningRandom(seed: 90_000 + seed)
        let problem = PlacementProblem.random(spaces: 2, count: 1 + seed % 11, using: &random)
        var search = ExhaustiveSearch(problem)
        search.run()
        #expect(isClose(search.least, leastCostOverTwoSpaces(problem) { _, _ in }), "seed \(seed)")
    }
}
