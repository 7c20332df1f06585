#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What kernels compute in: floats, and integers whose sums and products wrap.
protocol WorkNumber: Comparable, BitwiseCopyable, Sendable {
    /// Where long sums are kept.
    associatedtype Wide: WorkNumber
    static var zero: Self { get }
    static var one: Self { get }
    /// Below and above all others.
    static var lowest: Self { get }
    static var highest: Self { get }
    static func sum(_ a: Self, _ b: Self) -> Self
    static func product(_ a: Self, _ b: Self) -> Self
    /// a / b; zero where integers would divide by zero.
    static func quotient(_ a: Self, _ b: Self) -> Self
    var isNotANumber: Bool { get }
    var wide: Wide { get }
    init(wide: Wide)
    var double: Double { get }
    /// Rounded towards zero and clamped for integers, whose NaN is zero.
    init(double: Double)
}

/// A floating-point number with the functions of libm.
protocol WorkFloat: WorkNumber, BinaryFloatingPoint where Wide == Double {}

extension WorkFloat {
    static var one: Self { 1 }
    static var lowest: Self { -.infinity }
    static var highest: Self { .infinity }
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a + b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a * b }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self { a / b }
    @inline(__always) var isNotANumber: Bool { isNaN }
    @inline(__always) var wide: Double { Double(self) }
    @inline(__always) init(wide: Double) { self = Self(wide) }
    @inline(__always) var double: Double { Double(self) }
    @inline(__always) init(double: Double) { self = Self(double) }
}

extension Float: WorkFloat { typealias Wide = Double }
extension Double: WorkFloat { typealias Wide = Double }

protocol WorkInteger: WorkNumber, FixedWidthInteger {}

extension WorkInteger {
    static var one: Self { 1 }
    static var lowest: Self { .min }
    static var highest: Self { .max }
    @inline(__always) static func sum(_ a: Self, _ b: Self) -> Self { a &+ b }
    @inline(__always) static func product(_ a: Self, _ b: Self) -> Self { a &* b }
    @inline(__always) static func quotient(_ a: Self, _ b: Self) -> Self {
        b == 0 ? 0 : a.dividedReportingOverflow(by: b).partialValue
    }
    @inline(__always) var isNotANumber: Bool { false }
    @inline(__always) var wide: Self { self }
    @inline(__always) init(wide: Self) { self = wide }
    @inline(__always) var double: Double { Double(self) }
    @inline(__always) init(double: Double) {
        if double.isNaN {
            self = 0
        } else {
            self = Self(exactly: double.rounded(.towardZero)) ?? (double < 0 ? .min : .max)
        }
    }
}

extension Int64: WorkInteger { typealias Wide = Int64 }
extension UInt64: WorkInteger { typealias Wide = UInt64 }

/// Functions of libm, under names that do not hide members.
enum Libm {
    @inline(__always) static func exp(_ x: Double) -> Double { Self.expDouble(x) }
    @inline(__always) static func log(_ x: Double) -> Double { Self.logDouble(x) }
    @inline(__always) static func pow(_ x: Double, _ y: Double) -> Double { Self.powDouble(x, y) }

    #if canImport(Glibc)
        private static func expDouble(_ x: Double) -> Double { Glibc.exp(x) }
        private static func logDouble(_ x: Double) -> Double { Glibc.log(x) }
        private static func powDouble(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
    #elseif canImport(Musl)
        private static func expDouble(_ x: Double) -> Double { Musl.exp(x) }
        private static func logDouble(_ x: Double) -> Double { Musl.log(x) }
        private static func powDouble(_ x: Double, _ y: Double) -> Double { Musl.pow(x, y) }
    #elseif canImport(Darwin)
        private static func expDouble(_ x: Double) -> Double { Darwin.exp(x) }
        private static func logDouble(_ x: Double) -> Double { Darwin.log(x) }
        private static func powDouble(_ x: Double, _ y: Double) -> Double { Darwin.pow(x, y) }
    #endif
}
