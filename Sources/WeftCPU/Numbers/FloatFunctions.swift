#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The functions of libm, as members so that formulas are written once for all floats.
protocol FloatFunctions {
    var exponential: Self { get }
    /// exp(x) - 1
    var exponentialLessOne: Self { get }
    var logarithm: Self { get }
    /// log(1 + x)
    var logarithmOfOneMore: Self { get }
    var decimalLogarithm: Self { get }
    func power(_ exponent: Self) -> Self
    var sine: Self { get }
    var cosine: Self { get }
    var tangent: Self { get }
    var arcSine: Self { get }
    var arcCosine: Self { get }
    var arcTangent: Self { get }
    var hyperbolicSine: Self { get }
    var hyperbolicCosine: Self { get }
    var hyperbolicTangent: Self { get }
    var areaSine: Self { get }
    var areaCosine: Self { get }
    var areaTangent: Self { get }
    var errorFunction: Self { get }
}

extension Float: FloatFunctions {
    var exponential: Float { expf(self) }
    var exponentialLessOne: Float { expm1f(self) }
    var logarithm: Float { logf(self) }
    var logarithmOfOneMore: Float { log1pf(self) }
    var decimalLogarithm: Float { log10f(self) }
    func power(_ exponent: Float) -> Float { powf(self, exponent) }
    var sine: Float { sinf(self) }
    var cosine: Float { cosf(self) }
    var tangent: Float { tanf(self) }
    var arcSine: Float { asinf(self) }
    var arcCosine: Float { acosf(self) }
    var arcTangent: Float { atanf(self) }
    var hyperbolicSine: Float { sinhf(self) }
    var hyperbolicCosine: Float { coshf(self) }
    var hyperbolicTangent: Float { tanhf(self) }
    var areaSine: Float { asinhf(self) }
    var areaCosine: Float { acoshf(self) }
    var areaTangent: Float { atanhf(self) }
    var errorFunction: Float { erff(self) }
}

extension Double: FloatFunctions {
    var exponential: Double { exp(self) }
    var exponentialLessOne: Double { expm1(self) }
    var logarithm: Double { log(self) }
    var logarithmOfOneMore: Double { log1p(self) }
    var decimalLogarithm: Double { log10(self) }
    func power(_ exponent: Double) -> Double { pow(self, exponent) }
    var sine: Double { sin(self) }
    var cosine: Double { cos(self) }
    var tangent: Double { tan(self) }
    var arcSine: Double { asin(self) }
    var arcCosine: Double { acos(self) }
    var arcTangent: Double { atan(self) }
    var hyperbolicSine: Double { sinh(self) }
    var hyperbolicCosine: Double { cosh(self) }
    var hyperbolicTangent: Double { tanh(self) }
    var areaSine: Double { asinh(self) }
    var areaCosine: Double { acosh(self) }
    var areaTangent: Double { atanh(self) }
    var errorFunction: Double { erf(self) }
}

extension WorkFloat {
    /// 1 / (1 + exp(-x))
    var sigmoid: Self { 1 / (1 + (-self).exponential) }
    /// log(1 + exp(x)), without overflow for large x.
    var softplus: Self { Swift.max(self, 0) + (-magnitude).exponential.logarithmOfOneMore }
}
