import WeftProvider

extension Operator {
    package static let reduceL1 = reduction("ReduceL1", since: 18)
    package static let reduceL2 = reduction("ReduceL2", since: 18)
    package static let reduceLogSum = reduction("ReduceLogSum", since: 28)
    package static let reduceLogSumExp = reduction("ReduceLogSumExp", since: 28)
    package static let reduceMax = reduction("ReduceMax", since: 20)
    package static let reduceMean = reduction("ReduceMean", since: 18)
    package static let reduceMin = reduction("ReduceMin", since: 20)
    package static let reduceProd = reduction("ReduceProd", since: 18)
    package static let reduceSum = reduction("ReduceSum", since: 13, axesInput: 13)
    package static let reduceSumSquare = reduction("ReduceSumSquare", since: 18)

    /// An operator that folds the axes of its second input, or all, into one element each.
    private static func reduction(_ name: String, since: Int, axesInput: Int = 18) -> Operator {
        Operator(
            name, since: since, inputs: 1...2, attributes: [.int("keepdims", 1), .int("noop_with_empty_axes", 0)],
            hostInputs: [1],
            lift: { draft, opset, builder throws(WeftError) in
                guard opset < axesInput, case .ints(let axes)? = draft.attributes.removeValue(forKey: "axes") else {
                    return false
                }
                let constant = ConstantFactory.constant(ints: axes.map { Int($0) })
                draft.inputs = [
                    draft.inputs.first ?? Node.absent, builder.constant(constant, name: draft.name + ".axes"),
                ]
                return false
            }, infer: Rules.reduction)
    }
}

extension Rules {
    /// The input's type; the reduced axes become 1, or go where `keepdims` is 0.
    static let reduction: @Sendable (inout Inference) throws(WeftError) -> Void = { inference throws(WeftError) in
        let type = try inference.elementType(0)
        let contents = try inference.ints(1)
        guard let x = inference.shape(0), !inference.has(1) || contents != nil else {
            return try inference.set(type, nil)
        }
        let kept = try inference.int("keepdims") != 0
        var reduced = Set<Int>()
        for axis in contents ?? [] { reduced.insert(try inference.resolve(axis: axis, rank: x.count)) }
        if reduced.isEmpty, try inference.int("noop_with_empty_axes") == 0 { reduced = Set(x.indices) }
        var shape: [Int] = []
        for (axis, size) in x.enumerated() {
            if !reduced.contains(axis) { shape.append(size) } else if kept { shape.append(1) }
        }
        try inference.set(type, shape)
        // What kernels read, whatever the contents of the operand.
        inference.attributes["axes"] = .ints(reduced.sorted().map { Int64($0) })
    }
}
