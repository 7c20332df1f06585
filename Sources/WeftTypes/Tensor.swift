/// A dense, row-major tensor in host memory.
///
/// The initialisers do not check that shape and storage fit each other; `array`, and runs that are given the tensor,
/// throw `.invalidInput` if they do not.
public struct Tensor: Sendable {
    /// The type of its elements.
    public let elementType: ElementType
    /// The size of each dimension; empty for a tensor of rank 0, which has one element.
    public let shape: [Int]
    /// Its bytes; elements of less than a byte are packed.
    ///
    /// Tensors may share memory, which does not change once they exist.
    public let storage: BufferView

    /// A tensor that uses the given memory; nothing is copied or checked.
    public init(elementType: ElementType, shape: [Int], storage: BufferView) {
        self.elementType = elementType
        self.shape = shape
        self.storage = storage
    }

    /// A copy of the elements, in row-major order; their number should be the product of `shape`.
    public init<Element: TensorElement>(_ elements: [Element], shape: [Int]) {
        let storage = ElementBuffer(elements)
        self.init(
            elementType: Element.elementType, shape: shape,
            storage: BufferView(storage, byteCount: storage.byteCount))
    }

    /// A tensor of one element, of rank 0.
    public init<Element: TensorElement>(scalar: Element) { self.init([scalar], shape: []) }

    /// A tensor in newly allocated memory, whose contents are undefined unless `zeroed`.
    ///
    /// Throws `.outOfMemory` if a size is negative, or if the memory cannot be allocated.
    public init(uninitialized elementType: ElementType, shape: [Int], zeroed: Bool = false) throws(WeftError) {
        guard let count = shape.checkedElementCount, let bytes = elementType.byteCount(count) else {
            throw WeftError(.outOfMemory, "a \(elementType) tensor of shape \(shape) is larger than memory can be")
        }
        self.init(
            elementType: elementType, shape: shape, storage: try BufferView.allocate(byteCount: bytes, zeroed: zeroed))
    }

    /// The product of the shape; 0 if a size is negative or the product overflows.
    public var elementCount: Int { shape.checkedElementCount ?? 0 }

    /// A message that says how shape and storage contradict each other; nil if they do not.
    public var defect: String? {
        guard let count = shape.checkedElementCount, let bytes = elementType.byteCount(count) else {
            return "shape \(shape) has a negative dimension or more elements than memory can hold"
        }
        guard bytes != storage.byteCount else { return nil }
        let held = elementType.bitWidth == 0 ? 0 : storage.byteCount * 8 / elementType.bitWidth
        return "shape \(shape) has \(count) elements, the tensor holds \(held)"
    }

    /// A copy of the elements in row-major order.
    ///
    /// Throws `.invalidInput` if `Element` is not the tensor's element type, or if the tensor has a `defect`.
    public func array<Element: TensorElement>(as type: Element.Type = Element.self) throws(WeftError) -> [Element] {
        guard Element.elementType == elementType else {
            throw WeftError(
                .invalidInput, "the tensor's elements are \(elementType), not \(Element.elementType)",
                hint: "ask for an array of the tensor's own type")
        }
        if let defect { throw WeftError(.invalidInput, defect) }
        let bytes = storage.bytes
        return [Element](unsafeUninitializedCapacity: elementCount) { target, count in
            UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
            count = elementCount
        }
    }

    /// The same storage with another shape; the caller gives one with as many elements. Nothing is checked.
    public func reshaped(_ shape: [Int]) -> Tensor { Tensor(elementType: elementType, shape: shape, storage: storage) }
}

/// A copy of an array's elements, at an address aligned as `HostBuffer` aligns it.
private final class ElementBuffer: Buffer {
    let byteCount: Int
    let host: UnsafeMutableRawPointer?

    init<Element: TensorElement>(_ elements: [Element]) {
        byteCount = elements.count * MemoryLayout<Element>.stride
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: Swift.max(byteCount, 1), alignment: HostBuffer.alignment)
        elements.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { memory.copyMemory(from: base, byteCount: bytes.count) }
        }
        host = memory
    }

    deinit { host?.deallocate() }
}

extension ElementBuffer: @unchecked Sendable {}
