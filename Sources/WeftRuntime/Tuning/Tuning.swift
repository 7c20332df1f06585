package import WeftExecution
package import WeftPlanning
import WeftProvider

/// How long tuning may take, about.
package struct TuningOptions: Sendable {
    /// Seconds for measuring nodes.
    package var measuring = 20.0
    /// Seconds for racing plans.
    package var racing = 10.0

    package init() {}
}

/// What tuning found: the plans that were raced, the one that won, and what nodes took.
package struct Tuning: Sendable {
    /// A plan of the race.
    package struct Rival: Sendable {
        package let name: String
        /// By the measured prices.
        package let predictedSeconds: Double
        package let measured: Sample
        /// Against the plan that keeps to the host, in pairs; nil for that plan itself, and where there is none.
        package let toHostOnly: PairedRatio?
        package let segments: Int
        package let transfers: Int
        /// Names of rules that make this very plan too.
        package var alsoKnownAs: [String]
    }

    package let rivals: [Rival]
    /// Which of the rivals it is.
    package let winner: Int
    let ready: ReadyPlan
    package var plan: Plan { ready.plan }
    package let tuned: TunedPrices
    /// The winner's time as predicted from its nodes and as measured, both in the same minute.
    package let predictedSeconds: Double
    package let measured: Sample
    /// How many different nodes and ways to run them were measured, in how many runs.
    package let ways: Int
    package let runs: Int
    package let seconds: Double
    /// Ways to arrange nodes that time did not allow to measure.
    package let skipped: Int
}
