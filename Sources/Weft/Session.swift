import WeftExecution
import WeftGraph
import WeftInterpreter
import WeftONNX
package import WeftPlanning
public import WeftProvider
import WeftRuntime

/// A model, ready to run on the providers of a list.
///
/// Runs may overlap; each has its own memory. The same plan gives the same bits.
public final class Session: Sendable {
    public let inputs: [ValueDescription]
    public let outputs: [ValueDescription]
    /// What the file says about itself: the exporter's key-value pairs.
    public let metadata: [String: String]
    public let information: ModelInformation
    let engine: Engine
    let file: String?
    let loading: PhaseLog
    let options: SessionOptions
    /// How many of the engine's devices, from the front, the list named.
    let namedDevices: Int
    private let hash: ModelHash

    /// Loads a model file. `providers` is the list of who may run nodes, in order of preference; `cpu` always may.
    ///
    /// An empty list stands for everything that this machine has. External data must lie in the model's folder.
    /// Throws `.unreadableFile`, `.invalidModel`, `.unsupportedVersion`, `.unsupportedOperator`, and for the list
    /// `.unknownProvider`, `.providerUnavailable`, and `.invalidOption` where two providers have one name.
    public convenience init(
        model path: String, providers: [ProviderChoice] = [], options: SessionOptions = SessionOptions()
    ) async throws(WeftError) {
        try await self.init(providers: providers, options: options, hash: .file(path)) { operators throws(WeftError) in
            try Model(contentsOf: path, operators: operators)
        }
    }

    /// The same from a file's bytes in memory; `folder` is where its external data lies, if it has any.
    public convenience init(
        model bytes: [UInt8], folder: String? = nil, providers: [ProviderChoice] = [],
        options: SessionOptions = SessionOptions()
    ) async throws(WeftError) {
        let hash = ModelHash.of(bytes)
        try await self.init(providers: providers, options: options, hash: hash) { operators throws(WeftError) in
            try Model(bytes: bytes, folder: folder, operators: operators)
        }
    }

    private convenience init(
        providers: [ProviderChoice], options: SessionOptions, hash: ModelHash,
        _ load: @escaping @Sendable (OperatorSet) throws(WeftError) -> Model
    ) async throws(WeftError) {
        let parts = await withCheckedContinuation { continuation in
            Drivers.shared.submit {
                continuation.resume(
                    returning: Result { () throws(WeftError) in
                        try Parts(load, providers: providers, options: options, hash: hash)
                    })
            }
        }
        self.init(try parts.get(), options)
    }

    /// Loads a model file on the calling thread.
    public convenience init(
        loading path: String, providers: [ProviderChoice] = [], options: SessionOptions = SessionOptions()
    ) throws(WeftError) {
        self.init(
            try Parts(
                { operators throws(WeftError) in try Model(contentsOf: path, operators: operators) },
                providers: providers, options: options, hash: .file(path)), options)
    }

    /// The same from a file's bytes in memory.
    public convenience init(
        loading bytes: [UInt8], folder: String? = nil, providers: [ProviderChoice] = [],
        options: SessionOptions = SessionOptions()
    ) throws(WeftError) {
        self.init(
            try Parts(
                { operators throws(WeftError) in try Model(bytes: bytes, folder: folder, operators: operators) },
                providers: providers, options: options, hash: .of(bytes)), options)
    }

    private init(_ parts: Parts, _ options: SessionOptions) {
        engine = parts.engine
        inputs = parts.inputs
        outputs = parts.outputs
        metadata = parts.model.metadata
        information = ModelInformation(parts.model, original: parts.original)
        file = parts.model.file
        loading = parts.loading
        self.options = options
        namedDevices = parts.namedDevices
        hash = parts.hash
    }

    /// What tells the model's file from others.
    func modelHash() throws(WeftError) -> String { try hash.text() }

    /// What loading makes, off the cooperative threads.
    private struct Parts: Sendable {
        let model: Model
        let original: Graph
        let engine: Engine
        let inputs: [ValueDescription]
        let outputs: [ValueDescription]
        let loading: PhaseLog
        let namedDevices: Int
        let hash: ModelHash

        init(
            _ load: (OperatorSet) throws(WeftError) -> Model, providers: [ProviderChoice], options: SessionOptions,
            hash: ModelHash
        ) throws(WeftError) {
            if let threads = options.threads, threads < 1 || threads > 1024 {
                throw WeftError(.invalidOption, "threads should be 1 to 1024, is \(threads)")
            }
            if let bytes = options.deviceMemory, bytes < 0 {
                throw WeftError(.invalidOption, "deviceMemory should be a number of bytes, is \(bytes)")
            }
            let start = HostClock.nanoseconds
            let threads = options.threads ?? Machine.cores
            let log = EngineLog(options.logger)
            var loading = PhaseLog()
            let providers = providers.isEmpty ? options.plan?.providers ?? [] : providers
            let cache = RateCache(directory: options.cacheDirectory)
            var selection = try loading.measure("open devices") { () throws(WeftError) in
                try DeviceSelection(
                    providers, threads: threads, cache: cache, memoryLimit: options.deviceMemory, log: log)
            }
            namedDevices = selection.namedCount
            self.hash = hash
            if let plan = options.plan {
                try plan.check(selection) { () throws(WeftError) in try hash.text() }
                selection.tune(plan.document.tuned)
            }
            let operators = try Self.operators(options, selection)
            var model = try loading.measure("read the model") { () throws(WeftError) in try load(operators) }
            let mode = options.placement ?? options.plan?.placement ?? (providers.count == 1 ? .preference : .cost)
            var rules = PlacementRules(
                mode: mode == .cost ? .cost : .preference,
                strictCount: options.strict ? selection.namedCount : nil)
            for pin in (options.plan?.pins ?? []) + options.pins {
                guard let index = try selection.index(of: pin.provider) else {
                    throw WeftError(
                        .invalidOption,
                        "'\(pin.pattern)' is pinned to \(pin.provider), which is not in the list of providers")
                }
                rules.pins.append((pin.pattern, index))
            }
            var engineOptions = EngineOptions(rules: rules)
            engineOptions.plan = options.plan?.document
            engineOptions.planCapacity = options.planCapacity
            engineOptions.contextLimit = options.concurrentRuns
            engineOptions.deterministic = options.deterministic
            engineOptions.budget = MemoryBudget(largest: options.largestValue)
            engineOptions.fallsBackToHost = options.fallsBackToHost
            engineOptions.logger = options.logger
            do {
                let (graph, options) = (model.graph, engineOptions)
                engine = try loading.measure("fold constants") { () throws(WeftError) in
                    try Engine(
                        graph, devices: selection.devices, reference: DefaultProviders.reference,
                        pool: Machine.pool(threads: threads), options: options)
                }
            } catch {
                throw error.at(file: model.file)
            }
            self.loading = loading
            log.loaded(
                file: model.file, nodes: model.graph.nodes.count, left: engine.graph.nodes.count,
                seconds: Double(HostClock.nanoseconds - start) * 1e-9)
            original = model.graph
            model.graph = engine.graph
            self.model = model
            let described = original
            func describe(_ value: Int) -> ValueDescription {
                let entry = described.values[value]
                return ValueDescription(name: entry.name, type: entry.type, dimensions: entry.dimensions)
            }
            inputs = original.inputs.map(describe)
            outputs = original.outputs.map(describe)
            if options.plansAtLoad, !engine.dependsOnContents, let ready = try Self.standIns(inputs, options.shapes) {
                do { _ = try engine.plan(for: ready) } catch { throw error.at(file: model.file) }
            }
        }

        /// What the model's nodes may be: what the options, the list's providers and those of the process bring.
        private static func operators(
            _ options: SessionOptions, _ selection: DeviceSelection
        ) throws(WeftError) -> OperatorSet {
            var operators = OperatorSet.standard
            try operators.add(options.operators, of: "the session's options")
            var owners: Set<String> = []
            for provider in selection.providers + DefaultProviders.all where owners.insert(provider.name).inserted {
                try operators.add(provider.operators, of: "provider '\(provider.name)'")
            }
            return operators
        }

        /// Stand-ins for inputs whose shapes the file or the caller fixes; nil where a shape is open.
        ///
        /// Throws `.invalidOption` for a shape of an input that is not there, or that the model does not allow.
        private static func standIns(
            _ inputs: [ValueDescription], _ shapes: [String: [Int]]
        ) throws(WeftError) -> [Value]? {
            for name in shapes.keys.sorted() where !inputs.contains(where: { $0.name == name }) {
                throw WeftError(
                    .invalidOption, "a shape is given for '\(name)', which is no input of the model",
                    hint: "its inputs are \(inputs.map(\.description).joined(separator: "; "))")
            }
            var values: [Value] = []
            var symbols: [String: Int] = [:]
            for input in inputs {
                guard let type = input.elementType, type != .string, let shape = shapes[input.name] ?? input.fixedShape
                else { return nil }
                guard let tensor = try? Tensor(uninitialized: type, shape: shape, zeroed: true) else { return nil }
                if let problem = input.mismatch(.tensor(tensor), &symbols) {
                    throw WeftError(.invalidOption, "input '\(input.name)' \(problem)")
                }
                values.append(.tensor(tensor))
            }
            return values
        }
    }

    // MARK: Plans

    /// The plan for inputs like these, made if there is none yet.
    ///
    /// With `counterfactuals` it also says which operators that devices lack would save most, which takes a placement
    /// for each of them.
    public func explain(
        _ inputs: [String: Value], counterfactuals: Bool = false
    ) throws(WeftError) -> PlanExplanation {
        let values = try ordered(inputs)
        do {
            var explanation = PlanExplanation(try engine.plan(for: values).report)
            if counterfactuals {
                explanation.counterfactuals = try engine.counterfactuals(for: values).map {
                    PlanExplanation.Counterfactual($0)
                }
            }
            return explanation
        } catch {
            throw error.at(file: file)
        }
    }

    /// What each device of the list says about every node for inputs like these, whether a plan is possible or not.
    public func survey(_ inputs: [String: Value]) throws(WeftError) -> ModelSurvey {
        let values = try ordered(inputs)
        do {
            return ModelSurvey(try engine.survey(for: values))
        } catch {
            throw error.at(file: file)
        }
    }

    /// Where the model's nodes would go by cost if these were its devices; nothing is compiled.
    package func placement(
        _ inputs: [String: Value], on devices: [EngineDevice]
    ) throws(WeftError) -> PlacementReport {
        let values = try ordered(inputs)
        do {
            let other = try Engine(
                engine.graph, devices: devices, reference: DefaultProviders.reference, pool: engine.pool,
                options: EngineOptions(rules: PlacementRules(mode: .cost)))
            return try other.placement(for: values)
        } catch {
            throw error.at(file: file)
        }
    }

    /// Which device runs what share of the model's work, by the plan that served last; one without nodes before the first.
    public var placement: PlanExplanation { PlanExplanation(engine.latestReport ?? PlacementReport()) }

    /// How many signatures have plans at the moment.
    public var planCount: Int { engine.planCount }
}

extension Session {
    /// Throws `.unknownProvider` or `.providerUnavailable` where a list names what is not here, and `.invalidOption`
    /// where two providers of it have one name, or a device is named twice.
    public static func check(_ providers: [ProviderChoice]) throws(WeftError) {
        _ = try DeviceSelection.resolve(providers)
    }
}
