import WeftPlanning
import WeftProvider

/// Times contestants in turns until it is clear which is the fastest.
final class Race {
    /// The seconds of each contestant's runs, by contestant.
    private(set) var walls: [[Double]]
    private let budget: Double
    private let least: Int
    /// Contestants that are too far behind to run again.
    private var isOut: [Bool]

    /// A contestant this many times slower than the best after two rounds is out.
    private static let hopeless = 1.5
    /// The same after the warm-up run, if a second run confirms it.
    private static let lost = 6.0

    /// A race of `count` contestants for about `seconds`, but `least` rounds in any case.
    ///
    /// A confidence interval of a ratio needs six rounds.
    init(_ count: Int, seconds: Double, least: Int = 6) {
        budget = seconds
        self.least = least
        walls = [[Double]](repeating: [], count: count)
        isOut = [Bool](repeating: false, count: count)
    }

    /// The number of runs that counted.
    var runs: Int { walls.reduce(0) { $0 + $1.count } }

    /// Runs rounds of all contestants that are not out, each round beginning with another one.
    ///
    /// There are at least `least` rounds, or three if only one contestant is left, and at most 61. `time` runs a
    /// contestant and returns its seconds; the first call for each contestant is a warm-up and does not count.
    func run(_ time: (_ contestant: Int) throws(WeftError) -> Double) throws(WeftError) {
        let start = ContinuousClock.now
        var first: [Double] = []
        for contestant in walls.indices { first.append(try time(contestant)) }
        let best = first.min() ?? 0
        for contestant in walls.indices where first[contestant] > Self.lost * best {
            // A first run may include compilation by a driver, so a second one has to confirm it.
            let second = try time(contestant)
            isOut[contestant] = second > Self.lost * best
            if isOut[contestant] { walls[contestant] = [second] }
        }
        for round in 0..<61 {
            let isLate = (ContinuousClock.now - start).seconds > budget
            let left = isOut.filter { !$0 }.count
            if left == 1, round >= 3 { break }
            if isLate, round >= least { break }
            for turn in walls.indices {
                let index = (turn + round) % walls.count
                if !isOut[index] { walls[index].append(try time(index)) }
            }
            if round == 1 { dropHopeless() }
        }
    }

    private func dropHopeless() {
        let best = walls.compactMap { $0.min() }.min() ?? 0
        for (index, times) in walls.enumerated() where !isOut[index] {
            isOut[index] = (times.min() ?? .infinity) > Self.hopeless * best
        }
    }

    /// The contestant with the smallest median; but `home`, if it is not out and may be as fast.
    ///
    /// It may be if the 95 % confidence interval of the ratio of the two reaches 1.
    func winner(home: Int?) -> Int {
        let standing = walls.indices.filter { !isOut[$0] }
        let best = standing.min { median($0) < median($1) } ?? 0
        guard let home, home != best, !isOut[home] else { return best }
        guard let ratio = ratio(best, to: home) else { return home }
        return ratio.high < 1 ? best : home
    }

    private func median(_ index: Int) -> Double { measured(index)?.median ?? .infinity }

    /// The times of a contestant's runs; nil if none counted.
    func measured(_ index: Int) -> Sample? { Sample(walls[index]) }

    /// The ratio of a contestant's times to those of `home`; nil if they share no round.
    func ratio(_ index: Int, to home: Int) -> PairedRatio? { PairedRatio(walls[index], to: walls[home]) }
}
