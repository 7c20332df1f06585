package import Logging
package import WeftExecution
package import WeftGraph
package import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// What a session may decide about its engine.
package struct EngineOptions: Sendable {
    package var rules: PlacementRules
    package var planCapacity = 16
    /// Runs that may be under way at once on one plan; further ones wait.
    package var contextLimit = 16
    /// The same plan, and so the same bits, whenever a signature comes.
    package var deterministic = false
    package var budget = MemoryBudget()
    /// Whether a run whose device is lost begins again on the host.
    package var fallsBackToHost = false
    package var logger: Logger?
    /// A plan that was made before, to be followed where its signature comes.
    package var plan: PlanDocument?

    package init(rules: PlacementRules) { self.rules = rules }
}

/// Runs one model: specialises it, places it, plans it, and executes the plans.
package final class Engine: Sendable {
    package let graph: Graph
    package let devices: [EngineDevice]
    package let options: EngineOptions
    package let pool: WorkerPool
    let store: PackedStore
    let reference: Reference
    private let planner: Planner
    private let outputNames: [String]
    private let fallback = HostFallback()
    private let contents: InputContents
    private let latest = LatestPlan()

    /// `devices` are those that nodes may run on, in the order of preference; `reference` folds constants and runs
    /// what no plan covers. Folds what the model's constants alone decide.
    package init(
        _ graph: Graph, devices: [EngineDevice], reference provider: any Provider, pool: WorkerPool,
        options: EngineOptions
    ) throws(WeftError) {
        self.devices = devices
        self.options = options
        self.pool = pool
        var limits: [String: Int] = [:]
        for device in devices { limits[device.description.id] = device.memoryLimit }
        let store = PackedStore(limits: limits)
        self.store = store
        let reference = try Reference(
            provider, store: store, others: devices.map { .init($0.provider, $0.description, $0.device) })
        self.reference = reference
        let folded = try Folder(reference, workers: RunWorkers(pool)).fold(graph)
        self.graph = folded
        outputNames = folded.outputs.map { folded.values[$0].name }
        planner = Planner(
            folded, devices: devices, reference: reference, store: store, rules: options.rules, pool: pool,
            planCapacity: options.planCapacity, contextLimit: options.contextLimit, log: EngineLog(options.logger),
            following: options.plan)
        contents = InputContents(folded)
    }

    /// The same model on the devices of the host alone; weights that the host has packed are shared.
    private init(hostOnly engine: Engine) {
        devices = engine.devices.filter { $0.description.isHost }
        var options = engine.options
        options.rules = options.rules.keeping(engine.devices.indices.filter { engine.devices[$0].description.isHost })
        options.fallsBackToHost = false
        options.plan = nil
        self.options = options
        pool = engine.pool
        store = engine.store
        reference = engine.reference
        graph = engine.graph
        outputNames = engine.outputNames
        planner = Planner(
            graph, devices: devices, reference: reference, store: store, rules: options.rules, pool: pool,
            planCapacity: options.planCapacity, contextLimit: options.contextLimit, log: EngineLog(options.logger))
        contents = InputContents(graph)
    }

    /// Runs the model on its inputs, in the order of the graph's inputs; returns its outputs in theirs.
    ///
    /// Outputs with a target are written there. Throws `.invalidInput` for a target that does not fit, before it runs.
    package func run(
        _ inputs: [Value], into targets: OutputTargets = .none, cancellation: RunCancellation? = nil,
        profiler: Profiler? = nil
    ) throws(WeftError) -> [Value] {
        if let host = fallback.engine {
            return try host.run(inputs, into: targets, cancellation: cancellation, profiler: profiler)
        }
        do {
            return try runHere(inputs, targets, cancellation, profiler)
        } catch {
            guard options.fallsBackToHost, error.code == .deviceLost else { throw error }
            let host = fallback.engine {
                planner.log.fellBack(error)
                return Engine(hostOnly: self)
            }
            return try host.run(inputs, into: targets, cancellation: cancellation, profiler: profiler)
        }
    }

    private func runHere(
        _ inputs: [Value], _ targets: OutputTargets, _ cancellation: RunCancellation?, _ profiler: Profiler?
    ) throws(WeftError) -> [Value] {
        let data = contents.data(inputs, deterministic: options.deterministic)
        let signature = Signature(graph, data)
        let run = Run(
            planner: planner,
            workers: RunWorkers(pool, cancellation: cancellation, activity: profiler?.activity),
            budget: options.budget, deterministic: options.deterministic, outputNames: outputNames,
            profiler: profiler)
        let ready = try planner.plan(graph, data, signature)
        latest.set(ready.plan)
        return try run.execute(ready, data, into: targets)
    }

    /// Whether some input's contents decide shapes or conditions, so that types alone make no plan.
    package var dependsOnContents: Bool { contents.anyCounts }

    /// The plan for inputs like these, made if there is none yet.
    package func plan(for inputs: [Value]) throws(WeftError) -> Plan {
        let data = contents.data(inputs, deterministic: options.deterministic)
        let plan = try planner.plan(graph, data, Signature(graph, data)).plan
        latest.set(plan)
        return plan
    }

    /// The plan for inputs like these, written down; made if there is none yet.
    package func document(for inputs: [Value], tuned: TunedPrices = TunedPrices()) throws(WeftError) -> PlanDocument {
        let data = contents.data(inputs, deterministic: options.deterministic)
        let signature = Signature(graph, data)
        let plan = try planner.plan(graph, data, signature).plan
        return PlanDocument(
            plan, signature: signature.text, devices: devices, rules: options.rules, threads: pool.threads, tuned: tuned
        )
    }

    /// Measures nodes and plans for inputs like these; the plan that wins serves all runs that come.
    package func tune(
        _ inputs: [Value], options tuning: TuningOptions, progress: @escaping (String) -> Void
    ) throws(WeftError) -> Tuning {
        let data = contents.data(inputs, deterministic: options.deterministic)
        var tuner = try Tuner(
            planner, graph, data, budget: options.budget, options: tuning, progress: progress)
        let result = try tuner.tune()
        _ = planner.cache.insert(result.ready, for: Signature(graph, data), graph: graph)
        latest.set(result.plan)
        return result
    }

    /// What every device says about each node for inputs like these; nothing is placed.
    package func survey(for inputs: [Value]) throws(WeftError) -> PlacementReport {
        try planner.survey(graph, contents.data(inputs, deterministic: options.deterministic))
    }

    /// Where the work goes for inputs like these, and what it is to cost; nothing is compiled, nothing runs.
    package func placement(for inputs: [Value]) throws(WeftError) -> PlacementReport {
        try planner.placement(graph, contents.data(inputs, deterministic: options.deterministic))
    }

    /// Which operators that devices lack would make the plan for inputs like these quicker, and by how much.
    package func counterfactuals(for inputs: [Value]) throws(WeftError) -> [Counterfactual] {
        try planner.counterfactuals(graph, contents.data(inputs, deterministic: options.deterministic))
    }

    /// What the main graph's plan that served last says of its placement.
    package var latestReport: PlacementReport? { fallback.engine?.latestReport ?? latest.plan?.report }

    /// What was done to make that plan, and when.
    package var latestPhases: PhaseLog? { fallback.engine?.latestPhases ?? latest.plan?.phases }

    /// How many plans there are at the moment.
    package var planCount: Int { planner.cache.count }

    /// What the plans that are kept say of their placement, those of bodies and regions included.
    var reports: [PlacementReport] { planner.cache.reports }
}

/// The engine that serves once a device is lost.
private final class HostFallback: @unchecked Sendable {
    private let lock = Lock()
    private var current: Engine?

    var engine: Engine? { lock.withLock { current } }

    /// The one engine, made by the first that asks.
    func engine(_ make: () -> Engine) -> Engine {
        lock.withLock {
            let engine = current ?? make()
            current = engine
            return engine
        }
    }
}

/// The plan that served a run last.
private final class LatestPlan: @unchecked Sendable {
    private let lock = Lock()
    private var current: Plan?

    var plan: Plan? { lock.withLock { current } }
    func set(_ plan: Plan) { lock.withLock { current = plan } }
}
