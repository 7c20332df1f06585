/// A value known before anything runs: an initialiser, or the result of folding.
///
/// Two constants with the same `id` are the same value; packed forms are shared by it.
public struct Constant: Sendable {
    public let id: UInt64
    public let elementType: ElementType
    public let shape: [Int]
    public let payload: Payload

    /// Where a constant's elements are.
    public enum Payload: Sendable {
        /// Row-major little-endian bytes, as many as type and shape say. Not always aligned.
        case bytes(any ConstantSource)
        case strings([String])
    }

    public init(id: UInt64, elementType: ElementType, shape: [Int], payload: Payload) {
        self.id = id
        self.elementType = elementType
        self.shape = shape
        self.payload = payload
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
    public func tensor() throws(WeftError) -> Tensor {
        guard case .bytes(let source) = payload else {
            throw WeftError(.invalidModel, "a constant of strings was given where numbers are expected")
        }
        if let view = source.alignedView(Swift.max(1, Swift.min(8, elementType.byteWidth))) {
            return Tensor(elementType: elementType, shape: shape, storage: view)
        }
        let copy = try Tensor(uninitialized: elementType, shape: shape)
        try source.withBytes { bytes throws(WeftError) in
            if let base = bytes.baseAddress, let host = copy.storage.host {
                host.copyMemory(from: base, byteCount: Swift.min(bytes.count, copy.storage.byteCount))
            }
        }
        return copy
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
