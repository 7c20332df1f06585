import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Functions of one number, by operator: the formula, the vector kernel if there is one, attributes, and what it costs.
extension CPUKernels {
    static let absolute = unary("Abs", Unary.Absolute.self, vector: WEFT_ABS)
    static let acos = unary("Acos", Unary.ArcCosine.self, flops: 20, .reference)
    static let acosh = unary("Acosh", Unary.AreaCosine.self, flops: 20, .reference)
    static let asin = unary("Asin", Unary.ArcSine.self, flops: 20, .reference)
    static let asinh = unary("Asinh", Unary.AreaSine.self, flops: 20, .reference)
    static let atan = unary("Atan", Unary.ArcTangent.self, flops: 20, .reference)
    static let atanh = unary("Atanh", Unary.AreaTangent.self, flops: 20, .reference)
    static let ceil = unary("Ceil", Unary.Ceiling.self, vector: WEFT_CEIL)
    static let celu = unary("Celu", Unary.Celu.self, ["alpha"], flops: 20, .reference)
    static let cos = unary("Cos", Unary.Cosine.self, flops: 20, .reference)
    static let cosh = unary("Cosh", Unary.HyperbolicCosine.self, flops: 20, .reference)
    static let elu = unary("Elu", Unary.Elu.self, vector: WEFT_ELU, ["alpha"], flops: 12, .transcendental)
    static let erf = unary("Erf", Unary.ErrorFunction.self, vector: WEFT_ERF, flops: 15, .transcendental)
    static let exponential = unary("Exp", Unary.Exponential.self, vector: WEFT_EXP, flops: 10, .transcendental)
    static let floor = unary("Floor", Unary.Floor.self, vector: WEFT_FLOOR)
    static let hardSigmoid = unary(
        "HardSigmoid", Unary.HardSigmoid.self, vector: WEFT_HARD_SIGMOID, ["alpha", "beta"], flops: 4)
    static let hardSwish = unary("HardSwish", Unary.HardSwish.self, vector: WEFT_HARD_SWISH, flops: 5)
    static let leakyRelu = unary("LeakyRelu", Unary.LeakyRelu.self, vector: WEFT_LEAKY_RELU, ["alpha"], flops: 2)
    static let logarithm = unary("Log", Unary.Logarithm.self, vector: WEFT_LOG, flops: 10, .transcendental)
    static let mish = unary("Mish", Unary.Mish.self, vector: WEFT_MISH, flops: 25, .transcendental)
    static let neg = unary("Neg", Unary.Negative.self, vector: WEFT_NEG)
    static let reciprocal = unary("Reciprocal", Unary.Reciprocal.self, vector: WEFT_RECIPROCAL)
    static let relu = unary("Relu", Unary.Relu.self, vector: WEFT_RELU)
    static let round = unary("Round", Unary.Rounded.self, vector: WEFT_ROUND)
    static let selu = unary("Selu", Unary.Selu.self, vector: WEFT_SELU, ["alpha", "gamma"], flops: 12, .transcendental)
    static let shrink = unary("Shrink", Unary.Shrink.self, ["lambd", "bias"], flops: 3, .reference)
    static let sigmoid = unary("Sigmoid", Unary.Sigmoid.self, vector: WEFT_SIGMOID, flops: 12, .transcendental)
    static let sign = unary("Sign", Unary.Sign.self, flops: 2, .reference)
    static let sin = unary("Sin", Unary.Sine.self, flops: 20, .reference)
    static let sinh = unary("Sinh", Unary.HyperbolicSine.self, flops: 20, .reference)
    static let softplus = unary("Softplus", Unary.Softplus.self, vector: WEFT_SOFTPLUS, flops: 20, .transcendental)
    static let softsign = unary("Softsign", Unary.Softsign.self, flops: 2, .reference)
    static let squareRoot = unary("Sqrt", Unary.SquareRoot.self, vector: WEFT_SQRT, flops: 2)
    static let swish = unary("Swish", Unary.Swish.self, vector: WEFT_SILU, ["alpha"], flops: 13, .transcendental)
    static let tan = unary("Tan", Unary.Tangent.self, flops: 20, .reference)
    static let tanh = unary("Tanh", Unary.HyperbolicTangent.self, vector: WEFT_TANH, flops: 15, .transcendental)
    static let thresholdedRelu = unary("ThresholdedRelu", Unary.ThresholdedRelu.self, ["alpha"], flops: 1, .reference)

    static let gelu = unary("Gelu", types: .floating, flops: 20, .transcendental) { view throws(WeftError) in
        try view.string("approximate") == "tanh"
            ? body(view, Unary.GeluByTanh.self, vector: WEFT_GELU_TANH)
            : body(view, Unary.Gelu.self, vector: WEFT_GELU_ERF)
    }

    static let isNaN = unary("IsNaN", types: .floating, flops: 1, .reference) { view throws(WeftError) in
        try FloatTests(
            count: view.outputShape(0).elementCount, isNaN: true, isNegativeInfinity: false, isPositiveInfinity: false
        ).dispatch(view.inputType(0))
    }

    /// Whether each element is infinite, of the signs that `detect_negative` and `detect_positive` ask for.
    static let isInf = unary("IsInf", types: .floating, flops: 1, .reference) { view throws(WeftError) in
        try FloatTests(
            count: view.outputShape(0).elementCount, isNaN: false,
            isNegativeInfinity: try view.flag("detect_negative"), isPositiveInfinity: try view.flag("detect_positive")
        ).dispatch(view.inputType(0))
    }

    static let bitwiseNot = unary("BitwiseNot", types: .integer, flops: 1, .reference) { view in
        ElementLoops.map(view.output(0)?.type.byteCount ?? 0, Complement(mask: 0xff))
    }

    /// Booleans are bytes of 0 or 1.
    static let not = unary("Not", types: [.bool], flops: 1, .reference) { view in
        ElementLoops.map(view.output(0)?.type.byteCount ?? 0, Complement(mask: 1))
    }
}

extension CPUKernels {
    private static func unary<F: NumberFormula>(
        _ opType: String, _ formula: F.Type, vector: weft_unary? = nil, flops: Double = 1,
        _ rate: RateKey = .elementwise
    ) -> SupportRow {
        unary(opType, types: .numeric, flops: flops, rate) { view throws(WeftError) in
            let (type, count) = (view.inputType(0), view.output(0)?.storedCount ?? 0)
            if let vector, let body = VectorLoops.map(vector, type, count) { return body }
            return try NumberLoop<F>(count: count).dispatch(type)
        }
    }

    private static func unary<F: FloatFormula>(
        _ opType: String, _ formula: F.Type, vector: weft_unary? = nil, _ parameters: [String] = [],
        flops: Double = 1, _ rate: RateKey = .elementwise
    ) -> SupportRow {
        unary(opType, types: .floating, flops: flops, rate) { view throws(WeftError) in
            try body(view, formula, vector: vector, parameters)
        }
    }

    /// A kernel's body for a function of floats, whose parameters are attributes of the node.
    private static func body<F: FloatFormula>(
        _ view: NodeView, _ formula: F.Type, vector: weft_unary?, _ parameters: [String] = []
    ) throws(WeftError) -> HostKernel.Body {
        var values: [Float] = []
        for name in parameters { values.append(try view.float(name)) }
        let (alpha, beta) = (values.first ?? 0, values.count > 1 ? values[1] : 0)
        let (type, count) = (view.inputType(0), view.output(0)?.storedCount ?? 0)
        if let vector, let body = VectorLoops.map(vector, alpha: alpha, beta: beta, type, count) { return body }
        return try FloatLoop<F>(alpha: alpha, beta: beta, count: count).dispatch(type)
    }

    /// A row for a function of one element; integers run at the rate of plain loops.
    private static func unary(
        _ opType: String, types: ElementTypes, flops: Double, _ rate: RateKey,
        _ body: @escaping @Sendable (NodeView) throws(WeftError) -> HostKernel.Body
    ) -> SupportRow {
        SupportRow(
            opType, types: TypeConstraint(types),
            variants: { node, _ in
                let isInteger = node.inputType(0)?.isInteger == true
                return Variant.elementwise(node, flops: flops, rate: isInteger ? .reference : rate)
            },
            kernel: HostKernel { node throws(WeftError) in try body(node.view) })
    }
}

private struct NumberLoop<F: NumberFormula>: NumberVisitor {
    struct Function<E: KernelNumber>: ElementFunction {
        func callAsFunction(_ x: E) -> E { E(work: F.apply(x.work)) }
    }

    let count: Int
    func visit<E: KernelNumber>(_: E.Type) throws(WeftError) -> HostKernel.Body {
        ElementLoops.map(count, Function<E>())
    }
}

private struct FloatLoop<F: FloatFormula>: FloatVisitor {
    struct Function<E: KernelFloat>: ElementFunction {
        let alpha: E.Work
        let beta: E.Work
        func callAsFunction(_ x: E) -> E { E(work: F.apply(x.work, alpha, beta)) }
    }

    let alpha: Float
    let beta: Float
    let count: Int
    func visit<E: KernelFloat>(_: E.Type) throws(WeftError) -> HostKernel.Body {
        ElementLoops.map(count, Function<E>(alpha: E.Work(alpha), beta: E.Work(beta)))
    }
}

/// Whether a float is of a kind that is asked for.
private struct FloatTests: FloatVisitor {
    struct Function<E: KernelFloat>: ElementFunction {
        let asked: FloatTests
        func callAsFunction(_ x: E) -> Bool {
            let x = x.work
            if x.isInfinite { return x < 0 ? asked.isNegativeInfinity : asked.isPositiveInfinity }
            return asked.isNaN && x.isNaN
        }
    }

    let count: Int
    let isNaN: Bool
    let isNegativeInfinity: Bool
    let isPositiveInfinity: Bool
    func visit<E: KernelFloat>(_: E.Type) throws(WeftError) -> HostKernel.Body {
        ElementLoops.map(count, Function<E>(asked: self))
    }
}

/// The bits of `mask` turned.
private struct Complement: ElementFunction {
    let mask: UInt8
    func callAsFunction(_ x: UInt8) -> UInt8 { x ^ mask }
}
