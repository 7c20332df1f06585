import WeftProvider
import WeftProviderKit

/// What is done for an element type that is known only when a kernel is made: any of numbers, or booleans.
protocol NumberVisitor {
    associatedtype Result
    func visit<E: KernelNumber>(_ type: E.Type) throws(WeftError) -> Result
}

extension NumberVisitor {
    /// Calls `visit` with the Swift type of an element type, once, so that loops are specialised.
    @inline(__always)
    func dispatch(_ type: ElementType?) throws(WeftError) -> Result {
        if type == .bool { return try visit(Truth.self) }
        return type?.isInteger == true
            ? try IntegerPart(visitor: self).dispatch(type) : try FloatPart(visitor: self).dispatch(type)
    }
}

private struct FloatPart<V: NumberVisitor>: FloatVisitor {
    let visitor: V
    func visit<E: KernelFloat>(_ type: E.Type) throws(WeftError) -> V.Result { try visitor.visit(type) }
}

private struct IntegerPart<V: NumberVisitor>: IntegerVisitor {
    let visitor: V
    func visit<E: KernelInteger>(_ type: E.Type) throws(WeftError) -> V.Result { try visitor.visit(type) }
}

/// What is done for a floating-point element type.
protocol FloatVisitor {
    associatedtype Result
    func visit<E: KernelFloat>(_ type: E.Type) throws(WeftError) -> Result
}

extension FloatVisitor {
    @inline(__always)
    func dispatch(_ type: ElementType?) throws(WeftError) -> Result {
        switch type {
        case .float32: try visit(Float.self)
        case .float64: try visit(Double.self)
        case .float16: try visit(Float16.self)
        case .bfloat16: try visit(BFloat16.self)
        default: throw .noKernel(type)
        }
    }
}

/// What is done for an integer element type; booleans pass as bytes.
protocol IntegerVisitor {
    associatedtype Result
    func visit<E: KernelInteger>(_ type: E.Type) throws(WeftError) -> Result
}

extension IntegerVisitor {
    @inline(__always)
    func dispatch(_ type: ElementType?) throws(WeftError) -> Result {
        switch type {
        case .int8: try visit(Int8.self)
        case .int16: try visit(Int16.self)
        case .int32: try visit(Int32.self)
        case .int64: try visit(Int64.self)
        case .uint8, .bool: try visit(UInt8.self)
        case .uint16: try visit(UInt16.self)
        case .uint32: try visit(UInt32.self)
        case .uint64: try visit(UInt64.self)
        default: throw .noKernel(type)
        }
    }
}

extension WeftError {
    /// A row's types are wider than those that its kernel is written for.
    fileprivate static func noKernel(_ type: ElementType?) -> WeftError {
        WeftError(.internalInconsistency, "no kernel for \(type?.description ?? "no tensor")")
    }
}

/// A kernel written once for every floating-point type.
protocol FloatKernel: SendableMetatype {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body
}

extension FloatKernel {
    /// The kernel, its element type that of the first input.
    static var kernel: HostKernel {
        HostKernel { node throws(WeftError) in
            try FloatMaker<Self>(node: node).dispatch(node.view.inputType(0))
        }
    }
}

private struct FloatMaker<Kernel: FloatKernel>: FloatVisitor {
    let node: HostNode
    func visit<E: KernelFloat>(_ type: E.Type) throws(WeftError) -> HostKernel.Body { try Kernel.make(node, type) }
}

/// A kernel written once for every type of number.
protocol NumberKernel: SendableMetatype {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body
}

extension NumberKernel {
    /// The kernel, its element type that of the first input.
    static var kernel: HostKernel {
        HostKernel { node throws(WeftError) in
            try NumberMaker<Self>(node: node).dispatch(node.view.inputType(0))
        }
    }
}

private struct NumberMaker<Kernel: NumberKernel>: NumberVisitor {
    let node: HostNode
    func visit<E: KernelNumber>(_ type: E.Type) throws(WeftError) -> HostKernel.Body { try Kernel.make(node, type) }
}
