package import WeftPlanning
import WeftProvider

/// A plan with the contexts that runs lease, and with the plans of those bodies that were called.
package final class ReadyPlan: @unchecked Sendable {
    package let plan: Plan
    let contexts: ContextPool
    private let lock = Lock()
    private var bodies: [ObjectIdentifier: ReadyPlan] = [:]

    package init(_ plan: Plan, contextLimit: Int) {
        self.plan = plan
        contexts = ContextPool(limit: contextLimit)
    }

    /// The plan of one of its bodies, made when the body is first called.
    ///
    /// No lock is held while it is made: if several runs make it at once, the plan that is finished first is kept.
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

    /// Its placement report, and those of its bodies' plans.
    package var reports: [PlacementReport] {
        [plan.report] + lock.withLock { bodies.values.map(\.self) }.flatMap(\.reports)
    }
}
