import WeftPlanning
import WeftProvider

/// Lets contestants run in turns until it is clear which is the quickest.
final class Race {
    /// Seconds of each contestant's runs.
    private(set) var walls: [[Double]]
    private let budget: Double
    private let least: Int
    /// Contestants that are hopelessly behind take part no more.
    private var isOut: [Bool]

    /// How much slower than the best one may be after two rounds.
    private static let hopeless = 1.5
    /// The same after the run that warms up, if one more run says so too.
    private static let lost = 6.0

    /// `least` rounds are run however long they take: six are needed for bounds of a ratio that mean something.
    init(_ count: Int, seconds: Double, least: Int = 6) {
        budget = seconds
        self.least = least
        walls = [[Double]](repeating: [], count: count)
        isOut = [Bool](repeating: false, count: count)
    }

    var runs: Int { walls.reduce(0) { $0 + $1.count } }

    /// At least `least` rounds of those that are left, each beginning with another; three where only one is.
    ///
    /// `time` runs a contestant and says what that took; each runs once before what it takes counts.
    func run(_ time: (_ contestant: Int) throws(WeftError) -> Double) throws(WeftError) {
        let start = ContinuousClock.now
        var first: [Double] = []
        for contestant in walls.indices { first.append(try time(contestant)) }
        let best = first.min() ?? 0
        for contestant in walls.indices where first[contestant] > Self.lost * best {
            // Drivers may build kernels in a first run, so that it says little by itself.
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

    /// The quickest; `home` unless another is quicker beyond doubt.
    func winner(home: Int?) -> Int {
        let standing = walls.indices.filter { !isOut[$0] }
        let best = standing.min { median($0) < median($1) } ?? 0
        guard let home, home != best, !isOut[home] else { return best }
        guard let ratio = ratio(best, to: home) else { return home }
        return ratio.high < 1 ? best : home
    }

    private func median(_ index: Int) -> Double { measured(index)?.median ?? .infinity }

    /// What a contestant's runs took; nil where it never ran.
    func measured(_ index: Int) -> Sample? { Sample(walls[index]) }

    func ratio(_ index: Int, to home: Int) -> PairedRatio? { PairedRatio(walls[index], to: walls[home]) }
}
