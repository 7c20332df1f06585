import WeftProvider

/// An element type that kernels load into, and store from, the number they compute in.
protocol KernelNumber: BitwiseCopyable, Sendable {
    associatedtype Work: WorkNumber
    var work: Work { get }
    /// Rounds to nearest where floats are narrower; integers keep their low bits.
    init(work: Work)
    /// The nearest element: floats round, integers are truncated and clamped, their NaN is zero.
    init(nearest value: Double)
    /// What Cast makes of a number.
    ///
    /// Integers wrap to narrower ones. Floats are truncated towards zero; what does not fit in 64 bits saturates, and
    /// is then held to 32 and 64 bits or wrapped to fewer. NaN becomes zero.
    init(casting value: Double)
    init(casting value: Int64)
    init(casting value: UInt64)
}

/// A floating-point element type; the half-width ones are computed in `Float`.
protocol KernelFloat: KernelNumber where Work: WorkFloat {}

extension KernelFloat {
    @inline(__always) init(nearest value: Double) { self.init(work: Work(value)) }
    @inline(__always) init(casting value: Double) { self.init(work: Work(value)) }
    @inline(__always) init(casting value: Int64) { self.init(work: Work(value)) }
    @inline(__always) init(casting value: UInt64) { self.init(work: Work(value)) }
}

extension KernelNumber where Work == Self {
    @inline(__always) var work: Self { self }
    @inline(__always) init(work: Self) { self = work }
}

extension Float: KernelFloat { typealias Work = Float }
extension Double: KernelFloat { typealias Work = Double }

extension Float16: KernelFloat {
    @inline(__always) var work: Float { Float(self) }
    @inline(__always) init(work: Float) { self = Float16(work) }
    @inline(__always) init(casting value: Double) { self = Float16(value) }
}

extension BFloat16: KernelFloat {
    @inline(__always) var work: Float { float }
    @inline(__always) init(work: Float) { self.init(work) }
}

/// An integer element type, computed in 64 bits.
protocol KernelInteger: KernelNumber, FixedWidthInteger where Work: WorkInteger {}

extension KernelInteger {
    @inline(__always) var work: Work { Work(truncatingIfNeeded: self) }
    @inline(__always) init(work: Work) { self = Self(truncatingIfNeeded: work) }
    @inline(__always) init(nearest value: Double) { self.init(saturating: value) }
    @inline(__always) init(casting value: Int64) { self.init(truncatingIfNeeded: value) }
    @inline(__always) init(casting value: UInt64) { self.init(truncatingIfNeeded: value) }
    @inline(__always) init(casting value: Double) {
        let isHeld = Self.bitWidth == 64 ? Self.isSigned || !(value < 0) : Self.bitWidth == 32 && Self.isSigned
        self = isHeld ? Self(saturating: value) : Self(truncatingIfNeeded: Int64(saturating: value))
    }
}

extension Int8: KernelInteger { typealias Work = Int64 }
extension Int16: KernelInteger { typealias Work = Int64 }
extension Int32: KernelInteger { typealias Work = Int64 }
extension Int64: KernelInteger { typealias Work = Int64 }
extension UInt8: KernelInteger { typealias Work = UInt64 }
extension UInt16: KernelInteger { typealias Work = UInt64 }
extension UInt32: KernelInteger { typealias Work = UInt64 }
extension UInt64: KernelInteger { typealias Work = UInt64 }

/// A boolean as a byte, of which any but zero is true.
struct Truth: KernelNumber {
    var byte: UInt8
    @inline(__always) var work: UInt64 { byte == 0 ? 0 : 1 }
    @inline(__always) init(work: UInt64) { byte = work == 0 ? 0 : 1 }
    @inline(__always) init(nearest value: Double) { byte = value == 0 ? 0 : 1 }
    @inline(__always) init(casting value: Double) { byte = value == 0 ? 0 : 1 }
    @inline(__always) init(casting value: Int64) { byte = value == 0 ? 0 : 1 }
    @inline(__always) init(casting value: UInt64) { byte = value == 0 ? 0 : 1 }
}

extension ElementTypes {
    /// What products and sums take by the standard.
    static let sums: ElementTypes = floating.union([.int32, .int64, .uint32, .uint64])
}
