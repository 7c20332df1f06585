import WeftProvider

extension Operator {
    /// Classes [N, sample_size] drawn by unnormalised log-probabilities [N, C].
    package static let multinomial = Operator(
        "Multinomial", since: 22, inputs: 1...1,
        attributes: [.int("dtype", 6), .int("sample_size", 1), .optional("seed", .float)], nature: .random
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: .floating)
        let type = try inference.typeAttribute("dtype")
        guard type == .int32 || type == .int64 else {
            throw WeftError(.invalidModel, "dtype \(type) is neither int32 nor int64")
        }
        let count = try inference.int("sample_size")
        guard count >= 0 else { throw WeftError(.invalidModel, "sample_size is \(count)") }
        if let x = inference.shape(0), x.count != 2 || x[1] == 0 {
            throw WeftError(.invalidModel, "an input of shape \(x) should be [N, C], with a class")
        }
        try inference.set(type, inference.shape(0).map { [$0[0], count] })
    }
}
