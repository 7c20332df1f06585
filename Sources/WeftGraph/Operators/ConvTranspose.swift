import WeftProvider

extension Operator {
    /// Transposed convolution of x [N, C, …] with weights [C, M/group, …] and an optional bias [M].
    package static let convTranspose = Operator(
        "ConvTranspose", since: 22, inputs: 2...3,
        attributes: SlidingWindow.attributes + [
            .int("group", 1), .optional("output_padding", .ints), .optional("output_shape", .ints),
        ],
        flops: { node in
            let weights = node.inputShape(1).dropFirst().reduce(1.0) { $0 * Double($1) }
            return 2 * weights * node.inputShape(0).reduce(1.0) { $0 * Double($1) }
        }
    ) { inference throws(WeftError) in
        let type = try Rules.sameType(inference)
        guard let x = inference.shape(0), let w = inference.shape(1) else { return try inference.set(type, nil) }
        guard x.count >= 3, w.count == x.count else {
            throw WeftError(.invalidModel, "the input has shape \(x), the weights \(w): both need one rank from 3 on")
        }
        let group = try inference.int("group")
        let (channels, overflow) = w[1].multipliedReportingOverflow(by: max(group, 0))
        guard group >= 1, group <= max(x[1], 1), x[1] % group == 0, !overflow else {
            throw WeftError(.invalidModel, "\(x[1]) input channels do not divide into \(group) groups")
        }
        guard w[0] == x[1] else {
            throw WeftError(.invalidModel, "the weights expect \(w[0]) input channels, the input has \(x[1])")
        }
        if let bias = inference.shape(2), bias != [channels] {
            throw WeftError(.invalidModel, "the bias should have shape [\(channels)], has \(bias)")
        }
        let axes = x.count - 2
        var window = try SlidingWindow(inference, input: Array(x[2...]), kernel: Array(w[2...]))
        let padding = inference.ints(attribute: "output_padding") ?? []
        guard padding.isEmpty || padding.count == axes, padding.allSatisfy({ $0 >= 0 && $0 < 1 << 30 }) else {
            throw WeftError(.invalidModel, "output_padding should have \(axes) elements from 0 on, is \(padding)")
        }
        var shape = inference.ints(attribute: "output_shape")
        if let given = shape, given.count == axes + 2 { shape = Array(given[2...]) }
        guard shape?.count ?? axes == axes else {
            throw WeftError(.invalidModel, "output_shape should have \(axes) elements, is \(shape ?? [])")
        }
        let sizes = try window.transposedOutputs(
            padding: padding.isEmpty ? [Int](repeating: 0, count: axes) : padding, shape: shape)
        try inference.set(type, [x[0], channels] + sizes)
        window.store(in: &inference)
        inference.attributes["output_shape"] = nil
    }
}
