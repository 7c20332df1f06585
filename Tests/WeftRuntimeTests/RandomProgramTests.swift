import Foundation
import Testing
import WeftCPU
import WeftGraph
import WeftPlacement
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// Random programs with data-dependent shapes and control flow must equal the interpreter, run after run.
struct RandomProgramTests {
    /// `WEFT_TEST_PROGRAMS` asks for more, or fewer.
    static let count = ProcessInfo.processInfo.environment["WEFT_TEST_PROGRAMS"].flatMap { Int($0) } ?? 200

    private func engine(
        _ graph: Graph, _ devices: [EngineDevice], _ mode: PlacementRules.Mode, deterministic: Bool
    ) throws -> Engine {
        var options = EngineOptions(rules: PlacementRules(mode: mode))
        // A small cache, so that plans leave and come again.
        options.planCapacity = 3
        options.deterministic = deterministic
        return try Engine(
            graph, devices: devices, reference: CPUProvider(), pool: RandomPlacementTests.pool, options: options)
    }

    /// Devices that are so quick, and so quick to reach, that prices send work there.
    private func quick(_ devices: [EngineDevice]) -> [EngineDevice] {
        devices.map { device in
            guard !device.description.isHost else { return device }
            var device = device
            device.rates.upload = .init(latency: 1e-9, bytesPerSecond: 1e12)
            device.rates.download = device.rates.upload
            (device.rates.segment, device.rates.launch, device.rates.memory) = (1e-9, 0, RateCurve(1e14))
            return device
        }
    }

    @Test(arguments: [(false, PlacementRules.Mode.preference), (true, .preference), (false, .cost), (true, .cost)])
    func programsEqualTheInterpreter(_ deterministic: Bool, _ mode: PlacementRules.Mode) throws {
        let known = try RandomPlacementTests.devices()
        let all = mode == .cost ? quick(known) : known
        for seed in 0..<Self.count {
            var dice = Dice(seed &* 7919 &+ 13)
            let program = try RandomProgram(seed: seed, size: 2 + dice.below(8))
            // Half of the programs on the host alone, half across memories.
            let devices = seed % 2 == 0 ? Array(all.suffix(1)) : all
            let engine = try engine(program.graph, devices, mode, deterministic: deterministic)
            let interpreter = Interpreter(engine.reference, workers: SerialWorkers())
            let sets = (0..<2).map { _ in RandomProgram.inputs(&dice) }
            for run in 0..<5 {
                let inputs = sets[run % 2]
                let want = Result { try interpreter.run(program.graph, inputs.map { .value($0) }) }
                switch want {
                case .success(let want):
                    try RandomPlacementTests.expectSame(try engine.run(inputs), want, "seed \(seed), run \(run)")
                case .failure(let error):
                    // What the reference refuses (lengths that do not broadcast) the plan must refuse too.
                    #expect(throws: (any Error).self, "seed \(seed), run \(run): \(error)") { try engine.run(inputs) }
                }
            }
        }
    }
}
