import WeftProvider

extension Operator {
    /// Whether each string as a whole matches a pattern.
    package static let regexFullMatch = Operator(
        "RegexFullMatch", since: 20, inputs: 1...1, attributes: [.required("pattern", .string)]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: [.string])
        try inference.set(.bool, inference.shape(0))
    }
}
