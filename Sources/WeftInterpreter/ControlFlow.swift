package import WeftGraph
package import WeftProvider

/// Runs If, Loop, Scan and SequenceMap. Their bodies are run by `call`: by the interpreter, or by the engine's plans.
package struct ControlFlow {
    /// Runs a closed body on its inputs: those that the operator defines, then all values that the body captures.
    let call: (Graph, [Datum]) throws(WeftError) -> [Value]
    package let budget: MemoryBudget
    let checkCancellation: () throws(WeftError) -> Void

    package init(
        call: @escaping (Graph, [Datum]) throws(WeftError) -> [Value], budget: MemoryBudget,
        checkCancellation: @escaping () throws(WeftError) -> Void
    ) {
        self.call = call
        self.budget = budget
        self.checkCancellation = checkCancellation
    }

    package static func isControlFlow(_ node: Node) -> Bool { !node.bodies.isEmpty }

    package func run(_ node: Node, _ inputs: [Datum?]) throws(WeftError) -> [Value?] {
        do throws(WeftError) {
            switch (node.domain, node.opType) {
            case ("", "If"): return try branch(node, inputs)
            case ("", "Loop"): return try loop(node, inputs)
            case ("", "Scan"): return try scan(node, inputs)
            case ("", "SequenceMap"): return try map(node, inputs)
            default: throw NodeResolver.unknownOperator(node)
            }
        } catch {
            throw error.at(node: node.label)
        }
    }

    private func captures(_ node: Node, _ inputs: [Datum?]) throws(WeftError) -> [Datum] {
        var captured: [Datum] = []
        for datum in inputs.suffix(node.captureCount) {
            guard let datum else { throw WeftError(.invalidModel, "a value that a body needs is absent") }
            captured.append(datum)
        }
        return captured
    }

    private func body(_ node: Node, _ name: String) throws(WeftError) -> Graph {
        guard let body = node.bodies[name] else { throw WeftError(.invalidModel, "the body '\(name)' is missing") }
        return body
    }

    // MARK: If

    private func branch(_ node: Node, _ inputs: [Datum?]) throws(WeftError) -> [Value?] {
        guard let condition = inputs.first ?? nil else { throw WeftError(.invalidModel, "the condition is missing") }
        let chosen = try Self.flag(condition, "the condition") ? "then_branch" : "else_branch"
        let outputs = try call(try body(node, chosen), try captures(node, inputs))
        guard outputs.count >= node.outputs.count else {
            throw WeftError(
                .invalidModel, "\(chosen) gives \(outputs.count) values, \(node.outputs.count) are asked for")
        }
        return Array(outputs.prefix(node.outputs.count))
    }

    // MARK: Loop

    private func loop(_ node: Node, _ inputs: [Datum?]) throws(WeftError) -> [Value?] {
        let body = try body(node, "body")
        let captured = try captures(node, inputs)
        let given = inputs.dropLast(node.captureCount)
        let limit = try given.first.flatMap { $0 }.map { datum throws(WeftError) in try Self.count(datum) }
        var proceed = true
        if given.count > 1, let condition = given[1] { proceed = try Self.flag(condition, "the condition") }
        var carried: [Datum] = []
        for datum in given.dropFirst(2) {
            guard let datum else { throw WeftError(.invalidModel, "an initial value is missing") }
            carried.append(datum)
        }
        let scanCount = body.outputs.count - 1 - carried.count
        guard scanCount >= 0, body.inputs.count == 2 + carried.count + captured.count else {
            throw WeftError(
                .invalidModel,
                "the body has \(body.inputs.count) inputs and \(body.outputs.count) outputs for \(carried.count) carried values"
            )
        }
        var stacks = [Stack](repeating: Stack(), count: scanCount)
        var trip = 0
        while proceed, limit.map({ trip < $0 }) ?? true {
            try checkCancellation()
            let counter = Datum.value(.tensor(Tensor(scalar: Int64(trip))))
            let outputs = try call(body, [counter, Self.always] + carried + captured)
            proceed = try Self.flag(.value(outputs[0]), "the body's condition")
            for index in carried.indices { carried[index] = .value(outputs[1 + index]) }
            for index in 0..<scanCount { try stacks[index].append(outputs[1 + carried.count + index]) }
            trip += 1
        }
        var results: [Value?] = []
        for datum in carried { results.append(try datum.value()) }
        for index in 0..<scanCount {
            results.append(try stacks[index].joined(ifEmpty: body, body.outputs[1 + carried.count + index], budget))
        }
        return results
    }

    /// The condition that is passed to the body on every trip.
    package static let alwaysConstant = ConstantFactory.constant(Tensor(scalar: true))
    private static let always = Datum.constant(alwaysConstant)

    // MARK: Scan

    private func scan(_ node: Node, _ inputs: [Datum?]) throws(WeftError) -> [Value?] {
        let body = try body(node, "body")
        let captured = try captures(node, inputs)
        let given = inputs.dropLast(node.captureCount)
        guard case .int(let declared) = node.attributes["num_scan_inputs"], declared >= 1, declared <= given.count
        else {
            throw WeftError(.invalidModel, "num_scan_inputs is missing or larger than the number of inputs")
        }
        let scanned = Int(declared)
        let stateCount = given.count - scanned
        var state: [Datum] = []
        var sequences: [Tensor] = []
        for (index, datum) in given.enumerated() {
            guard let datum else { throw WeftError(.invalidModel, "input \(index) is missing") }
            if index < stateCount {
                state.append(datum)
            } else {
                guard let tensor = try datum.value().tensor else {
                    throw WeftError(.invalidModel, "input \(index) should be a tensor of numbers")
                }
                sequences.append(tensor)
            }
        }
        let axes = Self.list(node, "scan_input_axes", scanned)
        let directions = Self.list(node, "scan_input_directions", scanned)
        var slicers: [Slicer] = []
        for (index, tensor) in sequences.enumerated() {
            slicers.append(try Slicer(tensor, axis: axes[index], reversed: directions[index] != 0))
        }
        let trips = slicers[0].count
        for slicer in slicers where slicer.count != trips {
            throw WeftError(.invalidModel, "scan inputs have different lengths: \(trips) and \(slicer.count)")
        }
        let scanOutputs = body.outputs.count - stateCount
        guard scanOutputs >= 0, body.inputs.count == given.count + captured.count else {
            throw WeftError(.invalidModel, "the body's inputs and outputs do not fit the node's")
        }
        var stacks = [Stack](repeating: Stack(), count: scanOutputs)
        for trip in 0..<trips {
            try checkCancellation()
            var slices: [Datum] = []
            for slicer in slicers { slices.append(.value(.tensor(try slicer.slice(trip, budget)))) }
            let outputs = try call(body, state + slices + captured)
            for index in state.indices { state[index] = .value(outputs[index]) }
            for index in 0..<scanOutputs { try stacks[index].append(outputs[stateCount + index]) }
        }
        let outputAxes = Self.list(node, "scan_output_axes", scanOutputs)
        let outputDirections = Self.list(node, "scan_output_directions", scanOutputs)
        var results: [Value?] = []
        for datum in state { results.append(try datum.value()) }
        for index in 0..<scanOutputs {
            results.append(
                try stacks[index].joined(
                    ifEmpty: body, body.outputs[stateCount + index], budget, axis: outputAxes[index],
                    reversed: outputDirections[index] != 0))
        }
        return results
    }

    // MARK: SequenceMap

    /// Runs the body for each element of the first sequence, with the elements of other sequences at the same position.
    /// Tensors are the same on every trip.
    private func map(_ node: Node, _ inputs: [Datum?]) throws(WeftError) -> [Value?] {
        let body = try body(node, "body")
        let captured = try captures(node, inputs)
        var given: [Value] = []
        for (index, datum) in inputs.dropLast(node.captureCount).enumerated() {
            guard let datum else { throw WeftError(.invalidModel, "input \(index) is missing") }
            given.append(try datum.value())
        }
        guard case .sequence(let first, _)? = given.first else {
            throw WeftError(
                .invalidModel,
                "the first input should be a sequence, is a \(inputs.first??.type.description ?? "missing one")")
        }
        var results = [[Value]](repeating: [], count: node.outputs.count)
        for trip in first.indices {
            try checkCancellation()
            var arguments: [Datum] = []
            for (index, value) in given.enumerated() {
                guard case .sequence(let elements, _) = value else {
                    arguments.append(.value(value))
                    continue
                }
                guard elements.count == first.count else {
                    throw WeftError(
                        .invalidData, "input \(index) has \(elements.count) elements, the first has \(first.count)")
                }
                arguments.append(.value(elements[trip]))
            }
            let outputs = try call(body, arguments + captured)
            guard outputs.count >= results.count else {
                throw WeftError(.invalidModel, "the body gives \(outputs.count) values, \(results.count) are asked for")
            }
            for index in results.indices { results[index].append(outputs[index]) }
        }
        return results.enumerated().map { index, elements in
            let declared = index < body.outputs.count ? body.values[body.outputs[index]].type?.unsized : nil
            return .sequence(elements, of: declared ?? elements.first?.type.unsized ?? .tensor(.float32, .unknown))
        }
    }

    // MARK: Scalars and attributes

    package static func flag(_ datum: Datum, _ what: String) throws(WeftError) -> Bool {
        guard let tensor = try datum.value().tensor, tensor.elementType == .bool, tensor.elementCount == 1 else {
            throw WeftError(.invalidData, "\(what) should be one boolean, is \(datum.type)")
        }
        return tensor.storage.bytes.first != 0
    }

    package static func count(_ datum: Datum) throws(WeftError) -> Int {
        guard let tensor = try datum.value().tensor, tensor.elementType == .int64, tensor.elementCount == 1 else {
            throw WeftError(.invalidData, "the trip count should be one int64, is \(datum.type)")
        }
        return Int(try tensor.array(as: Int64.self)[0])
    }

    private static func list(_ node: Node, _ name: String, _ count: Int) -> [Int] {
        guard case .ints(let values) = node.attributes[name], values.count == count else {
            return [Int](repeating: 0, count: count)
        }
        return values.map { Int($0) }
    }
}
