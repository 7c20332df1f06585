import WeftGraph
import WeftProvider

/// Makes plans: specialises a graph for a signature, places its work, gives everything a place; keeps what it made.
final class Planner: Sendable {
    let devices: [EngineDevice]
    let reference: Reference
    let cache: PlanCache
    private let store: PackedStore
    private let rules: PlacementRules
    private let pool: WorkerPool
    private let contextLimit: Int
    private let regions = RegionTable()
    private let derived = DerivedConstants()

    init(
        devices: [EngineDevice], reference: Reference, store: PackedStore, rules: PlacementRules, pool: WorkerPool,
        planCapacity: Int, contextLimit: Int
    ) {
        self.devices = devices
        self.reference = reference
        self.store = store
        self.rules = rules
        self.pool = pool
        self.contextLimit = contextLimit
        cache = PlanCache(capacity: planCapacity)
    }

    /// The plan for a signature, made if there is none yet.
    func plan(_ graph: Graph, _ data: [Datum], _ signature: Signature) throws(WeftError) -> Plan {
        if let known = cache.plan(signature) { return known }
        let specialised = try specialise(graph, data)
        let placed = try Placer(specialised, devices: devices, rules: rules).place()
        var builder = PlanBuilder(
            placed, inputs: specialised.inputs, outputs: specialised.outputs, devices: devices,
            workerCount: pool.threads)
        let plan = try builder.build(constants: store, contextLimit: contextLimit)
        cache.insert(plan, for: signature, graph: graph)
        return plan
    }

    /// What every device says about each node; nothing is placed.
    func survey(_ graph: Graph, _ data: [Datum]) throws(WeftError) -> PlacementReport {
        Placer(try specialise(graph, data), devices: devices, rules: rules).survey()
    }

    private func specialise(_ graph: Graph, _ data: [Datum]) throws(WeftError) -> Specialised {
        let facts = data.map { datum in
            if case .constant(let constant) = datum { return Fact(type: constant.type, contents: constant) }
            return Fact(type: datum.type)
        }
        var specialiser = Specialiser(reference: reference, regions: regions, workers: RunWorkers(pool))
        return try Rewriter(derived).rewrite(try specialiser.specialise(graph, facts))
    }
}
