import WeftProvider

/// Runs plans in turns until it is clear which is the quickest.
final class Race {
    private let plans: [TimedPlan]
    private let budget: Double
    /// Plans that are hopelessly behind take part no more.
    private var isOut: [Bool]

    /// How much slower than the best a plan may be after two rounds.
    private static let hopeless = 1.5

    init(_ plans: [TimedPlan], seconds: Double) {
        self.plans = plans
        budget = seconds
        isOut = [Bool](repeating: false, count: plans.count)
    }

    var runs: Int { plans.reduce(0) { $0 + $1.walls.count } }

    /// At least seven rounds of those that are left, each beginning with another; three where only one is.
    func run(_ time: (_ plan: TimedPlan, _ counts: Bool) throws(WeftError) -> Double) throws(WeftError) {
        let start = ContinuousClock.now
        for plan in plans { _ = try time(plan, false) }
        for round in 0..<61 {
            let isLate = (ContinuousClock.now - start).seconds > budget
            let left = isOut.filter { !$0 }.count
            if left == 1, round >= 3 { break }
            if isLate, round >= 7 { break }
            for turn in plans.indices {
                let index = (turn + round) % plans.count
                if !isOut[index] { _ = try time(plans[index], true) }
            }
            if round == 1 { dropHopeless() }
        }
    }

    private func dropHopeless() {
        let best = plans.compactMap { $0.walls.min() }.min() ?? 0
        for (index, plan) in plans.enumerated() {
            isOut[index] = (plan.walls.min() ?? .infinity) > Self.hopeless * best
        }
    }

    /// The quickest; `home` unless another is quicker beyond doubt.
    func winner(home: Int?) -> Int {
        let standing = plans.indices.filter { !isOut[$0] }
        let best = standing.min { median($0) < median($1) } ?? 0
        guard let home, home != best, !isOut[home] else { return best }
        guard let ratio = ratio(best, to: home) else { return home }
        return ratio.high < 1 ? best : home
    }

    private func median(_ index: Int) -> Double { Sample(plans[index].walls)?.median ?? .infinity }

    private func ratio(_ index: Int, to home: Int) -> PairedRatio? {
        PairedRatio(plans[index].walls, to: plans[home].walls)
    }

    /// What the race says of one of the plans.
    func rival(
        _ name: String, _ index: Int, host: Int?, _ placed: Placed, rest: Price?, _ others: [String]
    ) -> Tuning.Rival? {
        guard let measured = Sample(plans[index].walls) else { return nil }
        return Tuning.Rival(
            name: name, predictedSeconds: (placed.report.comparison?.chosen ?? 0) + (rest?.seconds ?? 0),
            measured: measured, toHostOnly: host.flatMap { $0 == index ? nil : ratio(index, to: $0) },
            segments: plans[index].plan.report.segments.count, transfers: plans[index].plan.report.transfers.count,
            alsoKnownAs: others)
    }
}
