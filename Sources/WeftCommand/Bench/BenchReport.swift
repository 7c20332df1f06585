import Weft

/// What was measured of one model.
struct BenchResult: Encodable {
    /// One plan's figures; nil where it failed.
    struct Row: Encodable {
        let plan: String
        let providers: [String]
        let placement: String
        var medianMs: Double?
        var p90Ms: Double?
        var leastMs: Double?
        var ratioToCpu: Double?
        /// What the plan's prices promised.
        var predictedMs: Double?
        var loadMs: Double?
        var loadAndFirstMs: Double?
        var peakRssMb: Double?
        var shares: [String: BenchWorker.Share] = [:]
        let error: String?
        let failure: WeftError?

        init(plan: String, providers: [String], placement: String, failure: WeftError?) {
            self.plan = plan
            self.providers = providers
            self.placement = placement
            self.failure = failure
            error = failure?.description
        }

        private enum CodingKeys: CodingKey {
            case plan, providers, placement, medianMs, p90Ms, leastMs, ratioToCpu, predictedMs, loadMs, loadAndFirstMs
            case peakRssMb, shares, error
        }
    }

    let model: String
    let file: String
    let threads: Int
    let runs: Int
    let rounds: Int
    let randomInputs: [String]
    let plans: [Row]

    /// A heading and a table.
    var text: String {
        var lines = [
            "\(model): \(Figures.count(threads, "thread")), \(Figures.count(runs, "run")) of each plan in "
                + "\(Figures.count(rounds, "round"))"
        ]
        if !randomInputs.isEmpty {
            lines.append("  random numbers for \(randomInputs.map { "'\($0)'" }.joined(separator: ", "))")
        }
        var rows = [
            [
                "plan", "median", "p90", "ratio to cpu", "predicted", "load + first run", "peak memory",
                "where nodes run",
            ]
        ]
        for plan in plans {
            guard let median = plan.medianMs else {
                rows.append([plan.plan, "failed: \(plan.error ?? "")"])
                continue
            }
            func ms(_ value: Double?) -> String { value.map { "\(Figures.number($0)) ms" } ?? "" }
            rows.append([
                plan.plan, ms(median), ms(plan.p90Ms), plan.ratioToCpu.map(Self.ratio) ?? "", ms(plan.predictedMs),
                ms(plan.loadAndFirstMs), plan.peakRssMb.map { "\(Figures.number($0)) MiB" } ?? "",
                Self.text(plan.shares),
            ])
        }
        lines.append(Figures.table(rows))
        return lines.joined(separator: "\n")
    }

    static func ratio(_ value: Double) -> String { "\(Figures.decimal(value, places: value < 10 ? 2 : 1)) x" }

    private static func text(_ shares: [String: BenchWorker.Share]) -> String {
        shares.sorted { ($1.value.nodes, $0.key) < ($0.value.nodes, $1.key) }.map { device, share in
            "\(device) \(Figures.count(share.nodes, "node")), \(Figures.percent(share.flopsShare)) of FLOPs"
        }.joined(separator: "; ")
    }
}

/// What was measured of all models.
struct BenchReport: Encodable {
    let models: [BenchResult]
    /// Of each plan's ratio to `cpu`, over the models that it ran.
    let geometricMeans: [String: Double]

    init(_ models: [BenchResult]) {
        self.models = models
        var ratios: [String: [Double]] = [:]
        for row in models.flatMap(\.plans) {
            if let ratio = row.ratioToCpu { ratios[row.plan, default: []].append(ratio) }
        }
        geometricMeans = ratios.mapValues { Statistics($0).geometricMean }
    }

    /// The plans' names, in the order of the rows.
    var planNames: [String] {
        var names: [String] = []
        for row in models.flatMap(\.plans) where !names.contains(row.plan) { names.append(row.plan) }
        return names
    }

    /// The first plan that failed, if any did.
    var failure: WeftError? { models.lazy.flatMap(\.plans).compactMap(\.failure).first }

    var meansText: String {
        let means = planNames.compactMap { name in geometricMeans[name].map { "\(name) \(BenchResult.ratio($0))" } }
        return "geometric mean of the time to cpu's over \(Figures.count(models.count, "model")): "
            + means.joined(separator: ", ")
    }
}
