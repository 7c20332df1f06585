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
            guard opset < 9 else { return false }
            throw WeftError(
                .unsupportedVersion, "Scan of opset 8, which batches its sequences, is not supported",
                hint: "convert the model to opset 9 or later", node: draft.label)
        }, infer: Rules.declaredByBodies)
}

extension Rules {
    /// Nothing is known of outputs but what running the bodies gives.
    static let declaredByBodies: @Sendable (inout Inference) throws(WeftError) -> Void = { _ throws(WeftError) in }
}
