import WeftProvider

/// Reads and writes single elements of any numeric type, the small ones included, as doubles.
///
/// For kernels to whom the type matters little; a switch on the type once, an indirect call an element.
enum ElementAccess {
    typealias Read = @Sendable (UnsafeRawPointer, Int) -> Double
    typealias Write = @Sendable (UnsafeMutableRawPointer, Int, Double) -> Void

    /// Every type that `read` knows.
    static let types: ElementTypes = Set(
        ElementType.allCases.filter { ElementTypes.numeric.contains($0) || SmallFormat($0) != nil })

    static func read(_ type: ElementType?) throws(WeftError) -> Read {
        if let format = SmallFormat(type) { return { format.decode(format.code($0, $1)) } }
        return try CastReader().dispatch(type)
    }

    /// Clamps to the range of an integer type; rounds to nearest, ties to even. NaN gives integers zero.
    static func quantize(_ type: ElementType?, saturate: Bool) throws(WeftError) -> Write {
        if let format = SmallFormat(type) {
            guard let type, type.isInteger else {
                return { format.set($0, $1, format.encode($2, saturate: saturate)) }
            }
            let (low, high) = range(type)
            return { format.set($0, $1, format.encode(Swift.max(low, Swift.min(high, $2.rounded(.toNearestOrEven))))) }
        }
        guard let type, type.isInteger else { return try CastWriter().dispatch(type) }
        return try NearestWriter().dispatch(type)
    }

    private static func range(_ type: ElementType) -> (Double, Double) {
        let bits = type.bitWidth
        return type.isSignedInteger
            ? (
                -Double(sign: .plus, exponent: bits - 1, significand: 1),
                Double(sign: .plus, exponent: bits - 1, significand: 1) - 1
            )
            : (0, Double(sign: .plus, exponent: bits, significand: 1) - 1)
    }

    /// Rounds a number to a floating-point type of arithmetic; any other leaves it.
    static func rounding(_ type: ElementType?) -> @Sendable (Double) -> Double {
        switch type {
        case .float32: { Double(Float($0)) }
        case .float16: { Double(Float16($0)) }
        case .bfloat16: { Double(BFloat16(Float($0)).float) }
        default: { $0 }
        }
    }
}

/// Writes doubles as the integers nearest to them, ties to even.
private struct NearestWriter: NumberVisitor {
    func visit<E: KernelNumber>(_ type: E.Type) throws(WeftError) -> ElementAccess.Write {
        { bytes, index, value in
            bytes.storeBytes(
                of: E(nearest: value.rounded(.toNearestOrEven)), toByteOffset: index &* MemoryLayout<E>.stride,
                as: E.self)
        }
    }
}
