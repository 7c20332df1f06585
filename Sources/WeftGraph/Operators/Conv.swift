import WeftProvider

extension Operator {
    /// Convolution of x [N, C, …] with weights [M, C/group, …] and an optional bias [M], over any number of axes.
    package static let conv = Operator(
        "Conv", since: 22, inputs: 2...3, attributes: SlidingWindow.attributes + [.int("group", 1)],
        flops: { node in
            let weights = node.inputShape(1).dropFirst().reduce(1.0) { $0 * Double($1) }
            return 2 * weights * node.outputShape(0).reduce(1.0) { $0 * Double($1) }
        }
    ) { inference throws(WeftError) in
        try inference.set(try Rules.sameType(inference), try Rules.convolution(&inference, weights: 1, bias: 2))
    }
}

extension Rules {
    /// The shape of a convolution of input 0; resolves the window's attributes. nil where a shape is not known yet.
    static func convolution(
        _ inference: inout Inference, weights: Int, bias: Int? = nil
    ) throws(WeftError) -> [Int]? {
        guard let x = inference.shape(0), let w = inference.shape(weights) else { return nil }
        guard x.count >= 3, w.count == x.count else {
            throw WeftError(.invalidModel, "the input has shape \(x), the weights \(w): both need one rank from 3 on")
        }
        let group = try inference.int("group")
        guard group >= 1, group <= max(w[0], 1), w[0] % group == 0 else {
            throw WeftError(.invalidModel, "\(w[0]) output channels do not divide into \(group) groups")
        }
        let (channels, overflow) = w[1].multipliedReportingOverflow(by: group)
        guard !overflow, channels == x[1] else {
            throw WeftError(
                .invalidModel, "the weights expect \(w[1]) x \(group) input channels, the input has \(x[1])",
                hint: "check the export's data layout")
        }
        if let bias, let shape = inference.shape(bias), shape != [w[0]] {
            throw WeftError(.invalidModel, "the bias should have shape [\(w[0])], has \(shape)")
        }
        var window = try SlidingWindow(inference, input: Array(x[2...]), kernel: Array(w[2...]))
        let sizes = try window.outputs()
        window.store(in: &inference)
        return [x[0], w[0]] + sizes
    }
}
