import WeftProvider

extension Operator {
    /// Swish of a, times b; the two have one shape. Taken apart into the two operators that it is made of.
    package static let swiGLU = Operator(
        "SwiGLU", since: 28, inputs: 2...2, attributes: [.float("alpha", 1)],
        lift: { draft, opset, builder throws(WeftError) in
            guard draft.inputs.count == 2 else { return false }
            let gate = builder.value(draft.name + ".gate")
            try builder.append(
                NodeDraft(
                    "Swish", name: draft.name, inputs: [draft.inputs[0]], outputs: [gate], attributes: draft.attributes),
                opset: opset)
            try builder.append(
                NodeDraft("Mul", name: draft.name, inputs: [gate, draft.inputs[1]], outputs: draft.outputs),
                opset: opset)
            return true
        }
    ) { inference throws(WeftError) in
        try inference.set(try inference.elementType(0), inference.shape(0))
    }
}
