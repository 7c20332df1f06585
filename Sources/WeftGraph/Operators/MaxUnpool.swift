import WeftProvider

extension Operator {
    /// MaxPool undone: each element at its index, zeros elsewhere.
    ///
    /// Indices count in the flattened tensor of the sizes that the window gives; a larger `output_shape` adds zeros at
    /// the ends.
    package static let maxUnpool = Operator(
        "MaxUnpool", since: 22, inputs: 2...3,
        attributes: [.required("kernel_shape", .ints), .optional("pads", .ints), .optional("strides", .ints)],
        hostInputs: [2]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        _ = try inference.elementType(1, among: [.int64])
        let given = try inference.ints(2)
        guard let x = inference.shape(0), given != nil || !inference.has(2) else {
            return try inference.set(type, nil)
        }
        guard x.count >= 3 else {
            throw WeftError(.invalidModel, "the input has shape \(x), should have rank 3 or more")
        }
        if let indices = inference.shape(1), indices != x {
            throw WeftError(.invalidModel, "indices of shape \(indices) do not fit an input of shape \(x)")
        }
        var window = try SlidingWindow(inference, input: Array(x[2...]))
        let sizes = try window.transposedOutputs(padding: [Int](repeating: 0, count: x.count - 2), shape: nil)
        let inner = [x[0], x[1]] + sizes
        let y = given ?? inner
        guard y.count == inner.count, zip(y, inner).allSatisfy({ $0 >= $1 }), Array(y[..<2]) == Array(x[..<2]) else {
            throw WeftError(.invalidModel, "output_shape \(y) is smaller than the \(inner) that the window gives")
        }
        window.store(in: &inference)
        inference.attributes["inner_shape"] = .ints(sizes.map { Int64($0) })
        try inference.set(type, y)
    }
}
