import WeftProvider

/// What the steps of one plan took in a run that is timed.
final class StepTimes: @unchecked Sendable {
    let plan: Plan
    /// Whether devices are waited for as soon as they have their work, so that a step takes what its work takes.
    let waitsAtOnce: Bool
    /// By step.
    private(set) var seconds: [Double]

    init(_ plan: Plan, waitsAtOnce: Bool) {
        self.plan = plan
        self.waitsAtOnce = waitsAtOnce
        seconds = [Double](repeating: 0, count: plan.steps.count)
    }

    func note(_ step: Int, since start: UInt64) {
        seconds[step] = Double(HostClock.nanoseconds &- start) * 1e-9
    }
}
