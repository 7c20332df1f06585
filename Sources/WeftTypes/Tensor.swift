/// A dense, row-major tensor in host memory.
///
/// A tensor whose shape and element count disagree can be made, but not used: `run` and `array` throw `.invalidInput`.
public struct Tensor: Sendable {
    public let elementType: ElementType
    public let shape: [Int]
    /// Its bytes; packed for two- and four-bit types. Shared, never changed after the tensor is made.
    public let storage: BufferView

    public init(elementType: ElementType, shape: [Int], storage: BufferView) {
        self.elementType = elementType
        self.shape = shape
        self.storage = storage
    }

    /// A tensor of the given elements in row-major order; their number should be the product of `shape`.
    public init<Element: TensorElement>(_ elements: [Element], shape: [Int]) {
        let storage = ElementBuffer(elements)
        self.init(
            elementType: Element.elementType, shape: shape,
            storage: BufferView(storage, byteCount: storage.byteCount))
    }

    /// A tensor of one element, of rank 0.
    public init<Element: TensorElement>(scalar: Element) { self.init([scalar], shape: []) }

    /// A tensor of fresh memory, its contents undefined unless `zeroed`.
    public init(uninitialized elementType: ElementType, shape: [Int], zeroed: Bool = false) throws(WeftError) {
        guard let count = shape.checkedElementCount, let bytes = elementType.byteCount(count) else {
            throw WeftError(.outOfMemory, "a \(elementType) tensor of shape \(shape) is larger than memory can be")
        }
        self.init(
            elementType: elementType, shape: shape, storage: try BufferView.allocate(byteCount: bytes, zeroed: zeroed))
    }

    public var elementCount: Int { shape.checkedElementCount ?? 0 }

    /// What is wrong with this tensor, if anything: its bytes and its shape disagree.
    public var defect: String? {
        guard let count = shape.checkedElementCount, let bytes = elementType.byteCount(count) else {
            return "shape \(shape) has a negative dimension or more elements than memory can hold"
        }
        guard bytes != storage.byteCount else { return nil }
        let held = elementType.bitWidth == 0 ? 0 : storage.byteCount * 8 / elementType.bitWidth
        return "shape \(shape) has \(count) elements, the tensor holds \(held)"
    }

    /// Its elements in row-major order. Throws `.invalidInput` when `Element` is not the tensor's own type.
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

    /// The same bytes under another shape of as many elements.
    public func reshaped(_ shape: [Int]) -> Tensor { Tensor(elementType: elementType, shape: shape, storage: storage) }
}

/// A copy of an array's elements, aligned as kernels like it.
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
