import WeftProvider

extension Operator {
    /// One where an element is above a threshold, else zero.
    package static let binarizer = Operator(
        "Binarizer", domain: "ai.onnx.ml", since: 1, inputs: 1...1, attributes: [.float("threshold", 0)],
        infer: Rules.same([.float32, .float64, .int32, .int64]))

    /// Each feature less an offset, times a scale; float32 whatever comes in.
    package static let scaler = Operator(
        "Scaler", domain: "ai.onnx.ml", since: 1, inputs: 1...1,
        attributes: [.optional("offset", .floats), .optional("scale", .floats)]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: [.float32, .float64, .int32, .int64])
        let x = inference.shape(0)
        for name in ["offset", "scale"] {
            guard case .floats(let list)? = inference.attributes[name], let x else { continue }
            guard list.count == 1 || list.count == x.last else {
                throw WeftError(.invalidModel, "\(name) has \(list.count) numbers for an input of shape \(x)")
            }
        }
        try inference.set(.float32, x)
    }

    /// Each row [C] divided by its greatest magnitude, its sum of magnitudes or its length; float32.
    package static let normalizer = Operator(
        "Normalizer", domain: "ai.onnx.ml", since: 1, inputs: 1...1, attributes: [.string("norm", "MAX")]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: [.float32, .float64, .int32, .int64])
        let norm = inference.string("norm") ?? ""
        guard ["MAX", "L1", "L2"].contains(norm) else {
            throw WeftError(.invalidModel, "norm '\(norm)' is none of MAX, L1 and L2")
        }
        if let x = inference.shape(0), x.isEmpty { throw WeftError(.invalidModel, "a scalar has no rows") }
        try inference.set(.float32, inference.shape(0))
    }
}
