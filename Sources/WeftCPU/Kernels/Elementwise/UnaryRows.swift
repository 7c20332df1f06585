import WeftProvider

/// Functions of one float, by operator.
extension CPUKernels {
    static let absolute = unary("Abs", flops: 1, .elementwise, .absolute)
    static let acos = unary("Acos", flops: 20, .reference, .arcCosine)
    static let acosh = unary("Acosh", flops: 20, .reference, .areaCosine)
    static let asin = unary("Asin", flops: 20, .reference, .arcSine)
    static let asinh = unary("Asinh", flops: 20, .reference, .areaSine)
    static let atan = unary("Atan", flops: 20, .reference, .arcTangent)
    static let atanh = unary("Atanh", flops: 20, .reference, .areaTangent)
    static let ceil = unary("Ceil", flops: 1, .elementwise, .ceiling)
    static let celu = unary("Celu", flops: 20, .reference) { node throws(WeftError) in
        .celu(try node.float("alpha"))
    }
    static let cos = unary("Cos", flops: 20, .reference, .cosine)
    static let cosh = unary("Cosh", flops: 20, .reference, .hyperbolicCosine)
    static let elu = unary("Elu", flops: 12, .transcendental) { node throws(WeftError) in
        .elu(try node.float("alpha"))
    }
    static let erf = unary("Erf", flops: 15, .transcendental, .errorFunction)
    static let exponential = unary("Exp", flops: 10, .transcendental, .exponential)
    static let floor = unary("Floor", flops: 1, .elementwise, .floor)
    static let gelu = unary("Gelu", flops: 20, .transcendental) { node throws(WeftError) in
        try node.string("approximate") == "tanh" ? .geluByTanh : .gelu
    }
    static let hardSigmoid = unary("HardSigmoid", flops: 4, .elementwise) { node throws(WeftError) in
        .hardSigmoid(try node.float("alpha"), try node.float("beta"))
    }
    static let hardSwish = unary("HardSwish", flops: 5, .elementwise, .hardSwish)
    static let leakyRelu = unary("LeakyRelu", flops: 2, .elementwise) { node throws(WeftError) in
        .leakyRelu(try node.float("alpha"))
    }
    static let logarithm = unary("Log", flops: 10, .transcendental, .logarithm)
    static let mish = unary("Mish", flops: 25, .transcendental, .mish)
    static let neg = unary("Neg", flops: 1, .elementwise, .negative)
    static let reciprocal = unary("Reciprocal", flops: 1, .elementwise, .reciprocal)
    static let relu = unary("Relu", flops: 1, .elementwise, .relu)
    static let round = unary("Round", flops: 1, .elementwise, .rounded)
    static let selu = unary("Selu", flops: 12, .transcendental) { node throws(WeftError) in
        .selu(try node.float("alpha"), try node.float("gamma"))
    }
    static let shrink = unary("Shrink", flops: 3, .reference) { node throws(WeftError) in
        .shrink(try node.float("lambd"), try node.float("bias"))
    }
    static let sigmoid = unary("Sigmoid", flops: 12, .transcendental, .sigmoid)
    static let sign = unary("Sign", flops: 2, .reference, .sign)
    static let sin = unary("Sin", flops: 20, .reference, .sine)
    static let sinh = unary("Sinh", flops: 20, .reference, .hyperbolicSine)
    static let softplus = unary("Softplus", flops: 20, .transcendental, .softplus)
    static let softsign = unary("Softsign", flops: 2, .reference, .softsign)
    static let squareRoot = unary("Sqrt", flops: 2, .elementwise, .squareRoot)
    static let swish = unary("Swish", flops: 13, .transcendental) { node throws(WeftError) in
        .swish(try node.float("alpha"))
    }
    static let tan = unary("Tan", flops: 20, .reference, .tangent)
    static let tanh = unary("Tanh", flops: 15, .transcendental, .hyperbolicTangent)
    static let thresholdedRelu = unary("ThresholdedRelu", flops: 1, .reference) { node throws(WeftError) in
        .thresholdedRelu(try node.float("alpha"))
    }
}
