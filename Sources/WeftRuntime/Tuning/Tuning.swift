package import WeftExecution
package import WeftPlanning
import WeftProvider

/// About how long tuning may take.
package struct TuningOptions: Sendable {
    /// Seconds for measuring nodes.
    package var measuring = 20.0
    /// Seconds for racing plans.
    package var racing = 10.0

    package init() {}
}

/// The results of tuning: the plans of the race, the winner, and the measured prices.
package struct Tuning: Sendable {
    /// A plan of the race.
    package struct Rival: Sendable {
        package let name: String
        /// The time that the measured prices predict.
        package let predictedSeconds: Double
        package let measured: Sample
        /// The ratio to the host-only plan's times; nil for that plan itself, and if there is none.
        package let toHostOnly: PairedRatio?
        package let segments: Int
        package let transfers: Int
        /// Names of rivals that turned out to be the same plan.
        package var alsoKnownAs: [String]
    }

    package let rivals: [Rival]
    /// The winner's index in `rivals`.
    package let winner: Int
    let ready: ReadyPlan
    package var plan: Plan { ready.plan }
    package let tuned: TunedPrices
    /// The winner's time as its nodes' prices predict it; `measured` is from the same minute.
    package let predictedSeconds: Double
    package let measured: Sample
    /// The number of ways to run kinds of nodes that were measured.
    package let ways: Int
    /// The number of runs of plans.
    package let runs: Int
    package let seconds: Double
    /// The number of recipes that were not measured for lack of time or memory.
    package let skipped: Int
}
