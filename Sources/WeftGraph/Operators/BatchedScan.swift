import WeftProvider

extension Lifting {
    /// Writes a Scan of opset 8, which had a batch in front of all its tensors, as a Scan over the batch.
    ///
    /// Its body is the Scan over one sequence. Throws `.unsupportedVersion` for sequences of different lengths.
    static func batchedScan(_ draft: inout NodeDraft) throws(WeftError) {
        guard !draft.has(input: 0) else {
            throw WeftError(
                .unsupportedVersion, "Scan of opset 8 with sequence_lens is not supported",
                hint: "convert the model to opset 9 or later", node: draft.label)
        }
        guard let body = draft.bodies["body"], !draft.inputs.isEmpty else {
            throw WeftError(.invalidModel, "the body is missing", node: draft.label)
        }
        draft.inputs.removeFirst()
        let scanned = draft.inputs.count - draft.captureCount
        var inner = draft
        inner.attributes["scan_input_directions"] = inner.attributes.removeValue(forKey: "directions")
        var builder = GraphBuilder(name: "\(draft.name) of one sequence")
        inner.inputs = draft.inputs.map { _ in builder.value() }
        inner.outputs = draft.outputs.enumerated().map { index, value in
            guard value != Node.absent, index < body.outputs.count else { return builder.value() }
            return builder.value(type: body.values[body.outputs[index]].type?.unsized)
        }
        builder.inputs = inner.inputs
        builder.outputs = inner.outputs
        builder.append(canonical: inner, version: Operator.scan.since)
        draft.bodies = ["body": builder.build()]
        draft.attributes = ["num_scan_inputs": .int(Int64(scanned))]
    }
}
