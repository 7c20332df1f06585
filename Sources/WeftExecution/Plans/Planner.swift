package import WeftGraph
package import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// Makes plans: specialises a graph for a signature, places its nodes, builds the plan, and keeps it in the cache.
package final class Planner: Sendable {
    package let devices: [EngineDevice]
    package let reference: Reference
    package let cache: PlanCache
    package let memory: DeviceMemory
    package let log: EngineLog
    /// The model's own graph, folded; bodies and regions are parts of it.
    private let main: Graph
    private let store: PackedStore
    package let rules: PlacementRules
    package let pool: WorkerPool
    private let contextLimit: Int
    private let followed: (any FollowedPlan)?
    private let regions = RegionTable()
    private let derived = DerivedConstants()

    package init(
        _ main: Graph, devices: [EngineDevice], reference: Reference, store: PackedStore, rules: PlacementRules,
        pool: WorkerPool, planCapacity: Int, contextLimit: Int, log: EngineLog,
        following followed: (any FollowedPlan)? = nil
    ) {
        self.main = main
        self.log = log
        memory = DeviceMemory(devices: devices, store: store)
        self.followed = followed
        self.devices = devices
        self.reference = reference
        self.store = store
        self.rules = rules
        self.pool = pool
        self.contextLimit = contextLimit
        cache = PlanCache(capacity: planCapacity)
    }

    /// The plan for a signature, made if there is none yet.
    package func plan(_ graph: Graph, _ data: [Datum], _ signature: Signature) throws(WeftError) -> ReadyPlan {
        if let known = cache.plan(signature) { return known }
        let start = HostClock.nanoseconds
        var phases = PhaseLog()
        var data = data
        // The caller may write over an input's memory later, but a plan keeps the contents that it was made for.
        if graph === main { for index in data.indices { data[index] = try data[index].owned() } }
        let facts = data
        let specialised = try phases.measure("specialise") { () throws(WeftError) in try specialise(graph, facts) }
        let followed = followed.flatMap { $0.signature == signature.text ? $0 : nil }
        let plan = try fittingPlan(
            specialised, following: followed, title: title(graph, data), isInner: graph !== main, phases)
        try followed?.check(plan)
        let ready = ReadyPlan(plan, contextLimit: contextLimit)
        let insertion = cache.insert(ready, for: signature, graph: graph)
        let occasion: EngineLog.Occasion =
            graph !== main ? .inner : insertion.isFirst ? .first : .again(evicted: insertion.hadLeft)
        log.planned(
            plan, occasion, seconds: Double(HostClock.nanoseconds - start) * 1e-9, capacity: cache.capacity)
        if let evicted = insertion.evicted { log.evicted(evicted.plan, capacity: cache.capacity) }
        return ready
    }

    /// The plan of a body that was placed with its caller.
    func plan(_ body: PlannedBody, of caller: ReadyPlan) throws(WeftError) -> ReadyPlan {
        try caller.body(body) { () throws(WeftError) in
            let start = HostClock.nanoseconds
            let plan = try build(
                body.placed, frame: body.frame, body.devices, title: title(body.call.graph, body.call.facts))
            log.planned(
                plan, .inner, seconds: Double(HostClock.nanoseconds - start) * 1e-9, capacity: cache.capacity)
            return ReadyPlan(plan, contextLimit: contextLimit)
        }
    }

    /// A plan that is not in the cache, ready to run.
    package func ready(_ plan: Plan) -> ReadyPlan { ReadyPlan(plan, contextLimit: contextLimit) }

    /// Builds the plan of a frame: lays out its memory and compiles its segments.
    package func build(
        _ placed: Placed, frame: Int = 0, _ devices: [EngineDevice], title: String, _ phases: PhaseLog = PhaseLog(),
        room: DeviceRoom = DeviceRoom()
    ) throws(WeftError) -> Plan {
        var builder = PlanBuilder(
            placed, frame: frame, title: title, devices: devices, workerCount: pool.threads)
        builder.phases = phases
        builder.room = room
        return try builder.build(constants: PackedStore.Lease(store))
    }

    /// A new context for a plan. Idle contexts of other plans make room where a device's limit asks for it.
    ///
    /// Throws `.deviceMemoryExceeded` where there is no room nevertheless.
    func context(
        _ plan: ReadyPlan, lent: [ExecutionContext.Lent: BufferView] = [:]
    ) throws(WeftError) -> ExecutionContext {
        try memory.context(plan, lent: lent) {
            cache.dropIdleContexts { other in log.freed(other) }
        }
    }

    /// The name of the graph and the types of its inputs, for messages.
    package func title(_ graph: Graph, _ data: [Datum]) -> String { title(graph, data.map(Self.fact)) }

    func title(_ graph: Graph, _ facts: [Fact]) -> String {
        let inputs = zip(graph.inputs, facts).map { value, fact in
            "\(graph.values[value].name): \(fact.type)\(fact.contents == nil ? "" : " of known contents")"
        }
        return "\(graph.name)(\(inputs.joined(separator: ", ")))"
    }

    /// What every device says about each node; nothing is placed.
    package func survey(_ graph: Graph, _ data: [Datum]) throws(WeftError) -> PlacementReport {
        Placer(PlacementGraph(try specialise(graph, data)), devices: devices, rules: rules).survey()
    }

    /// Where the nodes run for these inputs; nothing is built.
    package func placement(_ graph: Graph, _ data: [Datum]) throws(WeftError) -> PlacementReport {
        try placer(try specialise(graph, data)).place().report
    }

    /// How much quicker the plan would be if a device had an operator that it lacks; the greatest saving first.
    package func counterfactuals(_ graph: Graph, _ data: [Datum]) throws(WeftError) -> [Counterfactual] {
        try placer(try specialise(graph, data)).counterfactuals()
    }

    /// A placer for a graph. Bodies are placed with it if it is the model's own, or some device is not the host's.
    package func placer(
        _ specialised: Specialised, devices: [EngineDevice]? = nil, isMain: Bool = true,
        room: DeviceRoom = DeviceRoom()
    ) -> Placer {
        let devices = devices ?? self.devices
        let takesBodies = isMain || !devices.allSatisfy(\.description.isHost)
        var excluded: Set<[String]> = []
        while true {
            let graph = PlacementGraph(specialised, leavingOut: excluded) { body, facts in
                // A body that cannot be specialised here fails no plan; it is left to run time.
                takesBodies ? try? self.specialise(body, facts) : nil
            }
            let placer = Placer(graph, devices: devices, rules: rules, room: room, constants: derived)
            let stranded = placer.strandedBodies
            if stranded.isEmpty { return placer }
            excluded.formUnion(stranded)
        }
    }

    package func specialise(_ graph: Graph, _ data: [Datum]) throws(WeftError) -> Specialised {
        try specialise(graph, data.map(Self.fact))
    }

    private static func fact(_ datum: Datum) -> Fact {
        if case .constant(let constant) = datum { return Fact(type: constant.type, contents: constant) }
        return Fact(type: datum.type)
    }

    private func specialise(_ graph: Graph, _ facts: [Fact]) throws(WeftError) -> Specialised {
        var specialiser = Specialiser(reference: reference, regions: regions, workers: RunWorkers(pool))
        return try Rewriter(derived).rewrite(try specialiser.specialise(graph, facts))
    }
}

/// A plan that was made before, which is followed when inputs have its signature.
package protocol FollowedPlan: Sendable {
    /// The text of the signature that it is for.
    var signature: String { get }
    /// The price of a run's time outside of placed nodes and transfers; nil if it was not measured.
    var restPrice: Price? { get }
    /// Its decisions for a specialised graph. Throws `.invalidPlan` if it was made for another graph.
    func recipe(for placer: Placer) throws(WeftError) -> PlacementRecipe
    /// Throws `.invalidPlan` if a plan that was built by following it differs from it.
    func check(_ plan: Plan) throws(WeftError)
}
