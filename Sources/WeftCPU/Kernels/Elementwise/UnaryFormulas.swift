/// A function of one number of any type, in the type that it is computed in.
protocol NumberFormula: SendableMetatype {
    static func apply<N: WorkNumber>(_ x: N) -> N
}

/// A function of one float; `a` and `b` are its parameters, if it has any.
protocol FloatFormula: SendableMetatype {
    static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F
}

/// Functions of one number.
enum Unary {
    enum Absolute: NumberFormula { static func apply<N: WorkNumber>(_ x: N) -> N { x.absolute } }
    enum Negative: NumberFormula { static func apply<N: WorkNumber>(_ x: N) -> N { x.negated } }
    enum Relu: NumberFormula { static func apply<N: WorkNumber>(_ x: N) -> N { x < .zero ? .zero : x } }
    enum Sign: NumberFormula {
        static func apply<N: WorkNumber>(_ x: N) -> N {
            x > .zero ? .one : x < .zero ? N(whole: -1) : x.isNotANumber ? x : .zero
        }
    }

    enum ArcCosine: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.arcCosine } }
    enum ArcSine: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.arcSine } }
    enum ArcTangent: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.arcTangent } }
    enum AreaCosine: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.areaCosine } }
    enum AreaSine: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.areaSine } }
    enum AreaTangent: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.areaTangent } }
    enum Ceiling: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.rounded(.up) } }
    enum Cosine: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.cosine } }
    enum ErrorFunction: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.errorFunction }
    }
    enum Exponential: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.exponential } }
    enum Floor: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.rounded(.down) } }
    enum HyperbolicCosine: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.hyperbolicCosine }
    }
    enum HyperbolicSine: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.hyperbolicSine }
    }
    enum HyperbolicTangent: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.hyperbolicTangent }
    }
    enum Logarithm: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.logarithm } }
    enum Reciprocal: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { 1 / x } }
    enum Rounded: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.rounded(.toNearestOrEven) }
    }
    enum Sigmoid: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.sigmoid } }
    enum Sine: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.sine } }
    enum Softplus: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.softplus } }
    enum Softsign: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x / (1 + x.magnitude) }
    }
    enum SquareRoot: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.squareRoot() } }
    enum Tangent: FloatFormula { static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x.tangent } }

    enum Celu: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x < 0 ? a * (x / a).exponentialLessOne : x }
    }
    enum Elu: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x < 0 ? a * x.exponentialLessOne : x }
    }
    enum Gelu: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F {
            x / 2 * (1 + (x * F(0.5).squareRoot()).errorFunction)
        }
    }
    enum GeluByTanh: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F {
            x / 2 * (1 + ((2 / F.pi).squareRoot() * (x + 0.044715 * x * x * x)).hyperbolicTangent)
        }
    }
    enum HardSigmoid: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { clamped(a * x + b) }
    }
    enum HardSwish: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x * clamped(x / 6 + 0.5) }
    }
    enum LeakyRelu: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x < 0 ? a * x : x }
    }
    enum Mish: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x * x.softplus.hyperbolicTangent }
    }
    enum Selu: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { b * (x < 0 ? a * x.exponentialLessOne : x) }
    }
    /// Nothing within `a` of zero; outside, x pulled towards zero by `b`.
    enum Shrink: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x < -a ? x + b : x > a ? x - b : 0 }
    }
    /// x sigmoid(a x).
    enum Swish: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x / (1 + (-a * x).exponential) }
    }
    enum ThresholdedRelu: FloatFormula {
        static func apply<F: WorkFloat>(_ x: F, _ a: F, _ b: F) -> F { x > a ? x : 0 }
    }

    /// `x` held within 0 ... 1; NaN stays NaN.
    private static func clamped<F: WorkFloat>(_ x: F) -> F { x < 0 ? 0 : x > 1 ? 1 : x }
}
