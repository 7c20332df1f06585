import WeftProvider

/// A number as it is read for a cast: exact, in the widest type of its kind.
protocol CastSource {
    func converted<Target: Castable>() -> Target
}

/// An element that casts read and write.
///
/// Integers wrap to narrower ones. Floats are truncated towards zero; what does not fit in 64 bits saturates, and
/// is then held to 32 and 64 bits or wrapped to fewer. NaN becomes zero.
protocol Castable: BitwiseCopyable, Sendable {
    associatedtype Source: CastSource
    var source: Source { get }
    init(casting value: Double)
    init(casting value: Int64)
    init(casting value: UInt64)
}

extension Double: CastSource {
    func converted<Target: Castable>() -> Target { Target(casting: self) }
}
extension Int64: CastSource {
    func converted<Target: Castable>() -> Target { Target(casting: self) }
}
extension UInt64: CastSource {
    func converted<Target: Castable>() -> Target { Target(casting: self) }
}

extension Castable where Self: FixedWidthInteger {
    init(casting value: Int64) { self.init(truncatingIfNeeded: value) }
    init(casting value: UInt64) { self.init(truncatingIfNeeded: value) }
    init(casting value: Double) {
        let narrow = Self.bitWidth < 32 || (Self.bitWidth == 32 && !Self.isSigned) || (!Self.isSigned && value < 0)
        if narrow {
            self.init(truncatingIfNeeded: Int64(saturating: value))
        } else {
            self.init(
                truncatingIfNeeded: Self.isSigned && Self.bitWidth == 32
                    ? Int64(Int32(saturating: value))
                    : Self.isSigned ? Int64(saturating: value) : Int64(bitPattern: UInt64(saturating: value)))
        }
    }
}

extension Castable where Self: FixedWidthInteger & SignedInteger {
    var source: Int64 { Int64(self) }
}
extension Castable where Self: FixedWidthInteger & UnsignedInteger {
    var source: UInt64 { UInt64(self) }
}

extension Int8: Castable {}
extension Int16: Castable {}
extension Int32: Castable {}
extension Int64: Castable {}
extension UInt8: Castable {}
extension UInt16: Castable {}
extension UInt32: Castable {}
extension UInt64: Castable {}

extension Double: Castable {
    var source: Double { self }
    init(casting value: Double) { self = value }
    init(casting value: Int64) { self = Double(value) }
    init(casting value: UInt64) { self = Double(value) }
}
extension Float: Castable {
    var source: Double { Double(self) }
    init(casting value: Double) { self = Float(value) }
    init(casting value: Int64) { self = Float(value) }
    init(casting value: UInt64) { self = Float(value) }
}
extension Float16: Castable {
    var source: Double { Double(self) }
    init(casting value: Double) { self = Float16(value) }
    init(casting value: Int64) { self = Float16(Float(value)) }
    init(casting value: UInt64) { self = Float16(Float(value)) }
}
extension BFloat16: Castable {
    var source: Double { Double(float) }
    init(casting value: Double) { self.init(Float(value)) }
    init(casting value: Int64) { self.init(Float(value)) }
    init(casting value: UInt64) { self.init(Float(value)) }
}

/// A boolean as a byte, of which any but zero is true.
struct Truth: Castable {
    var byte: UInt8
    var source: UInt64 { byte == 0 ? 0 : 1 }
    init(casting value: Double) { byte = value == 0 ? 0 : 1 }
    init(casting value: Int64) { byte = value == 0 ? 0 : 1 }
    init(casting value: UInt64) { byte = value == 0 ? 0 : 1 }
}

/// What is done for an element type that casts know.
protocol CastVisitor {
    associatedtype Result
    func visit<T: Castable>(_ type: T.Type) throws(WeftError) -> Result
}

extension CastVisitor {
    @inline(__always)
    func dispatch(_ type: ElementType?) throws(WeftError) -> Result {
        switch type {
        case .float32: return try visit(Float.self)
        case .float64: return try visit(Double.self)
        case .float16: return try visit(Float16.self)
        case .bfloat16: return try visit(BFloat16.self)
        case .int8: return try visit(Int8.self)
        case .int16: return try visit(Int16.self)
        case .int32: return try visit(Int32.self)
        case .int64: return try visit(Int64.self)
        case .uint8: return try visit(UInt8.self)
        case .uint16: return try visit(UInt16.self)
        case .uint32: return try visit(UInt32.self)
        case .uint64: return try visit(UInt64.self)
        case .bool: return try visit(Truth.self)
        default: throw WeftError(.internalInconsistency, "no such cast")
        }
    }
}
