import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files of text.
enum TextFile {
    /// Writes a file in place of what was there. Throws `.unreadableFile` with the system's reason.
    static func write(_ text: String, to path: String) throws(WeftError) {
        func failed() -> WeftError {
            WeftError(.unreadableFile, "cannot write the file: \(String(cString: strerror(errno)))", file: path)
        }
        guard let file = fopen(path, "wb") else { throw failed() }
        var text = text
        let complete = text.withUTF8 { bytes in fwrite(bytes.baseAddress, 1, bytes.count, file) == bytes.count }
        guard fclose(file) == 0, complete else { throw failed() }
    }
}
