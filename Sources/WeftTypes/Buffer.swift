#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory of one memory space, freed with its last reference.
public protocol Buffer: AnyObject, Sendable {
    var byteCount: Int { get }
    /// The host's address of the first byte; nil where only the device sees the memory.
    var host: UnsafeMutableRawPointer? { get }
}

/// A range of bytes in a buffer, which it keeps alive.
public struct BufferView: Sendable {
    public let buffer: any Buffer
    public let offset: Int
    public let byteCount: Int

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

    /// The host's bytes; empty where only the device sees the memory.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: host, count: host == nil ? 0 : byteCount) }
}

/// Host memory, aligned to 64 bytes.
public final class HostBuffer: Buffer {
    public let byteCount: Int
    private let base: UnsafeMutableRawPointer

    public static let alignment = 64

    /// Takes memory from the heap. Contents are undefined unless `zeroed`.
    ///
    /// Throws `.outOfMemory` where the system has no such block to give, or the count is negative.
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

    public var host: UnsafeMutableRawPointer? { base }
}

// The address never changes; who may write when is the engine's plan.
extension HostBuffer: @unchecked Sendable {}

extension BufferView {
    /// A block of host memory of its own.
    public static func allocate(byteCount: Int, zeroed: Bool = false) throws(WeftError) -> BufferView {
        BufferView(try HostBuffer(byteCount: byteCount, zeroed: zeroed), byteCount: byteCount)
    }
}
