import Testing
import WeftCPU
import WeftGraph
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftExecution
@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// Devices of one memory space hand values over in it, and never work in it at once.
struct SharedSpaceTests {
    private static let pool = WorkerPool(threads: 1)

    /// The devices of one provider, then the host.
    static func devices(_ provider: SeparateMemoryProvider) throws -> [EngineDevice] {
        try (provider.devices().found.map { ($0, provider) } + [(CPUProvider.device, CPUProvider() as any Provider)])
            .map { description, provider in
                EngineDevice(
                    provider: provider, description: description, device: try provider.open(description),
                    rates: DeviceRates.nominal(description, threads: 1))
            }
    }

    /// x -> Neg -> Abs -> Neg -> Abs -> y.
    private func chain() throws -> (graph: Graph, inputs: [Value]) {
        var builder = GraphBuilder(name: "chain")
        let shape = [4, 8]
        var value = builder.value("x", type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
        builder.inputs = [value]
        for index in 0..<4 {
            let result = builder.value("v\(index)")
            try builder.append(
                NodeDraft(index % 2 == 0 ? "Neg" : "Abs", name: "n\(index)", inputs: [value], outputs: [result]),
                opset: 21)
            value = result
        }
        builder.outputs = [value]
        return (builder.build(), [.tensor(Tensor((0..<32).map { Float($0) - 16 }, shape: shape))])
    }

    private func provider(_ simulation: Simulation?, _ transfers: TransferCount? = nil) -> SeparateMemoryProvider {
        SeparateMemoryProvider(
            "far", host: CPUProvider(), simulation: simulation, transfers: transfers, devices: 2,
            deviceOf: { $0.opType == "Neg" ? 0 : 1 })
    }

    @Test(arguments: [false, true]) func valuesStayWhereBothDevicesSeeThem(_ isBusy: Bool) throws {
        let transfers = TransferCount()
        let provider = provider(isBusy ? Simulation(seconds: { _ in 0.001 }) : nil, transfers)
        let (graph, inputs) = try chain()
        let engine = try Engine(
            graph, devices: try Self.devices(provider), reference: CPUProvider(), pool: Self.pool,
            options: EngineOptions(rules: PlacementRules(mode: .preference)))
        for _ in 0..<3 {
            transfers.reset()
            let y = try #require(try engine.run(inputs)[0].tensor).array(as: Float.self)
            #expect(y == (0..<32).map { abs(Float($0) - 16) })
            #expect(transfers.uploads == 1 && transfers.downloads == 1)
        }
        let plan = try engine.plan(for: inputs)
        #expect(plan.segments.map(\.device) == [0, 1, 0, 1])
        #expect(plan.transfers.count == 2)
        #expect(plan.arenas.filter { $0.device != nil }.map(\.device) == [0, 0], "one of its own, one of staging")
    }

    @Test func adeviceBeginsWhenTheOtherIsWaitedFor() throws {
        let (graph, inputs) = try chain()
        let engine = try Engine(
            graph, devices: try Self.devices(provider(Simulation())), reference: CPUProvider(), pool: Self.pool,
            options: EngineOptions(rules: PlacementRules(mode: .preference)))
        let plan = try engine.plan(for: inputs)
        var outstanding: Set<Int> = []
        for step in plan.steps {
            switch step {
            case .submit(let segment):
                #expect(outstanding.allSatisfy { plan.segments[$0].device == plan.segments[segment].device })
                outstanding.insert(segment)
            case .wait(let segment): outstanding.remove(segment)
            default: break
            }
        }
        #expect(outstanding.isEmpty)
    }

    @Test(arguments: [false, true]) func randomPlacementsEqualTheInterpreter(_ unified: Bool) throws {
        for seed in 0..<120 {
            var dice = Dice(seed + 91_000)
            let nodes = 2 + dice.below(25)
            let random = try RandomGraph(seed: seed, nodes: nodes)
            var rules = PlacementRules(mode: .cost)
            for node in 0..<nodes where dice.below(6) > 0 { rules.pins.append(("n\(node)", dice.below(3))) }
            let provider = SeparateMemoryProvider(
                "far", host: CPUProvider(),
                simulation: Simulation(
                    seconds: { Double(($0.id * 37 + seed) % 7) * 20e-6 }, isUnified: unified), devices: 2)
            let engine = try Engine(
                random.graph, devices: try Self.devices(provider), reference: CPUProvider(), pool: Self.pool,
                options: EngineOptions(rules: rules))
            let want = try Interpreter(engine.reference, workers: SerialWorkers()).run(
                random.graph, random.inputs.map { .value($0) })
            for _ in 0..<2 {
                try RandomPlacementTests.expectSame(
                    try engine.run(random.inputs), want, "seed \(seed), unified \(unified), pins \(rules.pins)")
            }
        }
    }
}
