import Weft

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A loaded model that is told over stdin when to run.
enum BenchWorker {
    /// The first line: the model is loaded and has run once.
    struct Ready: Codable {
        var ready = true
        let loadMs: Double
        let loadAndFirstMs: Double
        /// What the plan's prices promise for a run.
        let predictedMs: Double
        let threads: Int
        let placement: [String: Share]
        let randomInputs: [String]
    }

    struct Share: Codable {
        let nodes: Int
        let flopsShare: Double
    }

    /// The answer to `run N`.
    struct Latencies: Codable {
        let ns: [Int64]
        let peakRssMb: Double
    }

    /// Loads, runs once, then obeys until `quit` or the end of input.
    static func serve(_ model: String, _ providers: ProviderOptions, _ inputs: InputOptions) throws {
        let loaded = try LoadedModel(model, providers, inputs)
        let first = Stopwatch()
        _ = try loaded.session.runSynchronously(values: loaded.inputs)
        try Console.print(
            json: Ready(
                loadMs: loaded.loadSeconds * 1e3, loadAndFirstMs: (loaded.loadSeconds + first.seconds) * 1e3,
                predictedMs: loaded.plan.predictedSeconds * 1e3,
                threads: providers.threads ?? SessionOptions.defaultThreads,
                placement: loaded.plan.shares.mapValues { Share(nodes: $0.nodes, flopsShare: $0.flopsShare) },
                randomInputs: loaded.random), pretty: false)
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

    private static func time(_ loaded: LoadedModel, _ count: Int) throws(WeftError) -> Latencies {
        var times: [Int64] = []
        times.reserveCapacity(count)
        for _ in 0..<count {
            let start = ContinuousClock.now
            _ = try loaded.session.runSynchronously(values: loaded.inputs)
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            times.append(seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)
        }
        return Latencies(ns: times, peakRssMb: peakMegabytes)
    }

    /// The most memory that this program has had, in MiB.
    ///
    /// `getrusage` would count what the process had before it became this program.
    private static var peakMegabytes: Double {
        if let file = fopen("/proc/self/status", "r") {
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 8192)
            let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
            let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            if let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first,
                let kilobytes = Double(number)
            {
                return kilobytes / 1024
            }
        }
        var usage = rusage()
        #if canImport(Glibc)
            let own = __rusage_who_t(RUSAGE_SELF.rawValue)
        #else
            let own = RUSAGE_SELF
        #endif
        return getrusage(own, &usage) == 0 ? Double(usage.ru_maxrss) / 1024 : 0
    }
}
