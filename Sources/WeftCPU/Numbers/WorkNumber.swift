/// What kernels compute in: floats, and 64-bit integers whose sums and products wrap and which never trap.
protocol WorkNumber: Comparable, BitwiseCopyable, Sendable {
    /// Where long sums are kept.
    associatedtype Wide: WorkNumber
    static var isInteger: Bool { get }
    static var zero: Self { get }
    static var one: Self { get }
    /// Below and above all others.
    static var lowest: Self { get }
    static var highest: Self { get }
    static func sum(_ a: Self, _ b: Self) -> Self
    static func difference(_ a: Self, _ b: Self) -> Self
    static func product(_ a: Self, _ b: Self) -> Self
    /// a / b; integers are truncated towards zero.
    ///
    /// Integers have one answer to a division by zero wherever a kernel gets to it: the quotient and the remainder are
    /// zero. Div and Mod do not: they throw `.invalidData`, as ONNX defines no result. The least integer divided by -1
    /// wraps to itself and leaves no remainder.
    static func quotient(_ a: Self, _ b: Self) -> Self
    /// What C's `%` and `fmod` leave: the sign is the dividend's.
    static func truncatedRemainder(_ a: Self, _ b: Self) -> Self
    /// 0 - x, and x without its sign; the least integer wraps to itself.
    var negated: Self { get }
    var absolute: Self { get }
    var isNotANumber: Bool { get }
    var wide: Wide { get }
    init(wide: Wide)
    var double: Double { get }
    /// Rounded towards zero and clamped for integers, whose NaN is zero.
    init(double: Double)
    init(whole: Int)
    /// The power, in single precision for `Float`, in double precision for all others.
    func raised(to exponent: Double) -> Double
    /// The number as an element of another type: see `KernelNumber`.
    func cast<Target: KernelNumber>() -> Target
}

extension WorkNumber {
    /// What floored division leaves: the sign is the divisor's.
    @inline(__always) static func flooredRemainder(_ a: Self, _ b: Self) -> Self {
        let rest = truncatedRemainder(a, b)
        return rest != .zero && (rest < .zero) != (b < .zero) ? .sum(rest, b) : rest
    }

    /// The larger one; NaN where either is NaN.
    @inline(__always) static func larger(_ a: Self, _ b: Self) -> Self { a > b || a.isNotANumber ? a : b }
    /// The smaller one; NaN where either is NaN.
    @inline(__always) static func smaller(_ a: Self, _ b: Self) -> Self { a < b || a.isNotANumber ? a : b }
}

/// A floating-point number that kernels compute in.
protocol WorkFloat: WorkNumber, BinaryFloatingPoint, FloatFunctions where Wide == Double {}

extension WorkFloat {
    static var isInteger: Bool { false }
    static var one: Self { 1 }
    static var lowest: Self { -.infinity }
    static var highest: Self { .infinity }
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a + b }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { a - b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a * b }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self { a / b }
    @inline(__always) static func truncatedRemainder(_ a: Self, _ b: Self) -> Self {
        a.truncatingRemainder(dividingBy: b)
    }
    @inline(__always) var negated: Self { -self }
    @inline(__always) var absolute: Self { magnitude }
    @inline(__always) var isNotANumber: Bool { isNaN }
    @inline(__always) var wide: Double { Double(self) }
    @inline(__always) init(wide: Double) { self = Self(wide) }
    @inline(__always) var double: Double { Double(self) }
    @inline(__always) init(double: Double) { self = Self(double) }
    @inline(__always) init(whole: Int) { self.init(whole) }
    @inline(__always) func raised(to exponent: Double) -> Double { Double(power(Self(exponent))) }
    @inline(__always) func cast<Target: KernelNumber>() -> Target { Target(casting: Double(self)) }
}

extension Float: WorkFloat { typealias Wide = Double }
extension Double: WorkFloat { typealias Wide = Double }

protocol WorkInteger: WorkNumber, FixedWidthInteger where Wide == Self {}

extension WorkInteger {
    static var isInteger: Bool { true }
    static var one: Self { 1 }
    static var lowest: Self { .min }
    static var highest: Self { .max }
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
    @inline(__always) static func difference(_ a: Self, _ b: Self) -> Self { a &- b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a &* b }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self {
        b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
    }
    @inline(__always) static func truncatedRemainder(_ a: Self, _ b: Self) -> Self {
        b == 0 ? 0 : a.remainderReportingOverflow(dividingBy: b).partialValue
    }
    @inline(__always) var negated: Self { 0 &- self }
    @inline(__always) var absolute: Self { self < 0 ? 0 &- self : self }
    @inline(__always) var isNotANumber: Bool { false }
    @inline(__always) var wide: Self { self }
    @inline(__always) init(wide: Self) { self = wide }
    @inline(__always) var double: Double { Double(self) }
    @inline(__always) init(double: Double) { self.init(saturating: double) }
    @inline(__always) init(whole: Int) { self.init(truncatingIfNeeded: whole) }
    @inline(__always) func raised(to exponent: Double) -> Double { Double(self).power(exponent) }
}

extension Int64: WorkInteger {
    @inline(__always) func cast<Target: KernelNumber>() -> Target { Target(casting: self) }
}
extension UInt64: WorkInteger {
    @inline(__always) func cast<Target: KernelNumber>() -> Target { Target(casting: self) }
}

extension FixedWidthInteger {
    /// The nearest integer to a double, truncated towards zero; NaN gives zero.
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
}
