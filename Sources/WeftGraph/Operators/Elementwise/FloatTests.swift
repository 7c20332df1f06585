import WeftProvider

/// Questions about single floats.
extension Operator {
    package static let isNaN = Operator("IsNaN", since: 20, inputs: 1...1, infer: Rules.test)
    package static let isInf = Operator(
        "IsInf", since: 20, inputs: 1...1, attributes: [.int("detect_negative", 1), .int("detect_positive", 1)],
        infer: Rules.test)
}

extension Rules {
    /// One float tensor; the result is boolean.
    fileprivate static let test: Rule = { inference throws(WeftError) in
        _ = try inference.elementType(0)
        try inference.set(.bool, inference.shape(0))
    }
}
