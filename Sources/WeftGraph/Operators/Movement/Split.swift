import WeftProvider

extension Operator {
    /// The input cut along `axis`: into pieces of the sizes that the second input holds, else into equal ones.
    ///
    /// Opsets below 13 have the sizes as an attribute.
    package static let split = Operator(
        "Split", since: 18, inputs: 1...2, outputs: 1...Int.max,
        attributes: [.int("axis", 0), .optional("num_outputs", .int)], hostInputs: [1],
        lift: { draft, opset, builder throws(WeftError) in
            if opset < 13 { Lifting.input("split", at: 1, &draft, &builder) }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        let contents = try inference.ints(1)
        guard let x = inference.shape(0), !inference.has(1) || contents != nil else {
            for index in inference.outputs.indices { try inference.set(output: index, type, nil) }
            return
        }
        let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
        let count = inference.outputs.count
        var sizes = contents ?? []
        if contents == nil {
            let pieces = inference.attributes["num_outputs"] == nil ? count : try inference.int("num_outputs")
            guard pieces == count else {
                throw WeftError(.invalidModel, "num_outputs is \(pieces), but the node has \(count) outputs")
            }
            let piece = (x[axis] + pieces - 1) / pieces
            for index in 0..<pieces {
                sizes.append(Swift.max(0, Swift.min(piece, x[axis] - index * piece)))
            }
        }
        guard sizes.count == count, sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, &+) == x[axis] else {
            throw WeftError(.invalidModel, "axis \(axis) of shape \(x) cannot be cut into \(count) pieces of \(sizes)")
        }
        inference.attributes["axis"] = .int(Int64(axis))
        for (index, size) in sizes.enumerated() {
            var shape = x
            shape[axis] = size
            try inference.set(output: index, type, shape)
        }
    }
}
