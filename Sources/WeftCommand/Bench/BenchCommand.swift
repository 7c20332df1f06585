import ArgumentParser
import Weft

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `weft bench`: each provider and the mixed plan side by side, or a worker for harnesses of other people.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Times each provider and the mixed plan side by side.",
        discussion: """
            Each provider runs the model alone, with cpu taking what it declines; `mixed` is the plan of least cost \
            over all of them, or with --plan the file's in its place. Every plan has a process of its own, and they \
            take turns, so that a machine that speeds up or slows down does so for all. A model is a file, or an ONNX \
            test folder, whose first data set is then the input.

            With --worker, a harness gives the orders: it prints {"ready":true,…} after loading and one run, then for \
            each line `run N` on stdin one line {"ns":[…],"peak_rss_mb":x}. It ends at `quit` or the end of input.
            """)

    @Argument(help: "Model files or test folders.", completion: .file(extensions: ["onnx"]))
    var models: [String]

    @OptionGroup var providerOptions: ProviderOptions
    @OptionGroup var inputOptions: InputOptions

    @Option(name: .long, help: "How often each plan runs (default: as often as about ten seconds a model allow).")
    var runs: Int?

    @Option(name: .long, help: "Draw the times as an SVG file.", completion: .file(extensions: ["svg"]))
    var svg: String?

    @Flag(name: .long, help: "Take orders on stdin and answer in JSON lines on stdout.")
    var worker = false

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    func validate() throws {
        if let runs, !(1...1_000_000).contains(runs) {
            throw ValidationError("--runs should be 1 to 1000000, is \(runs)")
        }
        guard worker else { return }
        guard models.count == 1 else { throw ValidationError("--worker takes one model") }
        guard runs == nil, svg == nil else { throw ValidationError("--worker has no use for --runs and --svg") }
    }

    func run() throws {
        try Console.run {
            if worker { return try BenchWorker.serve(models[0], providerOptions, inputOptions) }
            try Session.check(providerOptions.providers)
            let plans = try BenchPlan.all(try Self.names(providerOptions), providerOptions)
            var results: [BenchResult] = []
            for model in models {
                let result = try Bench(BenchModel(model), plans, runs: runs, inputs: inputOptions).run()
                results.append(result)
                if !json { Console.print(result.text) }
            }
            let report = BenchReport(results)
            if let svg {
                try TextFile.write(BenchPlot(report).svg, to: svg)
            }
            if json {
                try Console.print(json: report)
            } else if models.count > 1 {
                Console.print(report.meansText)
            }
            if let failure = report.failure { throw failure }
        }
    }

    /// The providers that are compared: those of the list or of the plan file, else all that have a device here.
    private static func names(_ options: ProviderOptions) throws -> [String] {
        let given = options.providers.map(\.description)
        if !given.isEmpty { return given }
        if let path = options.plan { return try PlanFile(contentsOf: path).providers.map(\.description) }
        return DefaultProviders.all.filter { !$0.devices().found.isEmpty }.map(\.name)
    }
}
