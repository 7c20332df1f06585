import WeftPlanning
import WeftProvider

/// Times pieces of work by a clock that returns seconds; tests replace the clock.
struct ProbeTimer {
    let now: () -> Double

    /// The seconds that one call takes.
    func time(_ work: () throws(WeftError) -> Void) throws(WeftError) -> Double {
        let start = now()
        try work()
        return now() - start
    }

    /// Calls `work` once to warm up, then repeatedly, and returns the times of the later calls.
    ///
    /// Stops when `budget` seconds are spent, after at least `least` and at most `most` calls. If the first call
    /// takes more than 16 times the budget and more than `long`, it is the only sample.
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

    /// The difference of the times of two pieces of work that are called in turns.
    ///
    /// Returns the median of the differences, half of their interquartile range as noise, and their count. The
    /// number of calls is limited as in `sample`; if they take more than `long` together, three are enough.
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

    /// Seconds after which work counts as slow, so that it is repeated less.
    private static let long = 0.2
}

/// A moment on a clock by which work should be done.
struct Deadline {
    let end: Double
    let now: () -> Double

    init(seconds: Double, _ now: @escaping () -> Double) {
        end = now() + seconds
        self.now = now
    }

    var left: Double { end - now() }
    var isOver: Bool { left <= 0 }

    /// A deadline when a share (0 to 1) of the time that is left has passed.
    func share(_ share: Double) -> Deadline { Deadline(seconds: max(0, left) * share, now) }
}
