import WeftProvider

extension Operator {
    /// Attention of [B, H, L, D] whose scores and probabilities pass through bodies of the model's own.
    ///
    /// Taken apart into products, the bodies' nodes and a softmax.
    package static let flexAttention = Operator(
        "FlexAttention", domain: "ai.onnx.preview", since: 1, inputs: 3...3,
        attributes: [.optional("scale", .float), .optional("softmax_precision", .int)],
        lift: { draft, _, builder throws(WeftError) in
            guard draft.inputs.count - draft.captureCount == 3, draft.outputs.count == 1 else { return false }
            var parts = FlexAttentionParts(draft, builder)
            try parts.append()
            builder = parts.builder
            return true
        }
    ) { inference throws(WeftError) in
        try inference.set(try inference.elementType(0, among: .floating), nil)
    }
}

/// The nodes that a FlexAttention node stands for.
private struct FlexAttentionParts {
    let draft: NodeDraft
    var builder: GraphBuilder
    private static let opset = 21

    init(_ draft: NodeDraft, _ builder: GraphBuilder) {
        self.draft = draft
        self.builder = builder
    }

    mutating func append() throws(WeftError) {
        let (q, k, v) = (draft.inputs[0], draft.inputs[1], draft.inputs[2])
        let turned = try node("Transpose", [try repeated(k, as: q)], ["perm": .ints([0, 1, 3, 2])])
        var scores = try node("Mul", [try node("MatMul", [q, turned]), try scale(q)])
        var precision = builder.values[q].type?.elementType == .float64 ? ElementType.float64 : .float32
        if case .int(let number) = draft.attributes["softmax_precision"] {
            guard let type = UInt8(exactly: number).flatMap({ ElementType(rawValue: $0) }) else {
                throw WeftError(.invalidModel, "softmax_precision = \(number) is no element type")
            }
            precision = type
        }
        scores = try node("Cast", [scores], ["to": .int(Int64(precision.rawValue))])
        var weights = try node("Softmax", [try inlined("score_mod", scores)], ["axis": .int(-1)])
        weights = try node("CastLike", [try inlined("prob_mod", weights), v])
        try add("MatMul", [weights, try repeated(v, as: q)], draft.outputs[0])
    }

    private mutating func add(
        _ opType: String, _ inputs: [Int], _ output: Int, _ attributes: [String: Attribute] = [:]
    ) throws(WeftError) {
        try builder.append(
            NodeDraft(opType, name: draft.name, inputs: inputs, outputs: [output], attributes: attributes),
            opset: Self.opset)
    }

    private mutating func node(
        _ opType: String, _ inputs: [Int], _ attributes: [String: Attribute] = [:]
    ) throws(WeftError) -> Int {
        let output = builder.value(draft.name + ".\(opType)")
        try add(opType, inputs, output, attributes)
        return output
    }

    private mutating func sizes(_ value: Int, _ axes: Range<Int>) throws(WeftError) -> Int {
        try node("Shape", [value], ["start": .int(Int64(axes.lowerBound)), "end": .int(Int64(axes.upperBound))])
    }

    /// The factor on the scores: the one given, or 1 over the root of the head size.
    private mutating func scale(_ q: Int) throws(WeftError) -> Int {
        if case .float(let given) = draft.attributes["scale"] {
            let constant = builder.constant(ConstantFactory.constant(Tensor(scalar: given)))
            return try node("CastLike", [constant, q])
        }
        let size = try node("Cast", [try sizes(q, 3..<4)], ["to": .int(Int64(ElementType.float32.rawValue))])
        return try node("CastLike", [try node("Reciprocal", [try node("Sqrt", [size])]), q])
    }

    /// Keys or values with each head repeated for the query heads that share it.
    private mutating func repeated(_ x: Int, as q: Int) throws(WeftError) -> Int {
        let heads = try sizes(q, 1..<2)
        let group = try node("Div", [heads, try sizes(x, 1..<2)])
        let ones = builder.constant(ConstantFactory.constant(ints: [1, 1]))
        let axis = builder.constant(ConstantFactory.constant(ints: [2]))
        let wide = try node("Concat", [ones, group, ones], ["axis": .int(0)])
        let expanded = try node("Expand", [try node("Unsqueeze", [x, axis]), wide])
        let shape = try node("Concat", [try sizes(x, 0..<1), heads, try sizes(x, 2..<4)], ["axis": .int(0)])
        return try node("Reshape", [expanded, shape])
    }

    /// The nodes of a body applied to a value; the value itself where there is no such body.
    private mutating func inlined(_ name: String, _ value: Int) throws(WeftError) -> Int {
        guard let body = draft.bodies[name] else { return value }
        let captures = draft.inputs.suffix(draft.captureCount)
        guard body.inputs.count == 1 + captures.count, let result = body.outputs.first else {
            throw WeftError(.invalidModel, "\(name) should take one value and give one")
        }
        var map = Dictionary(zip(body.inputs, [value] + captures)) { first, _ in first }
        for (number, constant) in body.constants {
            map[number] = builder.constant(constant, name: body.values[number].name)
        }
        for inner in body.nodes {
            let outputs = inner.outputs.map { $0 == Node.absent ? $0 : builder.value(body.values[$0].name) }
            for (number, output) in zip(inner.outputs, outputs) { map[number] = output }
            builder.append(
                canonical: NodeDraft(
                    inner.opType, domain: inner.domain, name: inner.name,
                    inputs: inner.inputs.map { $0 == Node.absent ? $0 : map[$0] ?? Node.absent }, outputs: outputs,
                    attributes: inner.attributes, bodies: inner.bodies, captureCount: inner.captureCount),
                version: inner.version)
        }
        guard let known = map[result] else { throw WeftError(.invalidModel, "\(name) never makes its output") }
        return known
    }
}
