/// A tensor whose contents are known before a run: an initialiser of the model, or a result of folding.
///
/// Constants with the same `id` have the same contents, and packed forms are kept by it.
public struct Constant: Sendable {
    /// Identifies the contents.
    public let id: UInt64
    /// The type of its elements.
    public let elementType: ElementType
    /// The size of each dimension.
    public let shape: [Int]
    /// Its elements.
    public let payload: Payload
    /// The layout of its bytes; `.plain` for constants of the model.
    public let layout: Layout

    /// The elements of a constant.
    public enum Payload: Sendable {
        /// Little-endian bytes in the constant's layout; their address may be unaligned.
        ///
        /// There are as many as type, shape and layout require.
        case bytes(any ConstantSource)
        /// Strings in row-major order.
        case strings([String])
    }

    /// A constant; that `payload` fits type, shape and layout is not checked.
    public init(id: UInt64, elementType: ElementType, shape: [Int], payload: Payload, layout: Layout = .plain) {
        self.id = id
        self.elementType = elementType
        self.shape = shape
        self.payload = payload
        self.layout = layout
    }

    /// Its type, with the shape.
    public var type: ValueType { .tensor(elementType, .fixed(shape)) }
    /// The product of the shape; 0 if a size is negative or the product overflows.
    public var elementCount: Int { shape.checkedElementCount ?? 0 }

    /// Calls `body` with the elements' bytes, which are valid during the call only. Throws `.invalidModel` for strings.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(WeftError) -> R) throws(WeftError) -> R {
        guard case .bytes(let source) = payload else {
            throw WeftError(.invalidModel, "a constant of strings was given where numbers are expected")
        }
        return try source.withBytes(body)
    }

    /// The constant as a tensor; it uses the source's bytes if they are aligned, else a copy of them.
    ///
    /// Throws `.internalInconsistency` if the layout is not `.plain`, `.invalidModel` for strings.
    public func tensor() throws(WeftError) -> Tensor {
        guard layout == .plain else {
            throw WeftError(.internalInconsistency, "a constant in layout \(layout) was read as if it were plain")
        }
        return Tensor(elementType: elementType, shape: shape, storage: try storage())
    }

    /// The bytes in the constant's layout: the source's own if they are aligned, else a copy.
    ///
    /// Throws `.invalidModel` for strings.
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

    /// The constant as a value. Throws as `tensor` does, but takes strings too.
    public func value() throws(WeftError) -> Value {
        if case .strings(let elements) = payload { return .strings(StringTensor(elements, shape: shape)) }
        return .tensor(try tensor())
    }
}

/// Holds the bytes of a constant: a mapped file, or memory of its own.
public protocol ConstantSource: AnyObject, Sendable {
    /// Calls `body` with all bytes, which are valid during the call only.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(WeftError) -> R) throws(WeftError) -> R
    /// The bytes as a buffer, without a copy; nil if their address is not a multiple of `alignment`.
    func alignedView(_ alignment: Int) -> BufferView?
}

/// The bytes of a constant in a buffer of host memory.
public final class BufferConstant: ConstantSource {
    private let view: BufferView

    /// A source that reads the given memory, which must not change.
    public init(_ view: BufferView) { self.view = view }

    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws(WeftError) -> R) throws(WeftError) -> R {
        try body(view.bytes)
    }

    public func alignedView(_ alignment: Int) -> BufferView? {
        guard let host = view.host, Int(bitPattern: host) % alignment == 0 else { return nil }
        return view
    }
}
