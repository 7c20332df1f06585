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

    /// The same layouts on a device with memory of its own, beside the host's: values cross plain, and conversions run
    /// where values are.
    @Test(arguments: [false, true]) func aDevicesLayoutsStayInItsMemory(_ isBusy: Bool) throws {
        let cpu = CPUProvider()
        let far = SeparateMemoryProvider(
            "far", host: cpu, simulation: isBusy ? Simulation() : nil, devices: isBusy ? 2 : 1, layouts: true)
        var devices = try SharedSpaceTests.devices(far)
        // Where memory is quick and kernels start for nothing, conversions are cheap.
        for index in devices.indices where !devices[index].description.isHost {
            devices[index].rates.launch = 0
            devices[index].rates.memory = RateCurve(1e13)
        }
        var conversions = [0, 0], constants = 0
        for seed in 0..<200 {
            var dice = Dice(seed + 4000)
            let nodes = 1 + seed % 14
            let random = try RandomImageGraph(seed: seed, nodes: nodes)
            var rules = PlacementRules(mode: .cost)
            for node in 0..<nodes + 2 where dice.below(5) > 0 {
                rules.pins.append(("n\(node)", dice.below(devices.count)))
            }
            let engine = try Engine(
                random.graph, devices: devices, reference: cpu, pool: RandomPlacementTests.pool,
                options: EngineOptions(rules: rules))
            let want = try Interpreter(engine.reference, workers: SerialWorkers())
                .run(random.graph, random.inputs.map { .value($0) })
            for _ in 0..<2 {
                try RandomPlacementTests.expectClose(try engine.run(random.inputs), want, 1e-4, "seed \(seed)")
            }
            for node in try engine.plan(for: random.inputs).segments.flatMap(\.placed) {
                let isHost = devices[node.device].description.isHost
                if node.members.isEmpty { conversions[isHost ? 0 : 1] += 1 }
                if !isHost { constants += node.view.inputs.filter { $0?.constant?.layout == .nhwc }.count }
            }
        }
        #expect(conversions.allSatisfy { $0 > 50 } && constants > 10, "\(conversions), \(constants)")
    }
}
