package import WeftPlanning
import WeftProvider

/// A plan with the contexts that runs lease, and with the plans of its bodies that were called.
package final class ReadyPlan: @unchecked Sendable {
    package let plan: Plan
    let contexts: ContextPool
    private let lock = Lock()
    private var bodies: [ObjectIdentifier: ReadyPlan] = [:]

    package init(_ plan: Plan, contextLimit: Int) {
        self.plan = plan
        contexts = ContextPool(limit: contextLimit)
    }

    /// The plan of one of its bodies, made by the first call of it.
    ///
    /// No lock is held while it is made: of several that ask at once, the first one's counts.
    func body(
        _ body: PlannedBody, _ make: () throws(WeftError) -> ReadyPlan
    ) throws(WeftError) -> ReadyPlan {
        let key = ObjectIdentifier(body)
        if let known = lock.withLock({ bodies[key] }) { return known }
        let made = try make()
        return lock.withLock {
            let first = bodies[key] ?? made
            bodies[key] = first
            return first
        }
    }

    /// What it says of its placement, and what the plans of its bodies say.
    package var reports: [PlacementReport] {
        [plan.report] + lock.withLock { bodies.values.map(\.self) }.flatMap(\.reports)
    }
}
