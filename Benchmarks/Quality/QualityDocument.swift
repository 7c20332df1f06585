import BenchmarkSupport
import WeftPlanning
import WeftProvider
import WeftRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What one model costs on one machine, by each rule, in seconds.
struct QualityRow: Encodable {
    let model: String
    let world: String
    /// Nil where a node cannot run on the host.
    let hostOnly: Double?
    let deviceFirst: Double
    let greedy: Double
    let weft: Double
    let lowerBound: Double
    /// How many segments Weft's plan has, and how many of the placed nodes are on which device.
    let segments: Int
    let nodes: [String: Int]

    /// Throws `.internalInconsistency` for a report of nothing placed.
    init(model: String, world: String, _ report: PlacementReport) throws(WeftError) {
        guard let comparison = report.comparison else {
            throw WeftError(.internalInconsistency, "\(model) was not placed")
        }
        self.model = model
        self.world = world
        hostOnly = comparison.hostOnly
        deviceFirst = comparison.deviceFirst
        greedy = comparison.greedy
        weft = comparison.chosen
        lowerBound = comparison.lowerBound
        segments = report.timedSegments.count
        nodes = report.entries.reduce(into: [:]) { $0[$1.device, default: 0] += 1 }
    }

    /// A plan of nothing is at its bound.
    var overBound: Double { weft > 0 ? weft / lowerBound : 1 }
    var greedyOverWeft: Double { weft > 0 ? greedy / weft : 1 }

    /// What is wrong with the figures; nil if nothing is.
    var failure: String? {
        let slack = 1 + 1e-9
        for (name, seconds) in [("host-only", hostOnly), ("device-first", deviceFirst), ("greedy", greedy)] {
            if let seconds, weft > seconds * slack {
                return "\(model) on \(world): \(name) takes \(seconds), Weft's plan \(weft)"
            }
        }
        return weft * slack < lowerBound
            ? "\(model) on \(world): takes \(weft), less than the bound \(lowerBound)" : nil
    }
}

/// All models on all machines.
struct QualityDocument: Encodable {
    struct Machine: Encodable {
        let name: String
        let devices: [String]
    }

    /// Geometric means over the models.
    struct Means: Encodable {
        let world: String
        let models: Int
        let greedyOverWeft: Double
        let deviceFirstOverWeft: Double
        /// Of the models that the host runs alone.
        let hostOnlyOverWeft: Double
        let weftOverBound: Double
    }

    let worlds: [Machine]
    let means: [Means]
    let rows: [QualityRow]

    init(worlds: [World], rows: [QualityRow]) {
        self.worlds = worlds.map { Machine(name: $0.name, devices: $0.sources) }
        self.rows = rows
        means = worlds.map { world in
            let placed = rows.filter { $0.world == world.name && $0.weft > 0 }
            return Means(
                world: world.name, models: placed.count,
                greedyOverWeft: Self.mean(placed.map(\.greedyOverWeft)),
                deviceFirstOverWeft: Self.mean(placed.map { $0.deviceFirst / $0.weft }),
                hostOnlyOverWeft: Self.mean(placed.compactMap { row in row.hostOnly.map { $0 / row.weft } }),
                weftOverBound: Self.mean(placed.map(\.overBound)))
        }
    }

    private static func mean(_ ratios: [Double]) -> Double {
        ratios.isEmpty ? 1 : exp(ratios.reduce(0) { $0 + log($1) } / Double(ratios.count))
    }

    var failures: [String] { rows.compactMap(\.failure) }

    var text: String {
        let header = [
            "model", "host-only", "device-first", "greedy", "Weft", "lower bound", "Weft/bound", "greedy/Weft",
            "segments",
        ]
        func milliseconds(_ seconds: Double?) -> String { ((seconds ?? .infinity) * 1e3).short }
        return worlds.map { world in
            let table = rows.filter { $0.world == world.name }.map { row in
                [row.model, milliseconds(row.hostOnly)]
                    + [row.deviceFirst, row.greedy, row.weft, row.lowerBound].map(milliseconds)
                    + [row.overBound.short, row.greedyOverWeft.short, "\(row.segments)"]
            }
            let mean = means.first { $0.world == world.name }.map { mean in
                """
                geometric means of \(mean.models) models: greedy \(mean.greedyOverWeft.short), device-first \
                \(mean.deviceFirstOverWeft.short), host-only \(mean.hostOnlyOverWeft.short) times Weft; Weft \
                \(mean.weftOverBound.short) times the bound
                """
            }
            return "\(world.name), predicted ms (\(world.devices.joined(separator: "; ")))\n"
                + Report.table(header, table) + "\n" + (mean ?? "")
        }.joined(separator: "\n\n")
    }
}
