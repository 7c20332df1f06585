/// Times of one piece of work, in seconds.
package struct Series: Sendable {
    package private(set) var times: [Double] = []

    package init() {}

    package mutating func append(_ seconds: Double) { times.append(seconds) }

    package var median: Double { quantile(0.5) }
    package var least: Double { times.min() ?? .nan }

    /// The time that a share of the runs stayed below.
    package func quantile(_ share: Double) -> Double {
        guard !times.isEmpty else { return .nan }
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}

/// Lets several pieces of work take turns in short bursts, so that a loaded machine is unkind to all alike.
package struct Turns {
    /// Seconds a piece may run before it is the next one's turn.
    package var burst: Double
    package var rounds: Int
    package var clock: Stopwatch.Clock

    package init(burst: Double = 0.05, rounds: Int = 5, clock: Stopwatch.Clock = .wall) {
        self.burst = burst
        self.rounds = rounds
        self.clock = clock
    }

    /// Runs each piece once unseen, then in bursts; returns the times of each.
    package func time(_ pieces: [() throws -> Void]) throws -> [Series] {
        var series = [Series](repeating: Series(), count: pieces.count)
        for piece in pieces { try piece() }
        for round in 0..<rounds {
            for turn in pieces.indices {
                let index = (turn + round) % pieces.count
                let whole = Stopwatch()
                repeat {
                    let one = Stopwatch(clock)
                    try pieces[index]()
                    series[index].append(one.seconds)
                } while whole.seconds < burst
            }
        }
        return series
    }
}
