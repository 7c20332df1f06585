import WeftProvider

extension Operator {
    /// Mean 0 and variance 1 over the spatial axes of each image and channel, then scale and bias by channel.
    package static let instanceNormalization = Operator(
        "InstanceNormalization", since: 22, inputs: 3...3, attributes: [.float("epsilon", 1e-5)],
        lift: { draft, _, _ throws(WeftError) in
            draft.attributes["consumed_inputs"] = nil
            return false
        }
    ) { inference throws(WeftError) in
        try Rules.perChannel(&inference, lengths: { [$0] })
    }

    /// Mean 0 and variance 1 over groups of channels, then scale and bias by channel.
    ///
    /// Version 18 has scale and bias by group: kernels tell by their length.
    package static let groupNormalization = Operator(
        "GroupNormalization", since: 21, inputs: 3...3,
        attributes: [.float("epsilon", 1e-5), .required("num_groups", .int), .int("stash_type", 1)]
    ) { inference throws(WeftError) in
        let groups = try inference.int("num_groups")
        if let x = inference.shape(0), x.count > 1, groups < 1 || x[1] % max(groups, 1) != 0 {
            throw WeftError(.invalidModel, "\(x[1]) channels do not divide into \(groups) groups")
        }
        try Rules.perChannel(&inference, lengths: { [$0, groups] })
    }

    /// x over the p-norm along `axis`; 0 where the norm is 0.
    package static let lpNormalization = Operator(
        "LpNormalization", since: 22, inputs: 1...1, attributes: [.int("axis", -1), .int("p", 2)]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0)
        inference.outputs[0] = inference.inputs[0]
        guard let x = inference.shape(0) else { return }
        inference.attributes["axis"] = .int(
            Int64(try inference.resolve(axis: try inference.int("axis"), rank: x.count)))
        let p = try inference.int("p")
        guard p == 1 || p == 2 else { throw WeftError(.invalidModel, "p should be 1 or 2, is \(p)") }
    }

    /// x over (bias + alpha/size * sum of squares)^beta, the sum over `size` neighbouring channels.
    package static let lrn = Operator(
        "LRN", since: 13, inputs: 1...1,
        attributes: [.float("alpha", 1e-4), .float("beta", 0.75), .float("bias", 1), .required("size", .int)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        let x = inference.shape(0)
        if let x, x.count < 2 { throw WeftError(.invalidModel, "the input should have rank 2 or more, has shape \(x)") }
        let size = try inference.int("size")
        guard size >= 1, size < 1 << 30 else { throw WeftError(.invalidModel, "size should be positive, is \(size)") }
        try inference.set(type, x)
    }

    /// (x - mean) / deviation over `axes`.
    package static let meanVarianceNormalization = Operator(
        "MeanVarianceNormalization", since: 13, inputs: 1...1, attributes: [.ints("axes", [0, 2, 3])]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0)
        inference.outputs[0] = inference.inputs[0]
        guard let x = inference.shape(0) else { return }
        var axes = Set<Int>()
        for axis in inference.ints(attribute: "axes") ?? [] {
            axes.insert(try inference.resolve(axis: axis, rank: x.count))
        }
        inference.attributes["axes"] = .ints(axes.sorted().map { Int64($0) })
    }

    /// The input, unchanged outside training; in training a share of it is zero, the rest scaled up. Output 1 is the mask.
    package static let dropout = Operator(
        "Dropout", since: 22, inputs: 1...3, outputs: 1...2, attributes: [.optional("seed", .int)], hostInputs: [1, 2],
        nature: .random,
        lift: { draft, opset, _ throws(WeftError) in
            for name in ["ratio", "is_test", "consumed_inputs"] { draft.attributes[name] = nil }
            if draft.outputs.dropFirst().allSatisfy({ $0 == Node.absent }) {
                draft.outputs = Array(draft.outputs.prefix(1))
            } else if opset < 10 {
                throw WeftError(.unsupportedVersion, "a mask of floats, as opsets before 10 had it, is not supported")
            }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        try inference.set(type, inference.shape(0))
        try inference.set(output: 1, .bool, inference.shape(0))
    }
}

extension Rules {
    /// The input's type and shape; inputs 1 and 2 have one element a channel (or whatever `lengths` allows).
    fileprivate static func perChannel(
        _ inference: inout Inference, lengths: (Int) -> [Int]
    ) throws(WeftError) {
        let type = try inference.elementType(0)
        let x = inference.shape(0)
        if let x {
            guard x.count >= 2 else {
                throw WeftError(.invalidModel, "the input should have rank 2 or more, has shape \(x)")
            }
            for index in 1...2 {
                guard let shape = inference.shape(index) else { continue }
                guard shape.count == 1, lengths(x[1]).contains(shape[0]) else {
                    throw WeftError(.invalidModel, "input \(index) should have shape [\(x[1])], has \(shape)")
                }
            }
        }
        try inference.set(type, x)
    }
}
