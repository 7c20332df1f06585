import Weft

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The measurement of one model: its plans' workers, taking turns.
struct Bench {
    private let model: BenchModel
    private let plans: [BenchPlan]
    private let runs: Int?
    private let inputs: InputOptions

    init(_ model: BenchModel, _ plans: [BenchPlan], runs: Int?, inputs: InputOptions) {
        self.model = model
        self.plans = plans
        self.runs = runs
        self.inputs = inputs
    }

    /// A plan under measurement.
    private struct Contender {
        let plan: BenchPlan
        var worker: WorkerProcess?
        var ready: BenchWorker.Ready?
        /// Nanoseconds, a list a round.
        var rounds: [[Int64]] = []
        var peak = 0.0
        var failure: WeftError?

        /// Asks for runs; a worker that fails is out of the race.
        mutating func time(_ count: Int) -> [Int64] {
            guard let worker else { return [] }
            do throws(WeftError) {
                let latencies = try worker.time(count)
                peak = max(peak, latencies.peakRssMb)
                return latencies.ns
            } catch {
                failure = error
                self.worker = nil
                return []
            }
        }
    }

    /// Seconds that the measurement of a model should take where nobody says how many runs it should be.
    private static let budget = 10.0

    /// Throws what every plan's worker throws; where only some fail, their rows say why.
    func run() throws -> BenchResult {
        try Progress.during("\(model.name): loading") { progress throws(WeftError) in
            var contenders = plans.map { Contender(plan: $0) }
            for index in contenders.indices {
                progress.rename("\(model.name): loading for \(contenders[index].plan.name)")
                load(&contenders[index])
            }
            // The first run may still have prepared something; the second says how long a run takes.
            var seconds = 0.0
            for index in contenders.indices {
                seconds += contenders[index].time(1).reduce(0) { $0 + Double($1) * 1e-9 }
            }
            if let failure = contenders.first?.failure, contenders.allSatisfy({ $0.failure != nil }) { throw failure }
            let count = runs ?? min(500, max(10, Int(Self.budget / max(seconds, 1e-6))))
            let rounds = min(10, count)
            for round in 0..<rounds {
                progress.rename("\(model.name): round \(round + 1) of \(rounds)")
                let share = count / rounds + (round < count % rounds ? 1 : 0)
                // Nobody always runs after the same neighbour.
                for turn in contenders.indices {
                    let index = (turn + round) % contenders.count
                    contenders[index].rounds.append(contenders[index].time(share))
                }
            }
            return result(contenders, runs: count, rounds: rounds)
        }
    }

    private func load(_ contender: inout Contender) {
        do throws(WeftError) {
            var words = [model.file] + contender.plan.arguments
            for input in inputs.input { words += ["--input", input] }
            for shape in inputs.shape { words += ["--shape", shape] }
            if let data = inputs.testData ?? model.testData { words += ["--test-data", data] }
            let worker = try WorkerProcess(words)
            contender.ready = try worker.answer(BenchWorker.Ready.self)
            contender.worker = worker
        } catch {
            contender.failure = error
        }
    }

    private func result(_ contenders: [Contender], runs: Int, rounds: Int) -> BenchResult {
        let base = contenders.first { $0.plan.name == BenchPlan.baseline && $0.failure == nil }
        let rows = contenders.map { contender -> BenchResult.Row in
            var row = BenchResult.Row(
                plan: contender.plan.name, providers: contender.plan.providers,
                placement: contender.plan.placement.rawValue, failure: contender.failure)
            guard contender.failure == nil, let ready = contender.ready else { return row }
            let times = Statistics(contender.rounds.flatMap { $0.map { Double($0) * 1e-6 } })
            row.medianMs = times.median
            row.p90Ms = times.quantile(0.9)
            row.leastMs = times.least
            row.ratioToCpu = base.map { Self.ratio(contender.rounds, $0.rounds) }
            row.predictedMs = ready.predictedMs
            row.loadMs = ready.loadMs
            row.loadAndFirstMs = ready.loadAndFirstMs
            row.peakRssMb = contender.peak
            row.shares = ready.placement
            return row
        }
        let ready = contenders.lazy.compactMap(\.ready).first
        return BenchResult(
            model: model.name, file: model.file, threads: ready?.threads ?? 0, runs: runs, rounds: rounds,
            randomInputs: ready?.randomInputs ?? [], plans: rows)
    }

    /// The median over the rounds of the ratio of the round's medians: what the machine did meanwhile cancels out.
    private static func ratio(_ rounds: [[Int64]], _ base: [[Int64]]) -> Double {
        Statistics(
            zip(rounds, base).map { own, other in
                Statistics(own.map { Double($0) }).median / Statistics(other.map { Double($0) }).median
            }
        ).median
    }
}

/// Sorted measurements.
struct Statistics {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    var least: Double { sorted.first ?? .nan }
    var median: Double {
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
    /// The smallest measurement that at least this share of all do not exceed.
    func quantile(_ share: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
    }
    /// Of positive numbers.
    var geometricMean: Double {
        guard !sorted.isEmpty else { return .nan }
        return exp(sorted.reduce(0) { $0 + log($1) } / Double(sorted.count))
    }
}
