import WeftPlanning
import WeftProvider

/// Times pieces of work by a clock of seconds, which tests may turn themselves.
struct ProbeTimer {
    let now: () -> Double

    /// Seconds of one call.
    func time(_ work: () throws(WeftError) -> Void) throws(WeftError) -> Double {
        let start = now()
        try work()
        return now() - start
    }

    /// Calls once untimed, then a few times: until `budget` seconds are spent, `least` times in any case.
    ///
    /// Work that takes many times the budget is not repeated: its first call is the one sample.
    func sample(
        budget: Double, least: Int = 3, most: Int = 25, _ work: () throws(WeftError) -> Void
    ) throws(WeftError) -> Sample? {
        let first = try time(work)
        if first > 16 * budget, first > Self.long { return Sample([first]) }
        var times: [Double] = []
        var spent = first
        while times.count < least || (spent < budget && times.count < most) {
            let seconds = try time(work)
            times.append(seconds)
            spent += seconds
        }
        return Sample(times)
    }

    /// What one call makes over another, both in turns: the middle difference, and half its middle half's width.
    func difference(
        budget: Double, least: Int = 7, most: Int = 50, of work: () throws(WeftError) -> Void,
        over base: () throws(WeftError) -> Void
    ) throws(WeftError) -> (seconds: Double, noise: Double, count: Int) {
        try work()
        try base()
        var differences: [Double] = []
        var spent = 0.0
        while differences.count < least || (spent < budget && differences.count < most) {
            let without = try time(base)
            let with = try time(work)
            differences.append(with - without)
            spent += with + without
            if spent > Self.long, differences.count >= 3 { break }
        }
        return (
            Sample.quantile(differences, 0.5),
            (Sample.quantile(differences, 0.75) - Sample.quantile(differences, 0.25)) / 2, differences.count
        )
    }

    /// Seconds that a call has to take to be measured once.
    private static let long = 0.2
}

/// The moment by which something should be done.
struct Deadline {
    let end: Double
    let now: () -> Double

    init(seconds: Double, _ now: @escaping () -> Double) {
        end = now() + seconds
        self.now = now
    }

    var left: Double { end - now() }
    var isOver: Bool { left <= 0 }

    /// The earlier of this one and of a share of what is left.
    func share(_ share: Double) -> Deadline { Deadline(seconds: max(0, left) * share, now) }
}
