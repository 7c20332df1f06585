import WeftProvider

extension Operator {
    /// Mean 0 and variance 1 over the axes from `axis` on, then scale and bias; mean and 1/deviation on request.
    package static let layerNormalization = Operator(
        "LayerNormalization", since: 17, inputs: 2...3, outputs: 1...3,
        attributes: [.int("axis", -1), .float("epsilon", 1e-5), .int("stash_type", 1)]
    ) { inference throws(WeftError) in
        try Rules.normalizedTail(&inference, affine: [1, 2])
        let stash: ElementType = try inference.int("stash_type") == 16 ? .bfloat16 : .float32
        var shape: [Int]?
        if let x = inference.shape(0) {
            let axis = try inference.int("axis")
            shape = Array(x[..<axis]) + [Int](repeating: 1, count: x.count - axis)
        }
        try inference.set(output: 1, stash, shape)
        try inference.set(output: 2, stash, shape)
    }

    /// x over the root of its mean square along the axes from `axis` on, times scale.
    package static let rmsNormalization = Operator(
        "RMSNormalization", since: 23, inputs: 2...2,
        attributes: [.int("axis", -1), .float("epsilon", 1e-5), .int("stash_type", 1)]
    ) { inference throws(WeftError) in
        try Rules.normalizedTail(&inference, affine: [1])
    }
}

extension Rules {
    /// The input's type and shape; resolves `axis`, and checks that the operands in `affine` broadcast to the input.
    fileprivate static func normalizedTail(_ inference: inout Inference, affine: [Int]) throws(WeftError) {
        let type = try inference.elementType(0)
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        guard !x.isEmpty else { throw WeftError(.invalidModel, "the input is a scalar and has no axis") }
        for index in affine {
            guard let shape = inference.shape(index) else { continue }
            guard try Inference.broadcast([shape, x]) == x else {
                throw WeftError(.invalidModel, "input \(index) has shape \(shape), which does not broadcast to \(x)")
            }
        }
        inference.attributes["axis"] = .int(
            Int64(try inference.resolve(axis: try inference.int("axis"), rank: x.count)))
        try inference.set(type, x)
    }
}
