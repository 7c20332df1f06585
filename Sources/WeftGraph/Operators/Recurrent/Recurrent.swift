import WeftProvider

extension Operator {
    /// A recurrent layer of one gate; x is [T, B, I], or [B, T, I] where `layout` is 1.
    package static let rnn = recurrent("RNN", gates: 1, activations: ["Tanh"])
    /// A gated recurrent unit: gates z, r and h.
    package static let gru = recurrent(
        "GRU", gates: 3, activations: ["Sigmoid", "Tanh"], [.int("linear_before_reset", 0)])
    /// A long short-term memory: gates i, o, f and c, and optional peepholes.
    package static let lstm = recurrent(
        "LSTM", gates: 4, activations: ["Sigmoid", "Tanh", "Tanh"], [.int("input_forget", 0)])

    /// `activations` are those of one direction.
    private static func recurrent(
        _ name: String, gates: Int, activations: [String], _ more: [AttributeSpec] = []
    ) -> Operator {
        let memory = gates == 4
        return Operator(
            name, since: 22, inputs: 3...(memory ? 8 : 6), outputs: 1...(memory ? 3 : 2),
            attributes: [
                .optional("activation_alpha", .floats), .optional("activation_beta", .floats),
                .optional("activations", .strings), .optional("clip", .float), .string("direction", "forward"),
                .optional("hidden_size", .int), .int("layout", 0),
            ] + more,
            lift: { draft, _, _ throws(WeftError) in
                draft.attributes["output_sequence"] = nil
                return false
            }
        ) { inference throws(WeftError) in
            let type = try inference.elementType(0, among: .floating)
            for index in inference.inputs.indices where index != 4 && inference.has(index) {
                guard try inference.elementType(index) == type else {
                    throw WeftError(.invalidModel, "inputs 0 and \(index) should have one type")
                }
            }
            if inference.has(4) { _ = try inference.elementType(4, among: [.int32]) }
            let direction = inference.string("direction") ?? ""
            guard ["forward", "reverse", "bidirectional"].contains(direction) else {
                throw WeftError(.invalidModel, "direction '\(direction)' is none of forward, reverse and bidirectional")
            }
            let directions = direction == "bidirectional" ? 2 : 1
            if case .strings(let given) = inference.attributes["activations"], !given.isEmpty {
                guard given.count == directions * activations.count else {
                    throw WeftError(
                        .invalidModel, "activations should be \(directions * activations.count), are \(given)")
                }
            } else {
                inference.attributes["activations"] = .strings((0..<directions).flatMap { _ in activations })
            }
            let batchFirst = try inference.int("layout") != 0
            guard let x = inference.shape(0), let r = inference.shape(2) else {
                for index in inference.outputs.indices { try inference.set(output: index, type, nil) }
                return
            }
            guard x.count == 3, r.count == 3 else {
                throw WeftError(.invalidModel, "the input has shape \(x), the recurrent weights \(r): both need rank 3")
            }
            let (steps, batch, hidden) = (x[batchFirst ? 1 : 0], x[batchFirst ? 0 : 1], r[2])
            let (rows, overflow) = hidden.multipliedReportingOverflow(by: 2 * gates)
            guard !overflow else { throw WeftError(.invalidModel, "a hidden size of \(hidden) is too large") }
            let state = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
            let expected: [Int: [Int]] = [
                1: [directions, rows / 2, x[2]], 2: [directions, rows / 2, hidden], 3: [directions, rows], 4: [batch],
                5: state, 6: state, 7: [directions, 3 * hidden],
            ]
            for (index, shape) in expected {
                if let given = inference.shape(index), given != shape {
                    throw WeftError(.invalidModel, "input \(index) should have shape \(shape), has \(given)")
                }
            }
            try inference.set(
                type, batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden])
            try inference.set(output: 1, type, state)
            try inference.set(output: 2, type, state)
        }
    }
}
