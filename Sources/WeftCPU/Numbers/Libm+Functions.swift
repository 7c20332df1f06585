#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Libm {
    static func tanh(_ x: Double) -> Double { hyperbolicTangent(x) }
    static func sin(_ x: Double) -> Double { sine(x) }
    static func cos(_ x: Double) -> Double { cosine(x) }
    static func log1p(_ x: Double) -> Double { logarithmPlusOne(x) }
    static func log10(_ x: Double) -> Double { decimalLogarithm(x) }
    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    /// log(1 + exp(x)), without overflow for large x.
    static func softplus(_ x: Double) -> Double { Swift.max(x, 0) + log1p(exp(-x.magnitude)) }
}

private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
private func sine(_ x: Double) -> Double { sin(x) }
private func cosine(_ x: Double) -> Double { cos(x) }
private func logarithmPlusOne(_ x: Double) -> Double { log1p(x) }
private func decimalLogarithm(_ x: Double) -> Double { log10(x) }
