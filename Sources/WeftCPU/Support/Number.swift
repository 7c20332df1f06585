import WeftProvider

/// A type that kernels compute in: the wide floats and the integers, whose arithmetic wraps and never traps.
protocol Number: Comparable, Sendable, BitwiseCopyable {
    static var isInteger: Bool { get }
    init(whole: Int)
    /// The number as a double, rounded where it has no exact one.
    var asDouble: Double { get }
    /// The nearest number to a double; integers are truncated and saturate, NaN gives them zero.
    init(saturating value: Double)
    static func adding(_ a: Self, _ b: Self) -> Self
    static func subtracting(_ a: Self, _ b: Self) -> Self
    static func multiplying(_ a: Self, _ b: Self) -> Self
    /// The quotient, truncated for integers; the dividend itself where an integer is divided by zero.
    static func dividing(_ a: Self, _ b: Self) -> Self
    /// What C's `%` and `fmod` leave: the sign is the dividend's.
    static func truncatedRemainder(_ a: Self, _ b: Self) -> Self
    /// What floored division leaves: the sign is the divisor's.
    static func flooredRemainder(_ a: Self, _ b: Self) -> Self
    /// The larger one; NaN where either is NaN.
    static func larger(_ a: Self, _ b: Self) -> Self
    /// The smaller one; NaN where either is NaN.
    static func smaller(_ a: Self, _ b: Self) -> Self
}

extension Number where Self: FixedWidthInteger {
    static var isInteger: Bool { true }
    init(whole: Int) { self.init(truncatingIfNeeded: whole) }
    var asDouble: Double { Double(self) }
    init(saturating value: Double) {
        // By way of 64 bits: conversions between concrete types are single instructions.
        if value < 0x1p63, value > -0x1p63 {
            self.init(clamping: Int64(value))
        } else if value >= 0x1p63 {
            self.init(clamping: value < 0x1p64 ? UInt64(value) : UInt64.max)
        } else {
            self.init(clamping: value.isNaN ? 0 : Int64.min)
        }
    }
    static func adding(_ a: Self, _ b: Self) -> Self { a &+ b }
    static func subtracting(_ a: Self, _ b: Self) -> Self { a &- b }
    static func multiplying(_ a: Self, _ b: Self) -> Self { a &* b }
    static func dividing(_ a: Self, _ b: Self) -> Self { a.dividedReportingOverflow(by: b).partialValue }
    static func truncatedRemainder(_ a: Self, _ b: Self) -> Self {
        a.remainderReportingOverflow(dividingBy: b).partialValue
    }
    static func flooredRemainder(_ a: Self, _ b: Self) -> Self {
        let rest = truncatedRemainder(a, b)
        return rest != 0 && (rest < 0) != (b < 0) ? rest &+ b : rest
    }
    static func larger(_ a: Self, _ b: Self) -> Self { a > b ? a : b }
    static func smaller(_ a: Self, _ b: Self) -> Self { a < b ? a : b }
}

extension Number where Self: BinaryFloatingPoint {
    static var isInteger: Bool { false }
    init(whole: Int) { self.init(whole) }
    var asDouble: Double { Double(self) }
    init(saturating value: Double) { self.init(value) }
    static func adding(_ a: Self, _ b: Self) -> Self { a + b }
    static func subtracting(_ a: Self, _ b: Self) -> Self { a - b }
    static func multiplying(_ a: Self, _ b: Self) -> Self { a * b }
    static func dividing(_ a: Self, _ b: Self) -> Self { a / b }
    static func truncatedRemainder(_ a: Self, _ b: Self) -> Self { a.truncatingRemainder(dividingBy: b) }
    static func flooredRemainder(_ a: Self, _ b: Self) -> Self {
        let rest = a.truncatingRemainder(dividingBy: b)
        return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
    static func larger(_ a: Self, _ b: Self) -> Self { a > b || a.isNaN ? a : b }
    static func smaller(_ a: Self, _ b: Self) -> Self { a < b || a.isNaN ? a : b }
}

extension Float: Number {}
extension Double: Number {}
extension Int8: Number {}
extension Int16: Number {}
extension Int32: Number {}
extension Int64: Number {}
extension UInt8: Number {}
extension UInt16: Number {}
extension UInt32: Number {}
extension UInt64: Number {}

/// An element that arithmetic is done on, in a type that may be wider and from which it is rounded once.
protocol NumericElement: TensorElement {
    associatedtype Computed: Number
    var computed: Computed { get }
    init(computed: Computed)
}

extension NumericElement where Computed == Self {
    var computed: Self { self }
    init(computed: Self) { self = computed }
}

extension Float: NumericElement {}
extension Double: NumericElement {}
extension Int8: NumericElement {}
extension Int16: NumericElement {}
extension Int32: NumericElement {}
extension Int64: NumericElement {}
extension UInt8: NumericElement {}
extension UInt16: NumericElement {}
extension UInt32: NumericElement {}
extension UInt64: NumericElement {}
extension Float16: NumericElement {
    var computed: Float { Float(self) }
    init(computed: Float) { self.init(computed) }
}
extension BFloat16: NumericElement {
    var computed: Float { float }
    init(computed: Float) { self.init(computed) }
}

/// What is done for an element type that is known only when a kernel is made.
protocol NumericVisitor {
    associatedtype Result
    func visit<T: NumericElement>(_ type: T.Type) throws(WeftError) -> Result
}

extension NumericVisitor {
    /// Calls `visit` with the Swift type of a numeric element type; one switch, so that loops are specialised.
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
        default:
            throw WeftError(.internalInconsistency, "no arithmetic on \(type.map { "\($0)" } ?? "containers")")
        }
    }
}
