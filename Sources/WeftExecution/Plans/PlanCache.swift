package import WeftGraph
package import WeftPlanning
import WeftProvider

/// Plans by signature. A full cache drops the plan that was not used for the longest time.
package final class PlanCache: @unchecked Sendable {
    private let lock = Lock()
    let capacity: Int
    private var plans: [Signature: (plan: ReadyPlan, used: UInt64)] = [:]
    /// Signatures of plans that were dropped lately.
    private var left: Set<Signature> = []
    private var seen: [Signature: UInt64] = [:]
    private var clock: UInt64 = 0
    /// Keeps graphs alive, as their identities are part of the keys.
    private var graphs: [ObjectIdentifier: Graph] = [:]

    init(capacity: Int) { self.capacity = max(1, capacity) }

    package var count: Int { lock.withLock { plans.count } }

    /// The placement reports of all plans in the cache, those of bodies and regions included.
    package var reports: [PlacementReport] { lock.withLock { plans.values.flatMap(\.plan.reports) } }

    func plan(_ signature: Signature) -> ReadyPlan? {
        lock.withLock {
            guard let entry = plans[signature] else { return nil }
            clock += 1
            plans[signature]?.used = clock
            return entry.plan
        }
    }

    /// The result of inserting a plan.
    package struct Insertion {
        /// The plan that was dropped for it.
        var evicted: ReadyPlan?
        /// Whether a plan of this signature was dropped before.
        var hadLeft: Bool
        /// Whether this is the graph's first plan.
        var isFirst: Bool
    }

    package func insert(_ plan: ReadyPlan, for signature: Signature, graph: Graph) -> Insertion {
        lock.withLock {
            clock += 1
            plans[signature] = (plan, clock)
            let isFirst = graphs.updateValue(graph, forKey: signature.graph) == nil
            let hadLeft = left.remove(signature) != nil
            guard plans.count > capacity, let oldest = plans.min(by: { $0.value.used < $1.value.used }) else {
                return Insertion(hadLeft: hadLeft, isFirst: isFirst)
            }
            plans[oldest.key] = nil
            if left.count >= 4 * capacity { left.removeAll() }
            left.insert(oldest.key)
            return Insertion(evicted: oldest.value.plan, hadLeft: hadLeft, isFirst: isFirst)
        }
    }

    /// Frees the contexts of plans that no run uses at the moment, and calls `tell` for each such plan.
    func dropIdleContexts(_ tell: (Plan) -> Void) {
        for ready in lock.withLock({ plans.values.map(\.plan) })
        where !ready.plan.needs.isEmpty && ready.contexts.dropIdle() { tell(ready.plan) }
    }

    /// Whether the signature is among the last `capacity` ones: then a plan pays. Remembers it.
    func comesAgain(_ signature: Signature, graph: Graph) -> Bool {
        lock.withLock {
            clock += 1
            let known = seen.updateValue(clock, forKey: signature) != nil
            graphs[signature.graph] = graph
            if seen.count > capacity, let oldest = seen.min(by: { $0.value < $1.value }) { seen[oldest.key] = nil }
            return known
        }
    }
}
