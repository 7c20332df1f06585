import ArgumentParser
import Weft

/// `weft calibrate`: measures this machine's devices, so that prices rest on figures.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Measures this machine's devices and keeps their rates for every later run.",
        discussion: """
            Takes a few seconds a device. Rates are kept in WEFT_CACHE_DIR, else in the user's cache directory, one \
            readable file a device. Nothing else in Weft measures anything by itself.
            """)

    @Option(name: .long, help: "Providers to measure, separated by commas (default: all that are here).")
    var provider: String?

    @Option(name: .long, help: "Threads that kernels use together (default: physical cores).")
    var threads: Int?

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    private struct Report: Encodable {
        let devices: [Calibration.Device]
    }

    func run() throws {
        try Console.run {
            let names = provider.map { $0.split(separator: ",").map { ProviderChoice.named(String($0)) } } ?? []
            let devices = try Calibration.run(names, threads: threads)
            if json { return try Console.print(json: Report(devices: devices)) }
            for device in devices { Console.print(Self.text(device)) }
        }
    }

    private static func text(_ device: Calibration.Device) -> String {
        var parts = ["\(device.device): \(device.name), measured in \(Figures.decimal(device.seconds, places: 1)) s"]
        for rates in device.rates {
            let threads = device.memoryByThreads.isEmpty ? "" : ", \(Figures.count(rates.threads, "thread"))"
            parts.append(
                "  launch \(microseconds(rates.launchSeconds)), segment \(microseconds(rates.segmentSeconds))\(threads)"
            )
            var rows = rates.throughput.map { item in
                [item.operators, item.elementType, "\(range(item.points))op/s"]
            }
            rows.append(["memory", "", "\(range(rates.memory))B/s"])
            parts.append(Figures.table(rows, indent: "    "))
            for (name, link) in [("to the device", rates.upload), ("from the device", rates.download)] {
                guard let link else { continue }
                parts.append(
                    "    \(name): \(microseconds(link.latencySeconds)), \(Figures.scaled(link.bytesPerSecond))B/s")
            }
        }
        if !device.memoryByThreads.isEmpty {
            let curve = device.memoryByThreads.sorted { $0.key < $1.key }
                .map { "\($0.key): \(Figures.scaled($0.value))B/s" }
            parts.append("  memory by threads: \(curve.joined(separator: ", "))")
        }
        parts.append("  kept in \(device.file)")
        return parts.joined(separator: "\n")
    }

    /// A curve from its smallest to its largest size, with the middle spread.
    private static func range(_ points: [Calibration.Point]) -> String {
        guard let first = points.first, let last = points.last else { return "" }
        let spreads = points.compactMap(\.spread).sorted()
        let spread = spreads.isEmpty ? "" : "(±\(Figures.percent(spreads[spreads.count / 2]))) "
        let rates =
            points.count > 1 ? "\(Figures.scaled(first.rate))… \(Figures.scaled(last.rate))" : Figures.scaled(last.rate)
        return rates + spread
    }

    private static func microseconds(_ seconds: Double) -> String { "\(Figures.number(seconds * 1e6)) us" }
}
