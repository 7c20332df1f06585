import WeftProvider

extension Operator {
    /// The elements of the last axis that indices name, in their order.
    package static let arrayFeatureExtractor = Operator(
        "ArrayFeatureExtractor", domain: "ai.onnx.ml", since: 1, inputs: 2...2
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        _ = try inference.elementType(1, among: [.int64])
        guard let x = inference.shape(0), let indices = inference.shape(1) else {
            return try inference.set(type, nil)
        }
        guard !x.isEmpty, let count = indices.checkedElementCount else {
            throw WeftError(.invalidModel, "a scalar has no features")
        }
        try inference.set(type, (x.count == 1 ? [1] : Array(x.dropLast())) + [count])
    }
}
