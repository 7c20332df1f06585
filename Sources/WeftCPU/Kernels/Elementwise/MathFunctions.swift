import CWeftKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension UnaryFunction {
    static let absolute = UnaryFunction(WEFT_ABS, { $0.magnitude }, { $0.magnitude })
    static let negative = UnaryFunction(WEFT_NEG, { -$0 }, { -$0 })
    static let exponential = UnaryFunction(WEFT_EXP, { expf($0) }, { exp($0) })
    static let logarithm = UnaryFunction(WEFT_LOG, { logf($0) }, { log($0) })
    static let squareRoot = UnaryFunction(WEFT_SQRT, { $0.squareRoot() }, { $0.squareRoot() })
    static let reciprocal = UnaryFunction(WEFT_RECIPROCAL, { 1 / $0 }, { 1 / $0 })
    static let sigmoid = UnaryFunction(WEFT_SIGMOID, { 1 / (1 + expf(-$0)) }, { 1 / (1 + exp(-$0)) })
    static let hyperbolicTangent = UnaryFunction(WEFT_TANH, { tanhf($0) }, { tanh($0) })
    static let errorFunction = UnaryFunction(WEFT_ERF, { erff($0) }, { erf($0) })
    static let relu = UnaryFunction(WEFT_RELU, { $0 < 0 ? 0 : $0 }, { $0 < 0 ? 0 : $0 })
    static let floor = UnaryFunction(WEFT_FLOOR, { $0.rounded(.down) }, { $0.rounded(.down) })
    static let ceiling = UnaryFunction(WEFT_CEIL, { $0.rounded(.up) }, { $0.rounded(.up) })
    static let rounded = UnaryFunction(
        WEFT_ROUND, { $0.rounded(.toNearestOrEven) }, { $0.rounded(.toNearestOrEven) })
    static let sign = UnaryFunction(
        nil, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? $0 : 0 }, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? $0 : 0 })
    static let sine = UnaryFunction(nil, { sinf($0) }, { sin($0) })
    static let cosine = UnaryFunction(nil, { cosf($0) }, { cos($0) })
    static let tangent = UnaryFunction(nil, { tanf($0) }, { tan($0) })
    static let arcSine = UnaryFunction(nil, { asinf($0) }, { asin($0) })
    static let arcCosine = UnaryFunction(nil, { acosf($0) }, { acos($0) })
    static let arcTangent = UnaryFunction(nil, { atanf($0) }, { atan($0) })
    static let hyperbolicSine = UnaryFunction(nil, { sinhf($0) }, { sinh($0) })
    static let hyperbolicCosine = UnaryFunction(nil, { coshf($0) }, { cosh($0) })
    static let areaSine = UnaryFunction(nil, { asinhf($0) }, { asinh($0) })
    static let areaCosine = UnaryFunction(nil, { acoshf($0) }, { acosh($0) })
    static let areaTangent = UnaryFunction(nil, { atanhf($0) }, { atanh($0) })

    /// log(1 + exp(x)), without overflow for large x.
    static let softplus = UnaryFunction(
        WEFT_SOFTPLUS, { Swift.max($0, 0) + log1pf(expf(-$0.magnitude)) },
        { Swift.max($0, 0) + log1p(exp(-$0.magnitude)) })
    static let softsign = UnaryFunction(nil, { $0 / (1 + $0.magnitude) }, { $0 / (1 + $0.magnitude) })
    static let hardSwish = UnaryFunction(
        WEFT_HARD_SWISH, { $0 * clamp($0 / 6 + 0.5, 0, 1) }, { $0 * clamp($0 / 6 + 0.5, 0, 1) })
    /// x tanh(softplus(x)).
    static let mish = UnaryFunction(
        WEFT_MISH, { $0 * tanhf(softplus.single($0)) }, { $0 * tanh(softplus.double($0)) })
    static let gelu = UnaryFunction(
        WEFT_GELU_ERF, { $0 / 2 * (1 + erff($0 * Float(0.5).squareRoot())) },
        { $0 / 2 * (1 + erf($0 * 0.5.squareRoot())) })
    static let geluByTanh = UnaryFunction(
        WEFT_GELU_TANH,
        { $0 / 2 * (1 + tanhf((2 / Float.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) },
        { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) })

    static func leakyRelu(_ alpha: Float) -> UnaryFunction {
        UnaryFunction(
            Vector(operation: WEFT_LEAKY_RELU, alpha: alpha), { $0 < 0 ? alpha * $0 : $0 },
            { $0 < 0 ? Double(alpha) * $0 : $0 })
    }

    static func elu(_ alpha: Float) -> UnaryFunction {
        UnaryFunction(
            Vector(operation: WEFT_ELU, alpha: alpha), { $0 < 0 ? alpha * expm1f($0) : $0 },
            { $0 < 0 ? Double(alpha) * expm1($0) : $0 })
    }

    static func selu(_ alpha: Float, _ gamma: Float) -> UnaryFunction {
        UnaryFunction(
            Vector(operation: WEFT_SELU, alpha: alpha, beta: gamma),
            { gamma * ($0 < 0 ? alpha * expm1f($0) : $0) },
            { Double(gamma) * ($0 < 0 ? Double(alpha) * expm1($0) : $0) })
    }

    static func celu(_ alpha: Float) -> UnaryFunction {
        UnaryFunction(
            nil, { $0 < 0 ? alpha * expm1f($0 / alpha) : $0 },
            { $0 < 0 ? Double(alpha) * expm1($0 / Double(alpha)) : $0 })
    }

    static func hardSigmoid(_ alpha: Float, _ beta: Float) -> UnaryFunction {
        UnaryFunction(
            Vector(operation: WEFT_HARD_SIGMOID, alpha: alpha, beta: beta), { clamp(alpha * $0 + beta, 0, 1) },
            { clamp(Double(alpha) * $0 + Double(beta), 0, 1) })
    }

    /// x sigmoid(alpha x).
    static func swish(_ alpha: Float) -> UnaryFunction {
        UnaryFunction(
            Vector(operation: WEFT_SILU, alpha: alpha), { $0 / (1 + expf(-alpha * $0)) },
            { $0 / (1 + exp(-Double(alpha) * $0)) })
    }

    static func thresholdedRelu(_ alpha: Float) -> UnaryFunction {
        UnaryFunction(nil, { $0 > alpha ? $0 : 0 }, { $0 > Double(alpha) ? $0 : 0 })
    }

    /// Nothing within `threshold` of zero; outside, x pulled towards zero by `bias`.
    static func shrink(_ threshold: Float, _ bias: Float) -> UnaryFunction {
        UnaryFunction(
            nil, { $0 < -threshold ? $0 + bias : $0 > threshold ? $0 - bias : 0 },
            {
                $0 < -Double(threshold) ? $0 + Double(bias) : $0 > Double(threshold) ? $0 - Double(bias) : 0
            })
    }
}

/// `x` held within `low` ... `high`; NaN stays NaN.
private func clamp<T: BinaryFloatingPoint>(_ x: T, _ low: T, _ high: T) -> T { x < low ? low : x > high ? high : x }
