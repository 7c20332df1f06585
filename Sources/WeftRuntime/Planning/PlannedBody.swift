import WeftGraph
import WeftProvider

/// A body that was placed together with its caller; its plan is made when it is first called.
final class PlannedBody: @unchecked Sendable {
    private let graph: Graph
    private let facts: [Fact]
    private let placed: Placed
    private let specialised: Specialised
    private let devices: [EngineDevice]
    private let lock = Lock()
    private var made: Plan?

    init(_ body: Placed.Body, devices: [EngineDevice]) {
        graph = body.graph
        facts = body.facts
        placed = body.placed
        specialised = body.specialised
        self.devices = devices
    }

    /// The plan, where there was a call.
    var known: Plan? { lock.withLock { made } }

    /// What tells this placement from another.
    var outline: [String] { placed.outline }

    /// Whether it is this body that is called, on what it was placed for.
    func fits(_ body: Graph, _ data: [Datum]) -> Bool {
        guard body === graph, data.count == facts.count else { return false }
        for (fact, datum) in zip(facts, data) {
            guard let contents = fact.contents else {
                if fact.type != datum.type { return false }
                continue
            }
            guard case .constant(let constant) = datum, constant.id == contents.id else { return false }
        }
        return true
    }

    /// Its plan. No lock is held while it is made: of several that ask at once, the first one's counts.
    func plan(_ planner: Planner) throws(WeftError) -> Plan {
        if let known { return known }
        let start = HostClock.nanoseconds
        let plan = try planner.build(placed, specialised, devices, title: planner.title(graph, facts))
        planner.log.planned(
            plan, .inner, seconds: Double(HostClock.nanoseconds - start) * 1e-9, capacity: planner.cache.capacity)
        return lock.withLock {
            let first = made ?? plan
            made = first
            return first
        }
    }
}

extension Placed {
    /// Who runs what how, bodies included.
    var outline: [String] {
        items.compactMap { item in
            guard case .node(let node) = item else { return nil }
            return "\(node.device)|\(node.view.label)|\(node.variant.name)"
        } + bodies.flatMap(\.placed.outline)
    }
}

extension Plan {
    /// What it says of its placement, and what the plans of its bodies say.
    var reports: [PlacementReport] {
        [report] + bodies.compactMap(\.known).flatMap(\.reports)
    }

    /// Bodies that were placed with it.
    var bodies: [PlannedBody] {
        steps.flatMap { step -> [PlannedBody] in if case .unit(let unit) = step { unit.bodies } else { [] } }
    }
}
