/// A value known before anything runs: an initialiser, or the result of folding.
///
/// Two constants with the same `id` are the same value; packed forms are shared by it.
public struct Constant: Sendable {
    public let id: UInt64
    public let elementType: ElementType
    public let shape: [Int]
    public let payload: Payload
    /// How the bytes lie; a model's own constants are plain.
    public let layout: Layout

    /// Where a constant's elements are.
    public enum Payload: Sendable {
        /// Little-endian bytes in the constant's layout, as many as type, shape and layout say. Not always aligned.
        case bytes(any ConstantSource)
        case strings([String])
    }

    public init(id: UInt64, elementType: ElementType, shape: [Int], payload: Payload, layout: Layout = .plain) {
        self.id = id
        self.elementType = elementType
        self.shape = shape
        self.payload = payload
        self.layout = layout
    }

    public var type: ValueType { .tensor(elementType, .fixed(shape)) }
    public var elementCount: Int { shape.checkedElementCount ?? 0 }

    /// Runs `body` on the elements' bytes. Throws `.invalidModel` for strings, which have none.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(WeftError) -> R) throws(WeftError) -> R {
        guard case .bytes(let source) = payload else {
            throw WeftError(.invalidModel, "a constant of strings was given where numbers are expected")
        }
        return try source.withBytes(body)
    }

    /// The constant as a tensor in host memory; shares the source's bytes where they are aligned, else copies them.
    ///
    /// Throws `.internalInconsistency` for a constant that is not plain.
    public func tensor() throws(WeftError) -> Tensor {
        guard layout == .plain else {
            throw WeftError(.internalInconsistency, "a constant in layout \(layout) was read as if it were plain")
        }
        return Tensor(elementType: elementType, shape: shape, storage: try storage())
    }

    /// The bytes in host memory, in the constant's layout: the source's own where they are aligned, else a copy.
    public func storage() throws(WeftError) -> BufferView {
        guard case .bytes(let source) = payload else {
            throw WeftError(.invalidModel, "a constant of strings was given where numbers are expected")
        }
        if let view = source.alignedView(Swift.max(1, Swift.min(8, elementType.byteWidth))) { return view }
        return try source.withBytes { bytes throws(WeftError) in
            let copy = try BufferView.allocate(byteCount: bytes.count)
            if let base = bytes.baseAddress { copy.host?.copyMemory(from: base, byteCount: bytes.count) }
            return copy
        }
    }

    /// The constant as a run-time value.
    public func value() throws(WeftError) -> Value {
        if case .strings(let elements) = payload { return .strings(StringTensor(elements, shape: shape)) }
        return .tensor(try tensor())
    }
}

/// Keeps a constant's bytes: a mapped file, or memory of its own.
public protocol ConstantSource: AnyObject, Sendable {
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(WeftError) -> R) throws(WeftError) -> R
    /// The bytes as a buffer to be read in place; nil where the address is no multiple of `alignment`.
    func alignedView(_ alignment: Int) -> BufferView?
}

/// A constant's bytes in a buffer of host memory.
public final class BufferConstant: ConstantSource {
    private let view: BufferView

    public init(_ view: BufferView) { self.view = view }

    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(WeftError) -> R) throws(WeftError) -> R {
        try body(view.bytes)
    }

    public func alignedView(_ alignment: Int) -> BufferView? {
        guard let host = view.host, Int(bitPattern: host) % alignment == 0 else { return nil }
        return view
    }
}
