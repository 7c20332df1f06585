import WeftProvider

extension Operator {
    /// exp(x) over its sum along `axis`.
    package static let softmax = alongAxis("Softmax")
    /// The logarithm of softmax along `axis`.
    package static let logSoftmax = alongAxis("LogSoftmax")
    /// 1 at the first greatest element along `axis`, 0 elsewhere.
    package static let hardmax = alongAxis("Hardmax")

    private static func alongAxis(_ name: String) -> Operator {
        Operator(
            name, since: 13, inputs: 1...1, attributes: [.int("axis", -1)],
            lift: { draft, opset, builder throws(WeftError) in
                try Lifting.flattened(&draft, opset, &builder)
            }
        ) { inference throws(WeftError) in
            inference.outputs[0] = inference.inputs[0]
            _ = try inference.elementType(0)
            guard let x = inference.shape(0) else { return }
            guard !x.isEmpty else { throw WeftError(.invalidModel, "the input is a scalar and has no axis") }
            inference.attributes["axis"] = .int(
                Int64(try inference.resolve(axis: try inference.int("axis"), rank: x.count)))
        }
    }
}

extension Lifting {
    /// Opsets below 13 take the axes from `axis` (1 unless given) on as one.
    ///
    /// Where that is the last axis, nothing changes but the attribute; else Flatten and Reshape go around.
    static func flattened(
        _ draft: inout NodeDraft, _ opset: Int, _ builder: inout GraphBuilder
    ) throws(WeftError) -> Bool {
        guard opset < 13, let x = draft.inputs.first, let y = draft.outputs.first, x >= 0 else { return false }
        var axis = 1
        if let given = draft.attributes["axis"] {
            guard case .int(let value) = given else { return false }
            axis = Int(value)
        }
        let rank = builder.values[x].dimensions?.count
        if axis == -1 || axis == rank.map({ $0 - 1 }) {
            draft.attributes["axis"] = .int(-1)
            return false
        }
        let flat = builder.value(builder.values[x].name + ".flat")
        let product = builder.value(builder.values[y].name + ".flat")
        let shape = builder.value(builder.values[x].name + ".shape")
        let axisAttribute: [String: Attribute] = ["axis": .int(Int64(axis))]
        try builder.append(
            NodeDraft("Flatten", name: draft.name, inputs: [x], outputs: [flat], attributes: axisAttribute),
            opset: 13)
        try builder.append(
            NodeDraft(
                draft.opType, name: draft.name, inputs: [flat], outputs: [product], attributes: ["axis": .int(-1)]),
            opset: 13)
        try builder.append(NodeDraft("Shape", name: draft.name, inputs: [x], outputs: [shape]), opset: 13)
        try builder.append(
            NodeDraft("Reshape", name: draft.name, inputs: [product, shape], outputs: [y]), opset: 13)
        return true
    }
}
