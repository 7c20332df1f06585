package import WeftGraph
package import WeftPlanning
import WeftProvider

/// Plans by signature, the least recently used leaving first.
package final class PlanCache: @unchecked Sendable {
    private let lock = Lock()
    let capacity: Int
    private var plans: [Signature: (plan: ReadyPlan, used: UInt64)] = [:]
    /// Signatures whose plans have left, the latest few.
    private var left: Set<Signature> = []
    private var seen: [Signature: UInt64] = [:]
    private var clock: UInt64 = 0
    /// Keeps graphs alive whose identity is part of a key.
    private var graphs: [ObjectIdentifier: Graph] = [:]

    init(capacity: Int) { self.capacity = max(1, capacity) }

    package var count: Int { lock.withLock { plans.count } }

    /// What the plans that are kept say of their placement, those of bodies and regions included.
    package var reports: [PlacementReport] { lock.withLock { plans.values.flatMap(\.plan.reports) } }

    func plan(_ signature: Signature) -> ReadyPlan? {
        lock.withLock {
            guard let entry = plans[signature] else { return nil }
            clock += 1
            plans[signature]?.used = clock
            return entry.plan
        }
    }

    /// What came of keeping a plan.
    package struct Insertion {
        /// The plan that left for it.
        var evicted: ReadyPlan?
        /// Whether this signature's plan had been here before.
        var hadLeft: Bool
        /// Whether the graph had none before.
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

    /// Frees the device memory of plans that no run uses at the moment; tells of each.
    func dropIdleContexts(_ tell: (Plan) -> Void) {
        for ready in lock.withLock({ plans.values.map(\.plan) })
        where !ready.plan.needs.isEmpty && ready.contexts.dropIdle() { tell(ready.plan) }
    }

    /// Whether the signature came among the last *capacity* ones already: then a plan pays.
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
