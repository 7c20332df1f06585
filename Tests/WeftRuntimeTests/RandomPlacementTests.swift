import Testing
import WeftCPU
import WeftExecution
import WeftGraph
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// Random graphs under random placements over three memories must equal the interpreter.
struct RandomPlacementTests {
    static let pool = WorkerPool(threads: 2)

    /// `simulation`: devices that work beside the host.
    static func devices(_ simulation: Simulation? = nil) throws -> [EngineDevice] {
        let cpu = CPUProvider()
        var devices: [EngineDevice] = []
        for provider in [
            SeparateMemoryProvider("far", host: cpu, simulation: simulation),
            SeparateMemoryProvider("farther", host: cpu, simulation: simulation), cpu,
        ] as [any Provider] {
            let description = try #require(provider.devices().found.first)
            devices.append(
                EngineDevice(
                    provider: provider, description: description, device: try provider.open(description),
                    rates: DeviceRates.nominal(description, threads: 1)))
        }
        return devices
    }

    static func expectSame(_ got: [Value], _ want: [Value], _ comment: Comment) throws {
        try expectClose(got, want, 1e-5, comment)
    }

    /// `tolerance` is relative to numbers greater than one, absolute for others.
    static func expectClose(_ got: [Value], _ want: [Value], _ tolerance: Float, _ comment: Comment) throws {
        try #require(got.count == want.count, comment)
        for (a, b) in zip(got, want) {
            let left = try #require(a.tensor), right = try #require(b.tensor)
            #expect(left.shape == right.shape, comment)
            let x: [Float] = try left.array(), y: [Float] = try right.array()
            for (p, q) in zip(x, y) {
                #expect(abs(p - q) <= tolerance * max(1, abs(q)) || (p.isNaN && q.isNaN), comment)
            }
        }
    }

    private func check(seed: Int, nodes: Int, _ rules: PlacementRules, _ devices: [EngineDevice]) throws {
        let random = try RandomGraph(seed: seed, nodes: nodes)
        let engine = try Engine(
            random.graph, devices: devices, reference: CPUProvider(), pool: Self.pool,
            options: EngineOptions(rules: rules))
        let want = try Interpreter(engine.reference, workers: SerialWorkers()).run(
            random.graph, random.inputs.map { .value($0) })
        for _ in 0..<2 {
            try Self.expectSame(try engine.run(random.inputs), want, "seed \(seed), nodes \(nodes), pins \(rules.pins)")
        }
    }

    @Test func randomPlacementsEqualTheInterpreter() throws {
        let devices = try Self.devices()
        for seed in 0..<300 {
            var dice = Dice(seed + 10_000)
            let nodes = 1 + dice.below(25)
            var rules = PlacementRules(mode: .cost)
            for node in 0..<nodes where dice.below(5) > 0 { rules.pins.append(("n\(node)", dice.below(3))) }
            try check(seed: seed, nodes: nodes, rules, devices)
        }
    }

    @Test func placementsThatAlternateOnEveryNodeEqualTheInterpreter() throws {
        let devices = try Self.devices()
        for seed in 0..<60 {
            var rules = PlacementRules(mode: .cost)
            for node in 0..<30 { rules.pins.append(("n\(node)", node % 3)) }
            try check(seed: seed, nodes: 30, rules, devices)
        }
    }

    @Test func preferenceTakesTheFirstThatCan() throws {
        let devices = try Self.devices()
        for seed in 0..<40 { try check(seed: seed, nodes: 20, PlacementRules(mode: .preference), devices) }
    }

    @Test(arguments: [false, true]) func costNeverChoosesMoreThanAnyAlternativeNorLessThanTheBound(
        _ overlaps: Bool
    ) throws {
        let devices = try Self.devices(overlaps ? Simulation() : nil)
        for seed in 0..<40 {
            let random = try RandomGraph(seed: seed, nodes: 20)
            let engine = try Engine(
                random.graph, devices: devices, reference: CPUProvider(), pool: Self.pool,
                options: EngineOptions(rules: PlacementRules(mode: .cost)))
            let figures = try #require(try engine.plan(for: random.inputs).report.comparison)
            let host = try #require(figures.hostOnly)
            #expect(figures.chosen <= min(host, figures.deviceFirst, figures.greedy))
            #expect(figures.lowerBound <= figures.chosen * (1 + 1e-9))
            #expect(figures.lowerBound > 0)
        }
    }
}
