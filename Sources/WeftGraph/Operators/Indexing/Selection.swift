import WeftProvider

/// Outputs whose size depends on the data, and choices along an axis.
extension Operator {
    /// The coordinates of all elements that are not zero, a column each.
    package static let nonZero = Operator("NonZero", since: 13, inputs: 1...1) { inference throws(WeftError) in
        _ = try inference.elementType(0)
        try inference.set(.int64, nil)
    }

    /// The slices along `axis`, or the elements, where the condition is true.
    package static let compress = Operator(
        "Compress", since: 28, inputs: 2...2, attributes: [.optional("axis", .int)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        _ = try inference.elementType(1, among: [.bool])
        if let x = inference.shape(0), inference.attributes["axis"] != nil {
            let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
            inference.attributes["axis"] = .int(Int64(axis))
        }
        try inference.set(type, nil)
    }

    /// The distinct elements, or slices along `axis`: where each is first, which each of the input is, how many.
    package static let unique = Operator(
        "Unique", since: 28, inputs: 1...1, outputs: 1...4, attributes: [.optional("axis", .int), .int("sorted", 1)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        if let x = inference.shape(0), inference.attributes["axis"] != nil {
            let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
            inference.attributes["axis"] = .int(Int64(axis))
        }
        try inference.set(type, nil)
        for index in 1..<4 { try inference.set(output: index, .int64, nil) }
    }

    /// The `K` greatest or smallest elements along `axis`, and where they are.
    package static let topK = Operator(
        "TopK", since: 24, inputs: 2...2, outputs: 1...2,
        attributes: [.int("axis", -1), .int("largest", 1), .int("sorted", 1)], hostInputs: [1],
        lift: { draft, opset, builder throws(WeftError) in
            if opset < 10 { Lifting.input("k", at: 1, &draft, &builder) }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .numeric)
        guard let x = inference.shape(0), let counts = try inference.ints(1) else {
            try inference.set(type, nil)
            return try inference.set(output: 1, .int64, nil)
        }
        let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
        guard counts.count == 1, counts[0] >= 0, counts[0] <= x[axis] else {
            throw WeftError(.invalidModel, "K is \(counts), but axis \(axis) has \(x[axis]) elements")
        }
        var shape = x
        shape[axis] = counts[0]
        inference.attributes["axis"] = .int(Int64(axis))
        try inference.set(type, shape)
        try inference.set(output: 1, .int64, shape)
    }

    /// Where the greatest element along `axis` is.
    package static let argMax = extremum("ArgMax")
    /// Where the smallest element along `axis` is.
    package static let argMin = extremum("ArgMin")

    private static func extremum(_ name: String) -> Operator {
        Operator(
            name, since: 13, inputs: 1...1,
            attributes: [.int("axis", 0), .int("keepdims", 1), .int("select_last_index", 0)]
        ) { inference throws(WeftError) in
            _ = try inference.elementType(0, among: .numeric)
            guard let x = inference.shape(0) else { return try inference.set(.int64, nil) }
            let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
            guard x[axis] > 0 || x.elementCount == 0 && x.enumerated().contains(where: { $0 != axis && $1 == 0 }) else {
                throw WeftError(.invalidModel, "axis \(axis) of shape \(x) is empty and has no extremum")
            }
            inference.attributes["axis"] = .int(Int64(axis))
            var shape = x
            if try inference.int("keepdims") != 0 { shape[axis] = 1 } else { shape.remove(at: axis) }
            try inference.set(.int64, shape)
        }
    }

    /// Sums of all elements up to each along the axis that the second input names.
    package static let cumSum = cumulative("CumSum", since: 14)
    /// Products of all elements up to each along the axis that the second input names.
    package static let cumProd = cumulative("CumProd", since: 26)

    private static func cumulative(_ name: String, since: Int) -> Operator {
        Operator(
            name, since: since, inputs: 2...2, attributes: [.int("exclusive", 0), .int("reverse", 0)], hostInputs: [1]
        ) { inference throws(WeftError) in
            let type = try inference.elementType(0, among: .numeric)
            if let x = inference.shape(0), let axes = try inference.ints(1) {
                guard axes.count == 1 else { throw WeftError(.invalidModel, "input 1 should be one axis, is \(axes)") }
                inference.attributes["axis"] = .int(Int64(try inference.resolve(axis: axes[0], rank: x.count)))
            }
            try inference.set(type, inference.shape(0))
        }
    }
}
