#if canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Whole files, read and written with the system's own words for what goes wrong.
enum File {
    private static let maximumBytes = 1 << 30

    /// The file's bytes; throws `.fileAccess` naming the path, also where it holds more than 1 GiB.
    static func read(_ path: String) throws(VisionError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("read", path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = block.withUnsafeMutableBytes { readBytes(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("read", path)
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= maximumBytes else {
                throw VisionError(
                    .fileAccess, "'\(path)' holds more than \(maximumBytes) bytes", remedy: "give a smaller picture")
            }
            bytes.append(contentsOf: block[..<count])
        }
    }

    /// Writes the bytes in place of whatever the path holds; a failure may leave part of them there.
    static func write(_ bytes: [UInt8], to path: String) throws(VisionError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw failure("write", path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                let error = failure("write", path)
                close(file)
                throw error
            }
            rest = rest.dropFirst(count)
        }
        guard close(file) == 0 else { throw failure("write", path) }
    }

    private static func failure(_ verb: String, _ path: String) -> VisionError {
        VisionError(
            .fileAccess, "cannot \(verb) '\(path)': \(String(cString: strerror(errno)))",
            remedy: "check the path and its permissions")
    }
}

private func readBytes(_ file: Int32, _ into: UnsafeMutableRawPointer?, _ count: Int) -> Int { read(file, into, count) }
private func writeBytes(_ file: Int32, _ from: UnsafeRawPointer?, _ count: Int) -> Int { write(file, from, count) }
