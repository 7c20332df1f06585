import ArgumentParser
import Weft

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `weft bench --worker`: a loaded model that outside harnesses time.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Keeps a model loaded and times runs that a harness asks for.",
        discussion: """
            Prints {"ready":true,…} after loading and one run, then for each line `run N` on stdin one line \
            {"ns":[…],"peak_rss_mb":x}. Ends at `quit` or the end of input.
            """)

    @Argument(help: "The model file.")
    var model: String

    @OptionGroup var providerOptions: ProviderOptions
    @OptionGroup var inputOptions: InputOptions

    @Flag(name: .long, help: "Take orders on stdin and answer in JSON lines on stdout.")
    var worker = false

    private struct Ready: Encodable {
        let ready = true
        let loadMs: Double
        let loadAndFirstMs: Double
        let placement: [String: PlanExplanation.Share]
        let randomInputs: [String]
    }

    private struct Latencies: Encodable {
        let ns: [Int64]
        let peakRssMb: Double
    }

    func validate() throws {
        guard worker else { throw ValidationError("bench needs --worker: it takes orders on stdin from a harness") }
    }

    func run() throws {
        try Console.run {
            let loaded = try LoadedModel(model, providerOptions, inputOptions)
            let first = Stopwatch()
            _ = try loaded.session.runSynchronously(values: loaded.inputs)
            try Console.print(
                json: Ready(
                    loadMs: loaded.loadSeconds * 1e3, loadAndFirstMs: (loaded.loadSeconds + first.seconds) * 1e3,
                    placement: loaded.plan.shares, randomInputs: loaded.random), pretty: false)
            while let line = readLine() {
                let words = line.split(separator: " ")
                if words.isEmpty { continue }
                if words == ["quit"] { return }
                guard words.count == 2, words[0] == "run", let count = Int(words[1]), (0...10_000_000).contains(count)
                else {
                    throw WeftError(.invalidOption, "'\(line)' is no order", hint: "orders are `run N` and `quit`")
                }
                try Console.print(json: time(loaded, count), pretty: false)
            }
        }
    }

    private func time(_ loaded: LoadedModel, _ count: Int) throws(WeftError) -> Latencies {
        var times: [Int64] = []
        times.reserveCapacity(count)
        for _ in 0..<count {
            let start = ContinuousClock.now
            _ = try loaded.session.runSynchronously(values: loaded.inputs)
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            times.append(seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)
        }
        return Latencies(ns: times, peakRssMb: Self.peakMegabytes)
    }

    /// The most memory that the process has had, in MiB.
    private static var peakMegabytes: Double {
        var usage = rusage()
        #if canImport(Glibc)
            let own = __rusage_who_t(RUSAGE_SELF.rawValue)
        #else
            let own = RUSAGE_SELF
        #endif
        guard getrusage(own, &usage) == 0 else { return 0 }
        return Double(usage.ru_maxrss) / 1024
    }
}
