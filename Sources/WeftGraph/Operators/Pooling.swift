import WeftProvider

extension Operator {
    /// The mean over a sliding window.
    package static let averagePool = Operator(
        "AveragePool", since: 22, inputs: 1...1,
        attributes: SlidingWindow.attributes + [.int("ceil_mode", 0), .int("count_include_pad", 0)], infer: Rules.pool)

    /// The greatest element under a sliding window and, on request, its index in the flattened input.
    package static let maxPool = Operator(
        "MaxPool", since: 22, inputs: 1...1, outputs: 1...2,
        attributes: SlidingWindow.attributes + [.int("ceil_mode", 0), .int("storage_order", 0)], infer: Rules.pool)

    /// The p-norm over a sliding window.
    package static let lpPool = Operator(
        "LpPool", since: 22, inputs: 1...1,
        attributes: SlidingWindow.attributes + [.int("ceil_mode", 0), .int("p", 2)], lift: Lifting.integerP,
        infer: Rules.pool)

    package static let globalAveragePool = Operator(
        "GlobalAveragePool", since: 22, inputs: 1...1, infer: Rules.globalPool)

    package static let globalMaxPool = Operator("GlobalMaxPool", since: 22, inputs: 1...1, infer: Rules.globalPool)

    package static let globalLpPool = Operator(
        "GlobalLpPool", since: 22, inputs: 1...1, attributes: [.int("p", 2)], lift: Lifting.integerP,
        infer: Rules.globalPool)
}

extension Rules {
    /// The input's type; spatial sizes by the window. A second output has the same shape, of int64.
    static let pool: @Sendable (inout Inference) throws(WeftError) -> Void = { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0) else {
            try inference.set(type, nil)
            return try inference.set(output: 1, .int64, nil)
        }
        guard x.count >= 3 else {
            throw WeftError(.invalidModel, "the input should have rank 3 or more, has shape \(x)")
        }
        var window = try SlidingWindow(inference, input: Array(x[2...]))
        guard window.pads.allSatisfy({ $0 >= 0 }) else {
            throw WeftError(.invalidModel, "pads should not be negative, are \(window.pads)")
        }
        let ceil = try inference.int("ceil_mode") != 0
        let shape = [x[0], x[1]] + (try window.outputs(ceil: ceil))
        try inference.set(type, shape)
        try inference.set(output: 1, .int64, shape)
        window.store(in: &inference)
    }

    /// The input's type; every spatial size becomes 1.
    static let globalPool: @Sendable (inout Inference) throws(WeftError) -> Void = { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        guard x.count >= 2 else {
            throw WeftError(.invalidModel, "the input should have rank 2 or more, has shape \(x)")
        }
        try inference.set(type, [x[0], x[1]] + [Int](repeating: 1, count: x.count - 2))
    }
}

extension Lifting {
    /// Opset 1 wrote the exponent `p` as a float.
    static let integerP: @Sendable (inout NodeDraft, Int, inout GraphBuilder) throws(WeftError) -> Bool = {
        draft, _, _ throws(WeftError) in
        if case .float(let p)? = draft.attributes["p"], let exact = Int64(exactly: p) {
            draft.attributes["p"] = .int(exact)
        }
        return false
    }
}
