import WeftProvider

/// An element type that kernels load into, and store from, the number they compute in.
protocol KernelNumber: TensorElement {
    associatedtype Work: WorkNumber
    var work: Work { get }
    /// Rounds to nearest where floats are narrower; integers keep their low bits.
    init(work: Work)
}

/// A floating-point element type; the half-width ones are computed in `Float`.
protocol KernelFloat: KernelNumber where Work: WorkFloat {}

extension KernelNumber where Work == Self {
    @inline(__always) var work: Self { self }
    @inline(__always) init(work: Self) { self = work }
}

extension Float: KernelFloat { typealias Work = Float }
extension Double: KernelFloat { typealias Work = Double }

extension Float16: KernelFloat {
    @inline(__always) var work: Float { Float(self) }
    @inline(__always) init(work: Float) { self = Float16(work) }
}

extension BFloat16: KernelFloat {
    @inline(__always) var work: Float { float }
    @inline(__always) init(work: Float) { self.init(work) }
}

extension KernelNumber where Self: FixedWidthInteger, Work: WorkInteger {
    @inline(__always) var work: Work { Work(truncatingIfNeeded: self) }
    @inline(__always) init(work: Work) { self = Self(truncatingIfNeeded: work) }
}

extension Int8: KernelNumber { typealias Work = Int64 }
extension Int16: KernelNumber { typealias Work = Int64 }
extension Int32: KernelNumber { typealias Work = Int64 }
extension Int64: KernelNumber {
    typealias Work = Int64
    @inline(__always) var work: Int64 { self }
    @inline(__always) init(work: Int64) { self = work }
}

extension UInt8: KernelNumber { typealias Work = UInt64 }
extension UInt16: KernelNumber { typealias Work = UInt64 }
extension UInt32: KernelNumber { typealias Work = UInt64 }

extension UInt64: KernelNumber {
    typealias Work = UInt64
    @inline(__always) var work: UInt64 { self }
    @inline(__always) init(work: UInt64) { self = work }
}

extension ElementTypes {
    /// What `KernelFloat` covers.
    static let floats: ElementTypes = [.float32, .float64, .float16, .bfloat16]
    /// What the standard lets products and sums take.
    static let sums: ElementTypes = floats.union([.int32, .int64, .uint32, .uint64])
}

/// A kernel written once for every floating-point type.
protocol FloatKernel: SendableMetatype {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body
}

extension FloatKernel {
    /// The kernel, its element type that of the first input.
    static var kernel: HostKernel {
        HostKernel { node throws(WeftError) in
            switch node.view.inputType(0) {
            case .float32: try make(node, Float.self)
            case .float64: try make(node, Double.self)
            case .float16: try make(node, Float16.self)
            case .bfloat16: try make(node, BFloat16.self)
            case let type: throw WeftError(.internalInconsistency, "no kernel for \(type?.description ?? "no tensor")")
            }
        }
    }
}

/// A kernel written once for every type of number.
protocol NumberKernel: SendableMetatype {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body
}

extension NumberKernel {
    /// The kernel, its element type that of the first input; booleans pass as bytes.
    static var kernel: HostKernel {
        HostKernel { node throws(WeftError) in
            switch node.view.inputType(0) {
            case .float32: try make(node, Float.self)
            case .float64: try make(node, Double.self)
            case .float16: try make(node, Float16.self)
            case .bfloat16: try make(node, BFloat16.self)
            case .int8: try make(node, Int8.self)
            case .int16: try make(node, Int16.self)
            case .int32: try make(node, Int32.self)
            case .int64: try make(node, Int64.self)
            case .uint8, .bool: try make(node, UInt8.self)
            case .uint16: try make(node, UInt16.self)
            case .uint32: try make(node, UInt32.self)
            case .uint64: try make(node, UInt64.self)
            case let type: throw WeftError(.internalInconsistency, "no kernel for \(type?.description ?? "no tensor")")
            }
        }
    }
}
