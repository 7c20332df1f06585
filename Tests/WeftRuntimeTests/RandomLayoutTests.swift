import Testing
import WeftCPU
import WeftExecution
import WeftGraph
import WeftProvider
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// Graphs whose nodes take the host's blocked layout must equal the interpreter, which takes plain tensors alone.
struct RandomLayoutTests {
    @Test func constantsOfEveryRankBesideBlockedNodesEqualTheInterpreter() throws {
        let cpu = CPUProvider()
        let description = try #require(cpu.devices().found.first)
        let device = EngineDevice(
            provider: cpu, description: description, device: try cpu.open(description),
            rates: DeviceRates.nominal(description, threads: 1))
        var converted = 0
        for seed in 0..<300 {
            let random = try RandomImageGraph(seed: seed, nodes: 1 + seed % 12)
            let engine = try Engine(
                random.graph, devices: [device], reference: cpu, pool: RandomPlacementTests.pool,
                options: EngineOptions(rules: PlacementRules(mode: .cost)))
            let want = try Interpreter(engine.reference, workers: SerialWorkers())
                .run(random.graph, random.inputs.map { .value($0) })
            try RandomPlacementTests.expectClose(try engine.run(random.inputs), want, 1e-4, "seed \(seed)")
            let placed = try engine.plan(for: random.inputs).segments.flatMap(\.placed)
            converted += placed.flatMap(\.view.inputs).filter { $0?.constant?.layout == .nhwc }.count
        }
        #expect(converted > 50)
    }
}
