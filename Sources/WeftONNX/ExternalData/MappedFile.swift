package import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file mapped into memory for reading, or bytes that stand for one.
///
/// Constants and tensors keep it alive. Its memory must never be written: mapped pages are read-only.
package final class MappedFile: Buffer {
    /// Where the file is; nil for bytes in memory.
    package let path: String?
    package let byteCount: Int
    private let base: UnsafeMutableRawPointer?
    private let isMapped: Bool

    /// Maps a regular file. An empty one has no bytes, and is no error here.
    package init(path: String) throws(WeftError) {
        func failed(_ reason: String) -> WeftError { WeftError(.unreadableFile, reason, file: path) }
        func system(_ call: String) -> WeftError { failed("\(call): \(String(cString: strerror(errno)))") }

        guard !path.utf8.contains(0) else { throw failed("a path with a zero byte names no file") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw system("cannot open the file") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw system("cannot look at the file") }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw failed("is a directory, not a file") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failed("is no regular file") }
        self.path = path
        byteCount = Int(status.st_size)
        isMapped = byteCount > 0
        if isMapped {
            guard let address = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED
            else { throw system("cannot map the file") }
            base = address
        } else {
            base = nil
        }
    }

    /// Copies bytes that never were in a file, or no longer are.
    package init(bytes: [UInt8]) {
        path = nil
        byteCount = bytes.count
        isMapped = false
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: HostBuffer.alignment)
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: source.count) }
        }
        base = memory
    }

    deinit {
        if isMapped {
            munmap(base, byteCount)
        } else {
            base?.deallocate()
        }
    }

    package var host: UnsafeMutableRawPointer? { base }
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }

    /// Bytes of the file as a part that keeps it alive. The range has to lie inside the file.
    package func view(_ range: Range<Int>) -> BufferView {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        return BufferView(self, offset: range.lowerBound, byteCount: range.count)
    }
}

// The address never changes and nobody writes to it.
extension MappedFile: @unchecked Sendable {}
