import ArgumentParser
import Weft

/// `weft tune`: measures a model's nodes and plans, and keeps the plan that is quickest.
struct TuneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune",
        abstract: "Times a model's nodes, their variants and whole plans; saves the plan that wins.",
        discussion: """
            Nodes are timed within whole runs, each in every way that may pay. Plans made of those prices are then run \
            in turns with the one that keeps to the host, which wins unless another is quicker beyond doubt.
            """)

    @Argument(help: "The model file.", completion: Completions.model)
    var model: String

    @OptionGroup var providerOptions: ProviderOptions
    @OptionGroup var inputOptions: InputOptions

    @Option(name: .long, help: "Where to write the plan, for --plan.")
    var save: String?

    @Option(name: .long, help: "About how many seconds to take; more where single runs are long.")
    var seconds = 30.0

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    private struct Report: Encodable {
        let model: String
        let randomInputs: [String]
        let tuning: TuningReport
        let plan: PlanExplanation
        let file: String?
    }

    func validate() throws {
        guard seconds >= 0, seconds <= 86400 else { throw ValidationError("--seconds should be 0 to 86400") }
    }

    func run() throws {
        try Console.run {
            let loaded = try LoadedModel(model, providerOptions, inputOptions)
            let progress = Progress("tuning \(model)")
            let (report, plan) = try loaded.session.tune(loaded.inputs, seconds: seconds) {
                progress.rename("\($0), \(model)")
            }
            progress.finish()
            if let save { try plan.write(to: save) }
            let explanation = try loaded.session.explain(loaded.inputs)
            if json {
                return try Console.print(
                    json: Report(
                        model: model, randomInputs: loaded.random, tuning: report, plan: explanation, file: save))
            }
            for remark in loaded.remarks { Console.print(remark) }
            Console.print(Self.text(report))
            Console.print("placement: \(explanation)")
            if let save { Console.print("saved: \(save)") }
        }
    }

    private static func text(_ report: TuningReport) -> String {
        var lines = [
            "measured \(Figures.count(report.waysMeasured, "way")) to run nodes and "
                + "\(Figures.count(report.transfersMeasured, "size")) of transfers in "
                + "\(Figures.count(report.runs, "run")), \(Figures.decimal(report.seconds, places: 1)) s"
        ]
        if report.skipped > 0 {
            lines.append("\(Figures.count(report.skipped, "arrangement")) left out for time; --seconds allows more")
        }
        var rows = [["plan", "measured", "predicted", "against host-only (95 %)", "segments", "transfers"]]
        for rival in report.rivals {
            let ratio = rival.ratioToHostOnly.map { ratio in
                let bounds = "\(Figures.decimal(ratio.low, places: 3)) to \(Figures.decimal(ratio.high, places: 3))"
                return "\(Figures.decimal(ratio.median, places: 3)) (\(bounds))"
            }
            rows.append([
                ([rival.name] + rival.alsoKnownAs).joined(separator: " = "),
                "\(Figures.milliseconds(rival.measuredSeconds)) \(Figures.certainty(rival.spread, rival.runs))",
                Figures.milliseconds(rival.predictedSeconds), ratio ?? "", "\(rival.segments)", "\(rival.transfers)",
            ])
        }
        lines.append(Figures.table(rows))
        let error = report.measuredSeconds > 0 ? report.predictedSeconds / report.measuredSeconds - 1 : 0
        lines.append(
            "kept: \(report.winner), predicted \(Figures.milliseconds(report.predictedSeconds)), measured "
                + "\(Figures.milliseconds(report.measuredSeconds)) (off by \(Figures.percent(error)))")
        return lines.joined(separator: "\n")
    }
}
