import Testing
import WeftRuntime

@testable import WeftPlacement

@Test func placementOverThreeSpacesNeverExceedsABaselineOnLargerGraphs() throws {
    for seed in 0..<20 {
        var random = PartitioningRandom(seed: 300 + seed)
        let problem = PlacementProblem.random(spaces: 4, count: 60, using: &random)
        let placement = try problem.solve()
        let baselines = [try problem.greedyPlacement(), try problem.deviceFirstPlacement()]
        for baseline in baselines + [try problem.hostOnlyPlacement()].compactMap({ $0 }) {
            #expect(placement.seconds <= baseline.seconds)
        }
        #expect(zip(problem.nodes, placement.spaces).allSatisfy { $0.allows($1) })
    }
}

@Test func aTensorIsChargedOncePerDestination() throws {
    var transfer = TransferPrices(spaces: 2)
    transfer[0, 1] = 5
    transfer[1, 0] = 7
    let problem = PlacementProblem(
        spaces: 2, nodes: Array(repeating: .init(prices: [10, 1]), count: 4),
        values: [
            .init(origin: .space(0), consumers: [0, 1, 2, 3], transfer: transfer),
            .init(origin: .node(3), consumers: [], destination: 0, transfer: transfer),
        ])
    #expect(problem.cost(of: [1, 1, 1, 1]) == 16)
    #expect(problem.cost(of: [1, 0, 1, 0]) == 27)
    #expect(problem.transfers(of: [1, 1, 0, 1]).map(\.seconds) == [5, 7])
    #expect(try problem.solve() == Placement(spaces: [1, 1, 1, 1], seconds: 16, isOptimal: true))
}

@Test func equalCostsStayOnTheFirstSpace() throws {
    let free = TransferPrices(spaces: 2)
    let problem = PlacementProblem(
        spaces: 2, nodes: Array(repeating: .init(prices: [1, 1]), count: 3),
        values: [.init(origin: .node(0), consumers: [1, 2], transfer: free)])
    #expect(try problem.solve().spaces == [0, 0, 0])
}

@Test func preferenceTakesTheFirstSpaceThatMayAndObeysPins() throws {
    let problem = PlacementProblem(
        spaces: 3,
        nodes: [
            .init(prices: [1, 9, 9]), .init(prices: [1, .infinity, 9]), .init(prices: [1, .infinity, .infinity]),
            .init(prices: [1, 9, 9], pin: 0),
        ])
    #expect(try problem.preferencePlacement([1, 2, 0]).spaces == [1, 2, 0, 0])
    #expect(try problem.deviceFirstPlacement().spaces == [1, 2, 0, 0])
    #expect(try problem.hostOnlyPlacement()?.spaces == [0, 0, 0, 0])
    #expect(try problem.solve().spaces == [0, 0, 0, 0])
}

@Test func impossibleProblemsAreErrorsThatNameTheNodes() {
    let nowhere = PlacementProblem(
        spaces: 2,
        nodes: [.init(prices: [1, 1]), .init(prices: [.infinity, .infinity]), .init(prices: [.infinity, 1], pin: 0)])
    #expect(throws: PartitioningError.unplaceable(nodes: [1, 2])) { try nowhere.solve() }

    let apart = PlacementProblem(
        spaces: 2, nodes: [.init(prices: [1, .infinity]), .init(prices: [.infinity, 1])],
        values: [.init(origin: .node(0), consumers: [1], transfer: TransferRates(spaces: 2).prices(bytes: 1))])
    #expect(throws: PartitioningError.unreachable) { try apart.solve() }

    let broken = PlacementProblem(
        spaces: 1, nodes: [.init(prices: [1])],
        values: [.init(origin: .node(3), consumers: [], transfer: TransferPrices(spaces: 1))])
    #expect(throws: PartitioningError.self) { try broken.solve() }
    #expect(PartitioningError.unplaceable(nodes: [1, 2]).description.contains("nodes 1, 2"))
}

@Test func emptyAndExtremeProblemsHaveAnswers() throws {
    #expect(try PlacementProblem(spaces: 2).solve().spaces == [])
    #expect(try PlacementProblem(spaces: 1, nodes: [.init(prices: [3])]).solve().seconds == 3)
    let huge = PlacementProblem(spaces: 2, nodes: [.init(prices: [1e300, 1e299]), .init(prices: [1e-300, 1e300])])
    #expect(try huge.solve().spaces == [1, 0])
    let unknown = PlacementProblem(spaces: 2, nodes: [.init(prices: [1, .nan])])
    #expect(try unknown.solve().spaces == [0])
}

@Test func missingLinksAreRoutedThroughTheHub() {
    var rates = TransferRates(spaces: 3)
    for space in 1...2 {
        rates[0, space] = .init(latency: 1, bytesPerSecond: 100)
        rates[space, 0] = .init(latency: 2, bytesPerSecond: 50)
    }
    #expect(rates.prices(bytes: 100)[1, 2] == .infinity)
    rates.route(through: 0)
    let prices = rates.prices(bytes: 100, times: 2)
    #expect(abs(prices[1, 2] - 12) < 1e-9)
    #expect(prices[0, 1] == 4)
    #expect(prices[2, 2] == 0)
}
