import WeftProvider

extension Operator {
    /// One with the probability that the input gives, else zero.
    package static let bernoulli = Operator(
        "Bernoulli", since: 22, inputs: 1...1, attributes: [.optional("dtype", .int), .optional("seed", .float)],
        nature: .random
    ) { inference throws(WeftError) in
        let own = try inference.elementType(0, among: .floating)
        let type = inference.attributes["dtype"] == nil ? own : try inference.typeAttribute("dtype")
        guard ElementTypes.numeric.union([.bool]).contains(type) else {
            throw WeftError(.invalidModel, "dtype \(type) has no zero and one")
        }
        try inference.set(type, inference.shape(0))
    }
}
