import WeftGraph
import WeftONNX
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
    private let options: SessionOptions

    /// Loads a model file. `providers` is the list of who may run nodes, in order of preference; `cpu` always may.
    ///
    /// An empty list stands for everything that this machine has. External data must lie in the model's folder.
    /// Throws `.unreadableFile`, `.invalidModel`, `.unsupportedVersion`, `.unsupportedOperator`, and for the list
    /// `.unknownProvider` and `.providerUnavailable`.
    public convenience init(
        model path: String, providers: [ProviderChoice] = [], options: SessionOptions = SessionOptions()
    ) async throws(WeftError) {
        try await self.init(providers: providers, options: options) { () throws(WeftError) in
            try Model(contentsOf: path)
        }
    }

    /// The same from a file's bytes in memory; `folder` is where its external data lies, if it has any.
    public convenience init(
        model bytes: [UInt8], folder: String? = nil, providers: [ProviderChoice] = [],
        options: SessionOptions = SessionOptions()
    ) async throws(WeftError) {
        try await self.init(providers: providers, options: options) { () throws(WeftError) in
            try Model(bytes: bytes, folder: folder)
        }
    }

    private convenience init(
        providers: [ProviderChoice], options: SessionOptions,
        _ load: @escaping @Sendable () throws(WeftError) -> Model
    ) async throws(WeftError) {
        let parts = await withCheckedContinuation { continuation in
            Drivers.shared.submit {
                continuation.resume(
                    returning: Result { () throws(WeftError) in try Parts(load, providers: providers, options: options)
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
            try Parts({ () throws(WeftError) in try Model(contentsOf: path) }, providers: providers, options: options),
            options)
    }

    private init(_ parts: Parts, _ options: SessionOptions) {
        engine = parts.engine
        inputs = parts.inputs
        outputs = parts.outputs
        metadata = parts.model.metadata
        information = ModelInformation(parts.model, original: parts.original)
        file = parts.model.file
        self.options = options
    }

    /// What loading makes, off the cooperative threads.
    private struct Parts: Sendable {
        let model: Model
        let original: Graph
        let engine: Engine
        let inputs: [ValueDescription]
        let outputs: [ValueDescription]

        init(
            _ load: () throws(WeftError) -> Model, providers: [ProviderChoice], options: SessionOptions
        ) throws(WeftError) {
            if let threads = options.threads, threads < 1 || threads > 1024 {
                throw WeftError(.invalidOption, "threads should be 1 to 1024, is \(threads)")
            }
            let threads = options.threads ?? Machine.cores
            let selection = try DeviceSelection(providers, threads: threads)
            var model = try load()
            let mode = options.placement ?? (providers.count == 1 ? .preference : .cost)
            var rules = PlacementRules(
                mode: mode == .cost ? .cost : .preference,
                strictCount: options.strict ? selection.namedCount : nil)
            for pin in options.pins {
                guard let index = try selection.index(of: pin.provider) else {
                    throw WeftError(
                        .invalidOption,
                        "'\(pin.pattern)' is pinned to \(pin.provider), which is not in the list of providers")
                }
                rules.pins.append((pin.pattern, index))
            }
            var engineOptions = EngineOptions(rules: rules)
            engineOptions.planCapacity = options.planCapacity
            engineOptions.contextLimit = options.concurrentRuns
            engineOptions.deterministic = options.deterministic
            engineOptions.budget = MemoryBudget(largest: options.largestValue)
            do {
                engine = try Engine(
                    model.graph, devices: selection.devices, reference: DefaultProviders.reference,
                    pool: Machine.pool(threads: threads), options: engineOptions)
            } catch {
                throw error.at(file: model.file)
            }
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

    // MARK: Running

    /// Runs the model; work happens on the engine's own threads. Cancelling the task stops the run between nodes.
    ///
    /// Throws `.invalidInput` for a wrong name, type or shape, `.cancelled`, and what devices report.
    public func run(
        _ inputs: [String: Tensor], outputs: [String]? = nil, deadline: ContinuousClock.Instant? = nil
    ) async throws(WeftError) -> Outputs {
        try await run(values: inputs.mapValues { .tensor($0) }, outputs: outputs, deadline: deadline)
    }

    /// The same for inputs of any kind.
    public func run(
        values inputs: [String: Value], outputs: [String]? = nil, deadline: ContinuousClock.Instant? = nil
    ) async throws(WeftError) -> Outputs {
        let cancellation = RunCancellation(deadline: deadline)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Drivers.shared.submit {
                    continuation.resume(
                        returning: Result { () throws(WeftError) in try self.run(inputs, outputs, cancellation) })
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    /// Runs the model on the calling thread, and the pool's.
    public func runSynchronously(
        _ inputs: [String: Tensor], outputs: [String]? = nil, deadline: ContinuousClock.Instant? = nil
    ) throws(WeftError) -> Outputs {
        try runSynchronously(values: inputs.mapValues { .tensor($0) }, outputs: outputs, deadline: deadline)
    }

    /// The same for inputs of any kind.
    public func runSynchronously(
        values inputs: [String: Value], outputs: [String]? = nil, deadline: ContinuousClock.Instant? = nil
    ) throws(WeftError) -> Outputs {
        try run(inputs, outputs, RunCancellation(deadline: deadline))
    }

    private func run(
        _ given: [String: Value], _ wanted: [String]?, _ cancellation: RunCancellation
    ) throws(WeftError) -> Outputs {
        let values = try ordered(given)
        let chosen = try wanted.map { names throws(WeftError) in try positions(names) }
        do {
            let results = try engine.run(values, cancellation: cancellation)
            let names = outputs.map(\.name)
            guard let chosen else { return Outputs(names: names, values: results) }
            return Outputs(names: chosen.map { names[$0] }, values: chosen.map { results[$0] })
        } catch {
            throw error.at(file: file)
        }
    }

    private func positions(_ names: [String]) throws(WeftError) -> [Int] {
        var positions: [Int] = []
        for name in names {
            guard let index = outputs.firstIndex(where: { $0.name == name }) else {
                throw WeftError(
                    .invalidInput, "the model has no output '\(name)'",
                    hint: "its outputs are \(outputs.map(\.name).joined(separator: ", "))", file: file)
            }
            positions.append(index)
        }
        return positions
    }

    /// The values in the model's order, checked against what it declares.
    func ordered(_ given: [String: Value]) throws(WeftError) -> [Value] {
        if let unknown = given.keys.sorted().first(where: { name in !inputs.contains { $0.name == name } }) {
            throw WeftError(
                .invalidInput, "the model has no input '\(unknown)'",
                hint: "its inputs are \(inputs.map(\.description).joined(separator: "; "))", file: file)
        }
        var values: [Value] = []
        var symbols: [String: Int] = [:]
        for input in inputs {
            guard let value = given[input.name] else {
                if case .optional(let wrapped) = input.type {
                    values.append(.optional(nil, of: wrapped))
                    continue
                }
                throw WeftError(.invalidInput, "input '\(input.name)' is missing", hint: "it is \(input)", file: file)
            }
            if let problem = input.mismatch(value, &symbols) {
                throw WeftError(.invalidInput, "input '\(input.name)' \(problem)", file: file)
            }
            values.append(value)
        }
        return values
    }

    // MARK: Plans

    /// The plan for inputs like these, made if there is none yet.
    public func explain(_ inputs: [String: Value]) throws(WeftError) -> PlanExplanation {
        let values = try ordered(inputs)
        do {
            return PlanExplanation(try engine.plan(for: values).report)
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

    /// Which device runs what share of the model's work, by the plan that served last; one without nodes before the first.
    public var placement: PlanExplanation { PlanExplanation(engine.latestReport ?? PlacementReport()) }

    /// How many signatures have plans at the moment.
    public var planCount: Int { engine.planCount }
}

extension Session {
    /// Throws `.unknownProvider` or `.providerUnavailable` where a list names what is not here.
    public static func check(_ providers: [ProviderChoice]) throws(WeftError) {
        for choice in providers { _ = try DeviceSelection.resolve(choice) }
    }
}
