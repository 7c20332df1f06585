import ArgumentParser
import Weft

/// `weft calibrate`: measures this machine's devices, so that prices rest on figures.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Measures this machine's devices and keeps their rates for every later run.",
        discussion: """
            Rates are kept in WEFT_CACHE_DIR, else in the user's cache directory, one readable file a device, and serve \
            until the device, its driver or Weft is another. Nothing else in Weft measures anything by itself.

            launch is what each kernel takes to start, segment what it takes to have a device begin and to wait for it. \
            Rates are given from the smallest to the largest piece of work, with the middle half's half width as ±.
            """)

    @Option(name: .long, help: "Providers to measure, separated by commas (default: all that are here).")
    var provider: String?

    @Option(name: .long, help: "Threads that kernels use together (default: physical cores).")
    var threads: Int?

    @Option(name: .long, help: "About how many seconds to take for a device; less time, fewer probes.")
    var seconds = Calibration.defaultSeconds

    @Flag(name: .long, help: "Print one JSON document.")
    var json = false

    private struct Report: Encodable {
        let devices: [Calibration.Device]
    }

    func validate() throws {
        guard seconds >= 0, seconds <= 86400 else { throw ValidationError("--seconds should be 0 to 86400") }
    }

    func run() throws {
        try Console.run {
            let names = provider.map { $0.split(separator: ",").map { ProviderChoice.named(String($0)) } } ?? []
            let devices = try Progress.during("measuring") { progress throws(WeftError) in
                try Calibration.run(names, threads: threads, seconds: seconds) { device, share in
                    progress.rename("measuring \(device), \(Int(share * 100)) %")
                }
            }
            if json { return try Console.print(json: Report(devices: devices)) }
            for device in devices { Console.print(Self.text(device)) }
        }
    }

    private static func text(_ device: Calibration.Device) -> String {
        var parts = ["\(device.device): \(device.name), measured in \(Figures.decimal(device.seconds, places: 1)) s"]
        for rates in device.rates {
            let threads = device.memoryByThreads.isEmpty ? "" : "with \(Figures.count(rates.threads, "thread")): "
            let probes =
                rates.probesMeasured < rates.probesOffered
                ? "the first \(rates.probesMeasured) of \(rates.probesOffered) probes; --seconds allows more"
                : "all of \(rates.probesOffered) probes"
            parts.append("  \(threads)\(probes)")
            var rows = [row("launch", "", rates.launch), row("segment", "", rates.segment)]
            rows += rates.throughput.map { [$0.operators, $0.elementType] + range($0.points, "op/s") }
            if rates.memory.isEmpty {
                rows.append(["memory", "", "not measured, taken as nominal", ""])
            } else {
                let by = rates.memoryBy.map { ", measured through \($0)" } ?? ""
                let cells = range(rates.memory, "B/s")
                rows.append(["memory", "", cells[0], cells[1] + by])
            }
            for (name, link) in [("to the device", rates.upload), ("from the device", rates.download)] {
                guard let link else { continue }
                let speed =
                    link.bytesPerSecond.map { ", then \(Figures.scaled($0))B/s" } ?? ", whatever the bytes"
                let cost =
                    link.latencySeconds == 0 && link.bytesPerSecond == nil
                    ? "nothing that shows" : microseconds(link.latencySeconds) + speed
                rows.append([name, "", cost, Figures.certainty(link.spread, link.samples)])
            }
            parts.append(Figures.table(rows, indent: "    "))
        }
        if !device.memoryByThreads.isEmpty {
            parts.append("  memory by threads")
            parts.append(
                Figures.table(
                    device.memoryByThreads.map {
                        [
                            "\($0.threads)", "\(Figures.scaled($0.bytesPerSecond))B/s",
                            Figures.certainty($0.spread, $0.samples),
                        ]
                    }, indent: "    "))
        }
        for choice in device.tuned { parts.append("  chosen by its own tuning: \(choice.remark)") }
        parts.append("  kept in \(device.file)")
        return parts.joined(separator: "\n")
    }

    private static func row(_ name: String, _ type: String, _ figure: Calibration.Figure?) -> [String] {
        guard let figure else { return [name, type, "not measured, taken as nominal", ""] }
        return [name, type, microseconds(figure.seconds), Figures.certainty(figure.spread, figure.samples)]
    }

    /// A curve from its smallest to its largest size, and the middle of its points' spreads.
    private static func range(_ points: [Calibration.Point], _ unit: String) -> [String] {
        guard let first = points.first, let last = points.last else { return ["", ""] }
        let spreads = points.compactMap(\.spread).sorted()
        let spread = spreads.isEmpty ? nil : spreads[spreads.count / 2]
        let rates = points.count > 1 ? "\(Figures.scaled(first.rate))… " : ""
        return [
            "\(rates)\(Figures.scaled(last.rate))\(unit)",
            Figures.certainty(spread, points.compactMap(\.samples).max()),
        ]
    }

    private static func microseconds(_ seconds: Double) -> String { "\(Figures.number(seconds * 1e6)) us" }
}
