import WeftGraph
import WeftProvider

/// What a plan is made for: a graph, and of every input its type and, where it counts, its contents.
struct Signature: Hashable, Sendable {
    let graph: ObjectIdentifier
    private let bytes: [UInt8]

    /// A short name for all of it but the graph, the same in every process where no large contents count.
    var text: String {
        let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    /// Known values of at most this many elements count by their contents, larger ones by their identity.
    static let smallCount = 64

    init(_ graph: Graph, _ data: [Datum]) {
        self.graph = ObjectIdentifier(graph)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count * 48)
        func append(_ number: Int) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
        for datum in data {
            switch datum {
            case .constant(let constant):
                append(constant.shape.count << 16 | Int(constant.elementType.rawValue) << 8 | 1)
                for size in constant.shape { append(size) }
                if constant.elementCount <= Self.smallCount, case .bytes(let source) = constant.payload {
                    // A source without bytes of its own is told apart by its identity below.
                    let copied: Void? = try? source.withBytes { raw in bytes.append(contentsOf: raw) }
                    if copied != nil { continue }
                }
                append(Int(truncatingIfNeeded: constant.id))
            case .value(.tensor(let tensor)):
                append(tensor.shape.count << 16 | Int(tensor.elementType.rawValue) << 8 | 2)
                for size in tensor.shape { append(size) }
            case .value(let value):
                let text = Array("\(value.type)".utf8)
                append(text.count << 8 | 3)
                bytes.append(contentsOf: text)
            }
        }
        self.bytes = bytes
    }
}

/// Plans by signature, the least recently used leaving first.
final class PlanCache: @unchecked Sendable {
    private let lock = Lock()
    let capacity: Int
    private var plans: [Signature: (plan: Plan, used: UInt64)] = [:]
    /// Signatures whose plans have left, the latest few.
    private var left: Set<Signature> = []
    private var seen: [Signature: UInt64] = [:]
    private var clock: UInt64 = 0
    /// Keeps graphs alive whose identity is part of a key.
    private var graphs: [ObjectIdentifier: Graph] = [:]

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var count: Int { lock.withLock { plans.count } }

    /// What the plans that are kept say of their placement, those of bodies and regions included.
    var reports: [PlacementReport] { lock.withLock { plans.values.flatMap(\.plan.reports) } }

    func plan(_ signature: Signature) -> Plan? {
        lock.withLock {
            guard let entry = plans[signature] else { return nil }
            clock += 1
            plans[signature]?.used = clock
            return entry.plan
        }
    }

    /// What came of keeping a plan.
    struct Insertion {
        /// The plan that left for it.
        var evicted: Plan?
        /// Whether this signature's plan had been here before.
        var hadLeft: Bool
        /// Whether the graph had none before.
        var isFirst: Bool
    }

    func insert(_ plan: Plan, for signature: Signature, graph: Graph) -> Insertion {
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
        for plan in lock.withLock({ plans.values.map(\.plan) }) where !plan.needs.isEmpty && plan.contexts.dropIdle() {
            tell(plan)
        }
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
