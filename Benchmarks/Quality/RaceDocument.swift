import BenchmarkSupport
import WeftRuntime

/// What devices that keep simulated time show of overlap and of races.
struct RaceDocument: Encodable {
    let overlaps: [OverlapTrial]
    let races: [RaceTrial]

    var failures: [String] { overlaps.flatMap(\.failures) + races.flatMap(\.failures) }

    var text: String {
        let overlap = overlaps.map { trial in
            [
                trial.host, trial.device.short, trial.hostAlone.short, trial.together.short, trial.predicted.short,
                trial.togetherOverSum.short, trial.predictedOverMeasured.short,
            ]
        }
        let race = races.map { trial in
            [
                trial.situation.rawValue, trial.kept.joined(separator: " = "), trial.measured.short,
                trial.predicted.short, Self.bounds(trial.toHostOnly), Self.bounds(trial.toDeviceFirst),
            ]
        }
        return "two chains, one for a device and one for the host, ms\n"
            + Report.table(
                ["host", "device alone", "host alone", "together", "predicted", "of the sum", "predicted/measured"],
                overlap)
            + "\n\nplans that tuning kept, ms; ratios of pairs with 95 % bounds\n"
            + Report.table(["device", "kept", "measured", "predicted", "to host-only", "to device-first"], race)
    }

    private static func bounds(_ ratio: PairedRatio) -> String {
        "\(ratio.median.short) (\(ratio.low.short) to \(ratio.high.short))"
    }
}
