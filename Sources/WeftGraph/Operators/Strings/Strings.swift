import WeftProvider

extension Operator {
    /// Two tensors of strings put together, element by element, with broadcasting.
    package static let stringConcat = Operator(
        "StringConcat", since: 20, inputs: 2...2, infer: Rules.broadcast([.string]))

    /// Each string cut at a delimiter, or at white space; shorter lists are filled up with empty strings.
    ///
    /// Output 1 has the lengths of the lists.
    package static let stringSplit = Operator(
        "StringSplit", since: 20, inputs: 1...1, outputs: 1...2,
        attributes: [.optional("delimiter", .string), .optional("maxsplit", .int)]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: [.string])
        try inference.set(.string, nil)
        try inference.set(output: 1, .int64, inference.shape(0))
    }

    /// Strings [C] or [1, C] in one case, without stop words; one empty string where nothing is left.
    package static let stringNormalizer = Operator(
        "StringNormalizer", since: 10, inputs: 1...1,
        attributes: [
            .string("case_change_action", "NONE"), .int("is_case_sensitive", 0), .optional("locale", .string),
            .optional("stopwords", .strings),
        ]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: [.string])
        if let x = inference.shape(0), !(x.count == 1 || (x.count == 2 && x[0] == 1)) {
            throw WeftError(.invalidModel, "the input should have shape [C] or [1, C], has \(x)")
        }
        let action = inference.string("case_change_action") ?? ""
        guard ["NONE", "LOWER", "UPPER"].contains(action) else {
            throw WeftError(.invalidModel, "case_change_action '\(action)' is none of NONE, LOWER and UPPER")
        }
        try inference.set(.string, nil)
    }
}
