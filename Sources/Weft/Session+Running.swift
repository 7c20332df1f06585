import WeftExecution
import WeftInterpreter
public import WeftProvider
import WeftRuntime

extension Session {
    /// Runs the model; work happens on the engine's own threads. Cancelling the task stops the run between nodes.
    ///
    /// `buffers` are memory of the caller's, by the name of the output that is written there: `OutputBuffer`.
    /// Throws `.invalidInput` for a wrong name, type or shape, before anything runs as far as the plan knows the
    /// outputs; `.cancelled`; and what devices report.
    public func run(
        _ inputs: [String: Tensor], outputs: [String]? = nil, into buffers: [String: OutputBuffer] = [:],
        deadline: ContinuousClock.Instant? = nil
    ) async throws(WeftError) -> Outputs {
        try await run(values: inputs.mapValues { .tensor($0) }, outputs: outputs, into: buffers, deadline: deadline)
    }

    /// The same for inputs of any kind.
    public func run(
        values inputs: [String: Value], outputs: [String]? = nil, into buffers: [String: OutputBuffer] = [:],
        deadline: ContinuousClock.Instant? = nil
    ) async throws(WeftError) -> Outputs {
        let request = RunRequest(
            inputs: inputs, outputs: outputs, buffers: buffers, cancellation: RunCancellation(deadline: deadline))
        return try await onDriver(request.cancellation) { () throws(WeftError) in try self.run(request) }
    }

    /// Does something on one of the engine's threads; cancelling the task stops it.
    func onDriver<R: Sendable>(
        _ cancellation: RunCancellation, _ body: @escaping @Sendable () throws(WeftError) -> R
    ) async throws(WeftError) -> R {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Drivers.shared.submit { continuation.resume(returning: Result { () throws(WeftError) in try body() }) }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    /// Runs the model on the calling thread, and the pool's.
    public func runSynchronously(
        _ inputs: [String: Tensor], outputs: [String]? = nil, into buffers: [String: OutputBuffer] = [:],
        deadline: ContinuousClock.Instant? = nil
    ) throws(WeftError) -> Outputs {
        try runSynchronously(
            values: inputs.mapValues { .tensor($0) }, outputs: outputs, into: buffers, deadline: deadline)
    }

    /// The same for inputs of any kind.
    public func runSynchronously(
        values inputs: [String: Value], outputs: [String]? = nil, into buffers: [String: OutputBuffer] = [:],
        deadline: ContinuousClock.Instant? = nil
    ) throws(WeftError) -> Outputs {
        try run(
            RunRequest(
                inputs: inputs, outputs: outputs, buffers: buffers, cancellation: RunCancellation(deadline: deadline)))
    }

    /// What a caller asks of one run.
    struct RunRequest: Sendable {
        let inputs: [String: Value]
        let outputs: [String]?
        let buffers: [String: OutputBuffer]
        let cancellation: RunCancellation
    }

    func run(_ request: RunRequest, profiler: Profiler? = nil) throws(WeftError) -> Outputs {
        let values = try ordered(request.inputs)
        let chosen = try request.outputs.map { names throws(WeftError) in try positions(names) }
        let targets = try targets(request, chosen)
        do {
            let results = try engine.run(
                values, into: targets, cancellation: request.cancellation, profiler: profiler)
            let names = outputs.map(\.name)
            guard let chosen else { return Outputs(names: names, values: results) }
            return Outputs(names: chosen.map { names[$0] }, values: chosen.map { results[$0] })
        } catch {
            throw error.at(file: file)
        }
    }

    private func targets(_ request: RunRequest, _ chosen: [Int]?) throws(WeftError) -> OutputTargets {
        guard !request.buffers.isEmpty else { return .none }
        let names = request.buffers.keys.sorted()
        var targets: [Int: OutputTarget] = [:]
        for (name, position) in zip(names, try positions(names)) {
            if let chosen, !chosen.contains(position) {
                throw WeftError(
                    .invalidInput, "a buffer is given for output '\(name)', which is not asked for", file: file)
            }
            targets[position] = request.buffers[name]?.target
        }
        return OutputTargets(targets)
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
}
