package import WeftGraph
package import WeftProvider

/// Turns a graph's node into the view that providers get, once its inputs' types are known.
package enum NodeResolver {
    /// The node with inferred output types and resolved attributes.
    ///
    /// `ids` numbers the operands (inputs, then outputs; negative for absent ones). An output of unknown type appears
    /// as a tensor of unknown shape. Throws `.unsupportedOperator` for an operator without a schema, and
    /// `.invalidModel` for a node that contradicts its schema.
    package static func resolve(
        _ node: Node, inputs: [ValueType?], contents: [Constant?], id: Int, inputIDs: [Int], outputIDs: [Int]
    ) throws(WeftError) -> NodeView {
        guard let schema = node.schema else {
            throw unknownOperator(node)
        }
        var inference = Inference(node, inputs: inputs, contents: contents)
        do {
            try schema.infer(&inference)
        } catch {
            throw error.at(node: node.label)
        }
        var inputOperands: [Operand?] = []
        inputOperands.reserveCapacity(inputs.count)
        for (index, type) in inputs.enumerated() {
            inputOperands.append(
                type.map {
                    Operand(
                        value: inputIDs[index], type: $0, constant: contents[index],
                        wantsHost: schema.hostInputs.contains(index))
                })
        }
        var outputOperands: [Operand?] = []
        for (index, value) in outputIDs.enumerated() {
            guard node.outputs[index] != Node.absent else {
                outputOperands.append(nil)
                continue
            }
            outputOperands.append(
                Operand(value: value, type: inference.outputs[index] ?? .tensor(.float32, .unknown)))
        }
        return NodeView(
            id: id, name: node.name, domain: node.domain, opType: node.opType, sinceVersion: node.version,
            inputs: inputOperands, outputs: outputOperands, attributes: inference.attributes)
    }

    package static func unknownOperator(_ node: Node) -> WeftError {
        let domain = node.domain.isEmpty ? "ai.onnx" : node.domain
        return WeftError(
            .unsupportedOperator, "operator \(node.opType) of domain \(domain), version \(node.version), is not known",
            hint: "one of another domain than ONNX's comes with a provider, or with the session's options",
            node: node.label)
    }
}
