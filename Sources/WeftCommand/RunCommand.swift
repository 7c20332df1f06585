import ArgumentParser
import Weft

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `weft run`: a model, its outputs, where it ran and how long it took.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a model and prints its outputs, placement and time.")

    @Argument(help: "The model file.", completion: Completions.model)
    var model: String

    @OptionGroup var providerOptions: ProviderOptions
    @OptionGroup var inputOptions: InputOptions

    @Option(name: .customLong("output-dir"), help: "A folder that each output is written to, as NAME.npy.")
    var outputDirectory: String?

    @Option(name: .long, help: "How many times to run.")
    var `repeat` = 1

    @Option(name: .long, help: "A file that gets a trace of all runs, for chrome://tracing or Perfetto.")
    var profile: String?

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    struct Report: Encodable {
        let outputs: [String: ValueSummary]
        let randomInputs: [String]
        let placement: [String: PlanExplanation.Share]
        let segments: Int
        let transfers: Int
        let transferBytes: Int
        let loadMs: Double
        let runMs: [Double]
    }

    func run() throws {
        try Console.run {
            guard (1...1_000_000).contains(self.repeat) else {
                throw WeftError(.invalidOption, "--repeat should be 1 to 1000000, is \(self.repeat)")
            }
            let loaded = try LoadedModel(model, providerOptions, inputOptions)
            let (outputs, times) = try execute(loaded)
            var summaries: [String: ValueSummary] = [:]
            for (name, value) in outputs { summaries[name] = ValueSummary(value) }
            try write(outputs, &summaries)
            if json {
                let plan = loaded.plan
                try Console.print(
                    json: Report(
                        outputs: summaries, randomInputs: loaded.random, placement: plan.shares,
                        segments: plan.segments.count, transfers: plan.transfers.count,
                        transferBytes: plan.transferBytes, loadMs: loaded.loadSeconds * 1e3,
                        runMs: times.map { $0 * 1e3 }))
                return
            }
            for name in outputs.names { Console.print("\(name): \(summaries[name]?.text ?? "")") }
            for remark in loaded.remarks { Console.print(remark) }
            Console.print("placement: \(loaded.plan)")
            if loaded.plan.isBoundByMemory { MemoryLines.all(loaded.plan).forEach { Console.print($0) } }
            Console.print("loaded in \(Figures.milliseconds(loaded.loadSeconds)), \(Self.timing(times))")
        }
    }

    /// Runs as often as asked; writes the trace where one is wanted. Times are seconds.
    private func execute(_ loaded: LoadedModel) throws(WeftError) -> (outputs: Outputs, times: [Double]) {
        if let file = profile {
            let (outputs, profile) = try loaded.session.profileSynchronously(
                values: loaded.inputs, runs: self.repeat)
            try profile.write(chromeTrace: file)
            return (outputs, profile.spans.filter { $0.category == "run" }.map(\.duration))
        }
        var times: [Double] = []
        var latest = try timed(loaded, &times)
        for _ in 1..<self.repeat { latest = try timed(loaded, &times) }
        return (latest, times)
    }

    private func timed(_ loaded: LoadedModel, _ times: inout [Double]) throws(WeftError) -> Outputs {
        let watch = Stopwatch()
        defer { times.append(watch.seconds) }
        return try loaded.session.runSynchronously(values: loaded.inputs)
    }

    private static func timing(_ times: [Double]) -> String {
        let sorted = times.sorted()
        guard sorted.count > 1, let least = sorted.first, let most = sorted.last else {
            return "ran in \(Figures.milliseconds(times.first ?? 0))"
        }
        return "ran \(sorted.count) times: median \(Figures.milliseconds(sorted[sorted.count / 2])), "
            + "least \(Figures.milliseconds(least)), most \(Figures.milliseconds(most))"
    }

    /// Writes numeric outputs; names that a file cannot have get `_` for what offends.
    private func write(_ outputs: Outputs, _ summaries: inout [String: ValueSummary]) throws(WeftError) {
        guard let folder = outputDirectory else { return }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw WeftError(.unreadableFile, "cannot make the folder: \(error)", file: folder)
        }
        var taken: Set<String> = []
        for (index, (name, value)) in outputs.enumerated() {
            guard case .tensor(let tensor) = value else {
                Console.note("output '\(name)' is a \(value.type), which .npy files cannot hold: not written")
                continue
            }
            var stem = String(name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" })
            if stem.isEmpty || stem.hasPrefix(".") || !taken.insert(stem).inserted {
                stem += "_\(index)"
                taken.insert(stem)
            }
            let file = "\(folder)/\(stem).npy"
            try tensor.write(npy: file)
            summaries[name]?.file = file
        }
    }
}
