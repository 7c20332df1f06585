import WeftInterpreter
public import WeftProvider
import WeftRuntime

/// Memory of the caller's that a run writes an output into.
///
/// The engine writes straight into it where its plan can: where a host kernel makes the output, or a device's result is
/// copied to the host anyhow. It copies where the output is an input, a constant or another output as well, has a size
/// that only the run knows, or where this memory overlaps an input's. One buffer serves one run at a time. When a run
/// throws, its contents are undefined. Tensors that a run returned change with the next run that is given the buffer.
public struct OutputBuffer: Sendable {
    public let elementType: ElementType
    /// The shape that the output must have; nil where any shape will do that fits.
    public let shape: [Int]?
    public let storage: BufferView

    /// Fresh memory for an output of this shape.
    public init(_ elementType: ElementType, shape: [Int]) throws(WeftError) {
        let bytes = try Self.byteCount(elementType, shape)
        self.init(elementType, shape, try BufferView.allocate(byteCount: bytes, zeroed: true))
    }

    /// Fresh memory for an output of at most so many elements, whatever its shape.
    public init(_ elementType: ElementType, capacity: Int) throws(WeftError) {
        let bytes = try Self.byteCount(elementType, [capacity])
        self.init(elementType, nil, try BufferView.allocate(byteCount: bytes, zeroed: true))
    }

    /// The caller's own memory, for an output of this shape, or of any that fits where it is nil.
    ///
    /// The memory must stay until no run uses it and nobody reads the tensors that runs return for it; `owner` is kept
    /// alive as long. Throws `.invalidOption` where the bytes do not fit the shape or are not aligned to the element.
    public init(
        _ elementType: ElementType, shape: [Int]?, memory: UnsafeMutableRawBufferPointer,
        owner: (any AnyObject & Sendable)? = nil
    ) throws(WeftError) {
        if let shape {
            let bytes = try Self.byteCount(elementType, shape)
            guard memory.count == bytes else {
                throw WeftError(
                    .invalidOption,
                    "an output buffer of shape \(shape) in \(elementType) takes \(bytes) bytes, was given \(memory.count)"
                )
            }
        }
        let unit = max(1, elementType.bitWidth / 8)
        if let base = memory.baseAddress, Int(bitPattern: base) % unit != 0 {
            throw WeftError(
                .invalidOption,
                "an output buffer's memory should begin at a multiple of \(unit) bytes for \(elementType)")
        }
        self.init(
            elementType, shape, BufferView(BorrowedBuffer(memory, owner: owner), byteCount: memory.count))
    }

    private init(_ elementType: ElementType, _ shape: [Int]?, _ storage: BufferView) {
        self.elementType = elementType
        self.shape = shape
        self.storage = storage
    }

    private static func byteCount(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Int {
        guard type != .string else {
            throw WeftError(.invalidOption, "strings have no output buffer", hint: "take them from the run's outputs")
        }
        guard let count = shape.checkedElementCount, let bytes = type.byteCount(count) else {
            throw WeftError(.invalidOption, "an output buffer of shape \(shape) is larger than memory can be")
        }
        return bytes
    }

    var target: OutputTarget { OutputTarget(elementType: elementType, shape: shape, storage: storage) }
}

/// Host memory that somebody else owns.
private final class BorrowedBuffer: Buffer {
    let byteCount: Int
    private let base: UnsafeMutableRawPointer?
    private let owner: (any AnyObject & Sendable)?

    init(_ memory: UnsafeMutableRawBufferPointer, owner: (any AnyObject & Sendable)?) {
        byteCount = memory.count
        base = memory.baseAddress
        self.owner = owner
    }

    var host: UnsafeMutableRawPointer? { base }
}

// The address never changes; who may write when is the caller's promise.
extension BorrowedBuffer: @unchecked Sendable {}
