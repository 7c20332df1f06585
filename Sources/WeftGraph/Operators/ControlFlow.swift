import WeftProvider

extension Operator {
    /// One of two bodies, by a condition of one element. The engine runs it; what a body captures are its inputs.
    package static let `if` = Operator(
        "If", since: 25, inputs: 1...1, outputs: 1...Int.max, hostInputs: [0], nature: .controlFlow,
        infer: Rules.declaredByBodies)

    /// A body run up to M times, as long as its condition holds; M and the condition are optional.
    package static let loop = Operator(
        "Loop", since: 25, inputs: 2...Int.max, outputs: 1...Int.max, hostInputs: [0, 1], nature: .controlFlow,
        infer: Rules.declaredByBodies)

    /// A body run once for each slice of its scan inputs.
    package static let scan = Operator(
        "Scan", since: 25, inputs: 1...Int.max, outputs: 1...Int.max,
        attributes: [
            .required("num_scan_inputs", .int), .optional("scan_input_axes", .ints),
            .optional("scan_input_directions", .ints), .optional("scan_output_axes", .ints),
            .optional("scan_output_directions", .ints),
        ], nature: .controlFlow,
        lift: { draft, opset, _ throws(WeftError) in
            if opset < 9 { try Lifting.batchedScan(&draft) }
            return false
        }, infer: Rules.declaredByBodies)
}

extension Rules {
    /// Outputs have the kinds and element types that the bodies declare; shapes are what running them gives.
    ///
    /// An output that bodies declare differently, or not at all, has no known type.
    static let declaredByBodies: @Sendable (inout Inference) throws(WeftError) -> Void = {
        inference throws(WeftError) in
        guard let node = inference.node else { return }
        for index in inference.outputs.indices {
            var types = node.bodies.values.map { body in declared(body, output: index, of: node) }
            guard let first = types.popLast(), types.allSatisfy({ $0 == first }) else { continue }
            inference.outputs[index] = first
        }
    }

    private static func declared(_ body: Graph, output index: Int, of node: Node) -> ValueType? {
        let position = node.opType == "Loop" ? index + 1 : index
        guard position < body.outputs.count else { return nil }
        let value = body.outputs[position]
        guard let type = (body.constants[value]?.type ?? body.values[value].type)?.unsized else { return nil }
        return node.opType == "SequenceMap" ? .sequence(type) : type
    }
}
