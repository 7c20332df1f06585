import BenchmarkSupport
import WeftCPU
import WeftExecution
import WeftPlanning
import WeftProvider
import WeftProviderTesting
import WeftRuntime

/// Two chains that share nothing, one for the device and one for the host: together, and each alone.
struct OverlapTrial: Encodable {
    let host: String
    /// Medians, in milliseconds.
    let device: Double
    let hostAlone: Double
    let together: Double
    let predicted: Double

    var togetherOverSum: Double { together / (device + hostAlone) }
    var togetherOverGreater: Double { together / max(device, hostAlone) }
    var predictedOverMeasured: Double { predicted / together }

    private static let seconds = 0.03
    private static let far = SketchModel.Chain(
        name: "far", width: 16, operators: [String](repeating: "MatMul", count: 4))

    /// `isPaced`: the host sleeps as the device does; else it computes, and its price is what it was measured to take.
    init(isPaced: Bool, turns: Int) throws {
        let speed = SimulatedMachine.device(gemm: Self.far.productFlops / Self.seconds, transcendental: 1e9)
        var near = Self.far
        near.name = "near"
        if !isPaced { near.width = 512 }
        let machine: SimulatedMachine
        if isPaced {
            machine = try SimulatedMachine(
                device: speed, claims: speed,
                host: SimulatedMachine.host(gemm: near.productFlops / Self.seconds, transcendental: 1e9))
        } else {
            (machine, near) = try Self.computing(near, speed)
        }
        // A real host is quicker at the far chain than the device, which has to be told to take it.
        let pins = [(pattern: "far*", device: 0), (pattern: "near*", device: 1)]
        let models = [
            try SketchModel([Self.far, near]), try SketchModel([Self.far]), try SketchModel([near]),
        ]
        let engines = try models.map { try machine.engine($0.graph, pins: isPaced ? [] : pins) }
        let pieces = zip(engines, models).map { engine, model in { _ = try engine.run(model.inputs) } }
        let times = try Turns(burst: 0, rounds: turns).time(pieces).map { $0.median * 1e3 }
        (together, device, hostAlone) = (times[0], times[1], times[2])
        predicted = try engines[0].plan(for: models[0].inputs).report.predictedSeconds * 1e3
        host = isPaced ? "sleeps" : "computes"
    }

    /// A host that computes for about the device's time, priced by what its chain takes.
    private static func computing(
        _ chain: SketchModel.Chain, _ speed: SimulatedSpeed
    ) throws -> (SimulatedMachine, SketchModel.Chain) {
        func machine(_ rate: Double) throws -> SimulatedMachine {
            try SimulatedMachine(
                device: speed, claims: speed, host: CPUProvider(),
                hostRates: DeviceRates(
                    SimulatedMachine.host(gemm: rate, transcendental: rate), source: .nominal(.host)))
        }
        func measured(_ chain: SketchModel.Chain) throws -> Double {
            let model = try SketchModel([chain])
            let engine = try machine(1e9).engine(model.graph, hostOnly: true)
            return try Turns(burst: 0.1, rounds: 3).time([{ _ = try engine.run(model.inputs) }])[0].median
        }
        var chain = chain
        let one = try measured(chain) / Double(chain.operators.count)
        chain.operators = [String](repeating: "MatMul", count: max(1, Int((seconds / one).rounded())))
        return (try machine(chain.productFlops / measured(chain)), chain)
    }

    /// What the figures should show and do not.
    var failures: [String] {
        var failures: [String] = []
        // Where the host computes, others may take its cores from it: then the bounds are wide.
        let slack = host == "sleeps" ? 0.1 : 0.3
        if togetherOverGreater > 1 + slack {
            failures.append(
                "the host \(host): both take \(together.short) ms, the longer \(max(device, hostAlone).short)")
        }
        if abs(predictedOverMeasured - 1) > slack {
            failures.append("the host \(host): predicted \(predicted.short) ms, measured \(together.short)")
        }
        return failures
    }
}
