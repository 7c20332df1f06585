#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A block of memory in one memory space; it is freed with its last reference.
public protocol Buffer: AnyObject, Sendable {
    /// The size in bytes.
    var byteCount: Int { get }
    /// The host's address of the first byte; nil where only the device sees the memory.
    var host: UnsafeMutableRawPointer? { get }
}

/// A range of bytes in a buffer, which it keeps alive.
public struct BufferView: Sendable {
    /// The buffer that the range lies in.
    public let buffer: any Buffer
    /// Bytes from the buffer's start to the range's.
    public let offset: Int
    /// The length of the range in bytes.
    public let byteCount: Int

    /// A range of `byteCount` bytes from `offset` on; that it lies in the buffer is not checked.
    public init(_ buffer: any Buffer, offset: Int = 0, byteCount: Int) {
        self.buffer = buffer
        self.offset = offset
        self.byteCount = byteCount
    }

    /// The host's address of the first byte; nil where only the device sees the memory.
    @inline(__always)
    public var host: UnsafeMutableRawPointer? {
        guard let base = buffer.host else { return nil }
        return base + offset
    }

    /// The bytes of the range; empty where only the device sees the memory.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: host, count: host == nil ? 0 : byteCount) }
}

/// Host memory, aligned to 64 bytes.
public final class HostBuffer: Buffer {
    /// The size that was asked for, in bytes.
    public let byteCount: Int
    private let base: UnsafeMutableRawPointer

    /// What every buffer's address is a multiple of, in bytes.
    public static let alignment = 64

    /// Allocates memory on the heap. Its contents are undefined unless `zeroed`.
    ///
    /// Throws `.outOfMemory` if the allocation fails, or if the count is negative or too large.
    public init(byteCount: Int, zeroed: Bool = false) throws(WeftError) {
        var pointer: UnsafeMutableRawPointer?
        guard byteCount >= 0, byteCount <= Int.max - 2 * Self.alignment,
            posix_memalign(&pointer, Self.alignment, Swift.max(byteCount, 1)) == 0, let pointer
        else {
            throw WeftError(.outOfMemory, "cannot allocate \(byteCount) bytes of host memory")
        }
        self.byteCount = byteCount
        base = pointer
        if zeroed { base.initializeMemory(as: UInt8.self, repeating: 0, count: Swift.max(byteCount, 1)) }
    }

    deinit { free(base) }

    /// The address of the first byte; never nil.
    public var host: UnsafeMutableRawPointer? { base }
}

// The address never changes. The engine's plan decides who may write to the memory at which time.
extension HostBuffer: @unchecked Sendable {}

extension BufferView {
    /// Allocates a host buffer and returns all of it as a view. Throws as `HostBuffer.init` does.
    public static func allocate(byteCount: Int, zeroed: Bool = false) throws(WeftError) -> BufferView {
        BufferView(try HostBuffer(byteCount: byteCount, zeroed: zeroed), byteCount: byteCount)
    }
}
