import BenchmarkSupport
import WeftExecution
import WeftPlanning
import WeftProvider
import WeftProviderTesting
import WeftRuntime

/// A tuning of one model on a device of some speed, and the plans that simple rules make, run in turns.
struct RaceTrial: Encodable {
    enum Situation: String, CaseIterable, Encodable {
        /// The device is 20 times as fast as the host.
        case fast
        /// Its prices say so, but it is half as fast as the host.
        case lying
        /// It is 20 times as fast at products and 10 times as slow at exponentials.
        case mixed
    }

    struct Plan: Encodable {
        let names: [String]
        let predicted: Double
        let measured: Double
    }

    let situation: Situation
    /// Names of the plan that tuning kept.
    let kept: [String]
    /// The plans of the race, in milliseconds.
    let plans: [Plan]
    /// The kept plan's time as predicted from its nodes, and as measured.
    let predicted: Double
    let measured: Double
    /// The kept plan against what simple rules make, in pairs.
    let toHostOnly: PairedRatio
    let toDeviceFirst: PairedRatio

    init(_ situation: Situation, turns: Int, seconds: Double) throws {
        let chain = SketchModel.Chain(
            name: "layer", width: 16,
            operators: (0..<4).flatMap { _ in ["MatMul", "Sigmoid"] })
        let model = try SketchModel([chain])
        let (product, exponential) = (6e-3, 2e-3)
        let gemm = chain.productFlops / 4 / product
        let transcendental = Self.sigmoidFlops(chain.width) / exponential
        let fast = SimulatedMachine.device(gemm: 20 * gemm, transcendental: 20 * transcendental)
        let device =
            switch situation {
            case .fast: fast
            case .lying: fast.slowed(by: 40)
            case .mixed: SimulatedMachine.device(gemm: 20 * gemm, transcendental: transcendental / 10)
            }
        let machine = try SimulatedMachine(
            device: device, claims: situation == .lying ? fast : device,
            host: SimulatedMachine.host(gemm: gemm, transcendental: transcendental))

        let engine = try machine.engine(model.graph)
        var options = TuningOptions()
        (options.measuring, options.racing) = (seconds / 2, seconds / 2)
        let tuning = try engine.tune(model.inputs, options: options) { _ in }
        let rivals = [
            engine, try machine.engine(model.graph, hostOnly: true),
            try machine.engine(model.graph, mode: .preference),
        ]
        let times = try Self.inTurns(rivals, model.inputs, turns: turns)
        guard let toHost = PairedRatio(times[0], to: times[1]), let toDevice = PairedRatio(times[0], to: times[2])
        else {
            throw WeftError(.internalInconsistency, "nothing was timed")
        }
        self.situation = situation
        kept = Self.names(tuning.rivals[tuning.winner])
        plans = tuning.rivals.map {
            Plan(names: Self.names($0), predicted: $0.predictedSeconds * 1e3, measured: $0.measured.median * 1e3)
        }
        (predicted, measured) = (tuning.predictedSeconds * 1e3, tuning.measured.median * 1e3)
        (toHostOnly, toDeviceFirst) = (toHost, toDevice)
    }

    private static func names(_ rival: Tuning.Rival) -> [String] { [rival.name] + rival.alsoKnownAs }

    /// What the host's provider says that a square Sigmoid is.
    private static func sigmoidFlops(_ width: Int) -> Double { 12 * Double(width * width) }

    /// Seconds of each engine's runs, the first of each left out.
    private static func inTurns(_ engines: [Engine], _ inputs: [Value], turns: Int) throws -> [[Double]] {
        var times = [[Double]](repeating: [], count: engines.count)
        for engine in engines { _ = try engine.run(inputs) }
        for round in 0..<turns {
            for turn in engines.indices {
                let index = (turn + round) % engines.count
                let watch = Stopwatch()
                _ = try engines[index].run(inputs)
                times[index].append(watch.seconds)
            }
        }
        return times
    }

    /// What the race should show and does not.
    var failures: [String] {
        func check(_ holds: Bool, _ text: String) -> [String] { holds ? [] : ["\(situation.rawValue): \(text)"] }
        let hostKept = kept.contains("host-only")
        let quicker = check(toHostOnly.high < 1, "the kept plan is at best \(toHostOnly.high.short) of host-only")
        switch situation {
        case .fast: return check(!hostKept, "kept is \(kept)") + quicker
        case .lying:
            return check(hostKept, "kept is \(kept)")
                + check(toDeviceFirst.high < 1, "the kept plan is at best \(toDeviceFirst.high.short) of device-first")
        case .mixed:
            return check(!hostKept && !kept.contains("device-first"), "kept is \(kept)") + quicker
                + check(toDeviceFirst.high < 1, "the kept plan is at best \(toDeviceFirst.high.short) of device-first")
        }
    }
}
