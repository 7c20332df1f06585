import WeftProvider

extension Operator {
    /// Each element replaced by the value that stands beside it in a list of keys, or by a default.
    ///
    /// Keys and values are strings, int64s, floats, or tensors of one axis.
    package static let labelEncoder = Operator(
        "LabelEncoder", domain: "ai.onnx.ml", since: 4, inputs: 1...1,
        attributes: [
            .float("default_float", -0.0), .int("default_int64", -1), .string("default_string", "_Unused"),
            .optional("default_tensor", .tensor), .optional("keys_floats", .floats), .optional("keys_int64s", .ints),
            .optional("keys_strings", .strings), .optional("keys_tensor", .tensor), .optional("values_floats", .floats),
            .optional("values_int64s", .ints), .optional("values_strings", .strings),
            .optional("values_tensor", .tensor), .optional("classes_strings", .strings),
        ]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        // Version 1 had a list of strings, each standing for its position.
        if case .strings(let names)? = inference.attributes["classes_strings"] {
            let numbers = Attribute.ints(names.indices.map { Int64($0) })
            inference.attributes["classes_strings"] = nil
            inference.attributes[type == .string ? "keys_strings" : "values_strings"] = .strings(names)
            inference.attributes[type == .string ? "values_int64s" : "keys_int64s"] = numbers
        }
        let given = inference.attributes
        let result: ElementType? =
            if case .tensor(let values)? = given["values_tensor"] {
                values.elementType
            } else if given["values_strings"] != nil {
                .string
            } else if given["values_int64s"] != nil {
                .int64
            } else {
                given["values_floats"] == nil ? nil : .float32
            }
        guard let result else { throw WeftError(.invalidModel, "the list of values is missing") }
        try inference.set(result, inference.shape(0))
    }
}
