import WeftProvider

extension Operator {
    /// Features [N, F] with one value, NaN most often, replaced by another, which may be each feature's own.
    package static let imputer = Operator(
        "Imputer", domain: "ai.onnx.ml", since: 1, inputs: 1...1,
        attributes: [
            .optional("imputed_value_floats", .floats), .optional("imputed_value_int64s", .ints),
            .float("replaced_value_float", .nan), .int("replaced_value_int64", 0),
        ]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: [.float32, .float64, .int32, .int64])
        let count: Int? =
            switch (
                type.isInteger, inference.attributes["imputed_value_int64s"],
                inference.attributes["imputed_value_floats"]
            ) {
            case (true, .ints(let list)?, _): list.count
            case (false, _, .floats(let list)?): list.count
            default: nil
            }
        guard let count, count > 0 else {
            throw WeftError(.invalidModel, "the imputed values for \(type) are missing")
        }
        if let x = inference.shape(0), x.isEmpty || (count != 1 && count != x.last) {
            throw WeftError(.invalidModel, "\(count) imputed values do not fit an input of shape \(x)")
        }
        try inference.set(type, inference.shape(0))
    }
}
