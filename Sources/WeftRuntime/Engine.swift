package import Logging
package import WeftExecution
package import WeftGraph
package import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// The settings of a session for its engine.
package struct EngineOptions: Sendable {
    package var rules: PlacementRules
    /// The number of plans that are kept.
    package var planCapacity = 16
    /// The number of runs that may use one plan at the same time; further ones wait.
    package var contextLimit = 16
    /// Whether a signature always gets the same plan, so that equal inputs give equal bits.
    package var deterministic = false
    /// The limits of memory for runs.
    package var budget = MemoryBudget()
    /// Whether a run whose device is lost starts again on the host.
    package var fallsBackToHost = false
    package var logger: Logger?
    /// A plan file that is followed when inputs have its signature.
    package var plan: PlanDocument?

    package init(rules: PlacementRules) { self.rules = rules }
}

/// Runs one model: makes plans for the signatures of its inputs, and executes them.
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

    /// An engine for a graph, which is folded first.
    ///
    /// `devices` are the devices that nodes may run on, in the order of preference. The reference provider folds
    /// constants and runs what no plan covers.
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

    /// An engine for the same model on the devices of the host alone; it shares the packed constants.
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

    /// Runs the model. Inputs and results are in the order of the graph's inputs and outputs.
    ///
    /// Outputs with a target are written there. Throws `.invalidInput`, before anything runs, if a target does not fit.
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

    /// Whether the contents of some input are part of the signature, so that types alone do not decide the plan.
    package var dependsOnContents: Bool { contents.anyCounts }

    /// The plan for inputs of this signature, which is made if there is none.
    package func plan(for inputs: [Value]) throws(WeftError) -> Plan {
        let data = contents.data(inputs, deterministic: options.deterministic)
        let plan = try planner.plan(graph, data, Signature(graph, data)).plan
        latest.set(plan)
        return plan
    }

    /// The plan for inputs of this signature as a document; the plan is made if there is none.
    package func document(for inputs: [Value], tuned: TunedPrices = TunedPrices()) throws(WeftError) -> PlanDocument {
        let data = contents.data(inputs, deterministic: options.deterministic)
        let signature = Signature(graph, data)
        let plan = try planner.plan(graph, data, signature).plan
        return PlanDocument(
            plan, signature: signature.text, devices: devices, rules: options.rules, threads: pool.threads, tuned: tuned
        )
    }

    /// Measures nodes and plans for inputs of this signature; the fastest plan serves all later runs of it.
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

    /// The offers of every device for each node, for inputs of this signature. Nothing is placed.
    package func survey(for inputs: [Value]) throws(WeftError) -> PlacementReport {
        try planner.survey(graph, contents.data(inputs, deterministic: options.deterministic))
    }

    /// Where nodes are placed for inputs of this signature, and the predicted time. Nothing is compiled or run.
    package func placement(for inputs: [Value]) throws(WeftError) -> PlacementReport {
        try planner.placement(graph, contents.data(inputs, deterministic: options.deterministic))
    }

    /// Which operators that devices do not support would make the plan faster if they did, and by how much.
    package func counterfactuals(for inputs: [Value]) throws(WeftError) -> [Counterfactual] {
        try planner.counterfactuals(graph, contents.data(inputs, deterministic: options.deterministic))
    }

    /// The placement report of the plan that ran or was asked for last; nil if there is none.
    package var latestReport: PlacementReport? { fallback.engine?.latestReport ?? latest.plan?.report }

    /// The phases of making that plan, with their times.
    package var latestPhases: PhaseLog? { fallback.engine?.latestPhases ?? latest.plan?.phases }

    /// The number of plans that are kept now.
    package var planCount: Int { planner.cache.count }

    /// The placement reports of all plans that are kept, those of bodies and regions included.
    var reports: [PlacementReport] { planner.cache.reports }
}

/// The engine that runs the model on the host after a device was lost.
private final class HostFallback: @unchecked Sendable {
    private let lock = Lock()
    private var current: Engine?

    var engine: Engine? { lock.withLock { current } }

    /// The engine; the first caller makes it.
    func engine(_ make: () -> Engine) -> Engine {
        lock.withLock {
            let engine = current ?? make()
            current = engine
            return engine
        }
    }
}

/// The plan of the model's graph that was used or asked for last.
private final class LatestPlan: @unchecked Sendable {
    private let lock = Lock()
    private var current: Plan?

    var plan: Plan? { lock.withLock { current } }
    func set(_ plan: Plan) { lock.withLock { current = plan } }
}
