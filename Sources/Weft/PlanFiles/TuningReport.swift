import WeftPlanning
import WeftRuntime

/// What `Session.tune` found.
public struct TuningReport: Sendable, Encodable {
    /// How two plans compare that ran in turns.
    public struct Ratio: Sendable, Encodable {
        public let median: Double
        /// The bounds of the 95 % confidence interval.
        public let low: Double
        public let high: Double
        public let pairs: Int
    }

    /// A plan of the race.
    public struct Rival: Sendable, Encodable {
        /// `optimal`, `host-only`, `device-first`, or `untuned` for what would have been taken without measuring.
        public let name: String
        public let alsoKnownAs: [String]
        public let predictedSeconds: Double
        public let measuredSeconds: Double
        /// Half the distance of the runs' quartiles, as a share; nil for fewer than three runs.
        public let spread: Double?
        public let runs: Int
        /// Its time over the host-only plan's; nil for that plan itself, and where there is none.
        public let ratioToHostOnly: Ratio?
        public let segments: Int
        public let transfers: Int
    }

    public let rivals: [Rival]
    /// The name of the rival that was kept.
    public let winner: String
    /// The winner's time from the measured prices of its nodes, and as measured.
    public let predictedSeconds: Double
    public let measuredSeconds: Double
    public let spread: Double?
    /// Different nodes, each with each way to run it, that were measured.
    public let waysMeasured: Int
    /// Different tensors, by device, way and size, whose transfer was measured.
    public let transfersMeasured: Int
    public let runs: Int
    public let seconds: Double
    /// Arrangements of nodes that time did not allow to measure.
    public let skipped: Int

    init(_ tuning: Tuning) {
        rivals = tuning.rivals.map { rival in
            Rival(
                name: rival.name, alsoKnownAs: rival.alsoKnownAs, predictedSeconds: rival.predictedSeconds,
                measuredSeconds: rival.measured.median, spread: rival.measured.spread, runs: rival.measured.count,
                ratioToHostOnly: rival.toHostOnly.map {
                    Ratio(median: $0.median, low: $0.low, high: $0.high, pairs: $0.pairs)
                }, segments: rival.segments, transfers: rival.transfers)
        }
        winner = tuning.rivals[tuning.winner].name
        predictedSeconds = tuning.predictedSeconds
        measuredSeconds = tuning.measured.median
        spread = tuning.measured.spread
        waysMeasured = tuning.ways
        transfersMeasured = tuning.tuned.transfers.count
        runs = tuning.runs
        seconds = tuning.seconds
        skipped = tuning.skipped
    }
}
