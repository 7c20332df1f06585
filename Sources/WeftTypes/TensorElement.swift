/// A Swift type whose values have the bits of a tensor's elements.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// The element type that it stands for.
    static var elementType: ElementType { get }
}

extension Float: TensorElement { public static var elementType: ElementType { .float32 } }
extension Double: TensorElement { public static var elementType: ElementType { .float64 } }
extension Float16: TensorElement { public static var elementType: ElementType { .float16 } }
extension Int8: TensorElement { public static var elementType: ElementType { .int8 } }
extension Int16: TensorElement { public static var elementType: ElementType { .int16 } }
extension Int32: TensorElement { public static var elementType: ElementType { .int32 } }
extension Int64: TensorElement { public static var elementType: ElementType { .int64 } }
extension UInt8: TensorElement { public static var elementType: ElementType { .uint8 } }
extension UInt16: TensorElement { public static var elementType: ElementType { .uint16 } }
extension UInt32: TensorElement { public static var elementType: ElementType { .uint32 } }
extension UInt64: TensorElement { public static var elementType: ElementType { .uint64 } }
extension Bool: TensorElement { public static var elementType: ElementType { .bool } }

/// A brain floating-point number: the upper half of a `Float`'s bits.
public struct BFloat16: TensorElement, Hashable {
    /// The sixteen bits: sign, eight of the exponent, seven of the fraction.
    public var bitPattern: UInt16

    /// The number with the given bits.
    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    /// Rounds to nearest, ties to even; NaN stays NaN.
    public init(_ value: Float) {
        let bits = value.bitPattern
        if value.isNaN {
            bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x40
        } else {
            bitPattern = UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16)
        }
    }

    /// The same number as a `Float`; exact.
    public var float: Float { Float(bitPattern: UInt32(bitPattern) << 16) }

    /// Always `.bfloat16`.
    public static var elementType: ElementType { .bfloat16 }
}
