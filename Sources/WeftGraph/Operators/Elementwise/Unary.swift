import WeftProvider

/// Functions of one number.
extension Operator {
    package static let absolute = unary("Abs", since: 13, .numeric)
    package static let acos = unary("Acos", since: 22)
    package static let acosh = unary("Acosh", since: 22)
    package static let asin = unary("Asin", since: 22)
    package static let asinh = unary("Asinh", since: 22)
    package static let atan = unary("Atan", since: 22)
    package static let atanh = unary("Atanh", since: 22)
    package static let bitwiseNot = unary("BitwiseNot", since: 18, .integer)
    package static let ceil = unary("Ceil", since: 13)
    package static let celu = unary("Celu", since: 28, [.float("alpha", 1)])
    package static let cos = unary("Cos", since: 22)
    package static let cosh = unary("Cosh", since: 22)
    package static let elu = unary("Elu", since: 22, [.float("alpha", 1)])
    package static let erf = unary("Erf", since: 13)
    package static let exponential = unary("Exp", since: 13)
    package static let floor = unary("Floor", since: 13)
    package static let gelu = unary("Gelu", since: 20, [.string("approximate", "none")])
    package static let hardSigmoid = unary("HardSigmoid", since: 22, [.float("alpha", 0.2), .float("beta", 0.5)])
    package static let hardSwish = unary("HardSwish", since: 22)
    package static let leakyRelu = unary("LeakyRelu", since: 16, [.float("alpha", 0.01)])
    package static let logarithm = unary("Log", since: 13)
    package static let mish = unary("Mish", since: 22)
    package static let neg = unary("Neg", since: 13, .numeric)
    package static let not = unary("Not", since: 1, [.bool])
    package static let reciprocal = unary("Reciprocal", since: 13)
    package static let relu = unary("Relu", since: 14, .numeric)
    package static let round = unary("Round", since: 22)
    package static let selu = unary(
        "Selu", since: 22, [.float("alpha", 1.67326319217681884765625), .float("gamma", 1.05070102214813232421875)])
    package static let shrink = unary("Shrink", since: 9, [.float("bias", 0), .float("lambd", 0.5)])
    package static let sigmoid = unary("Sigmoid", since: 13)
    package static let sign = unary("Sign", since: 13, .numeric)
    package static let sin = unary("Sin", since: 22)
    package static let sinh = unary("Sinh", since: 22)
    package static let softplus = unary("Softplus", since: 22)
    package static let softsign = unary("Softsign", since: 22)
    package static let squareRoot = unary("Sqrt", since: 13)
    package static let swish = unary("Swish", since: 24, [.float("alpha", 1)])
    package static let tan = unary("Tan", since: 22)
    package static let tanh = unary("Tanh", since: 13)
    package static let thresholdedRelu = unary("ThresholdedRelu", since: 22, [.float("alpha", 1)])

    private static func unary(
        _ name: String, since: Int, _ types: ElementTypes, _ attributes: [AttributeSpec] = []
    ) -> Operator {
        Operator(name, since: since, inputs: 1...1, attributes: attributes, infer: Rules.same(types))
    }

    private static func unary(_ name: String, since: Int, _ attributes: [AttributeSpec] = []) -> Operator {
        unary(name, since: since, .floating, attributes)
    }
}
