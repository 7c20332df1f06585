import WeftONNX
import WeftProvider

/// What tells one model file from another: a hash of its bytes. External data counts by its place in them alone.
enum ModelHash: Sendable {
    case known(String)
    /// Read when it is asked for.
    case file(String)

    static func of(_ bytes: [UInt8]) -> ModelHash { .known(bytes.withUnsafeBytes { text(of: $0) }) }

    func text() throws(WeftError) -> String {
        switch self {
        case .known(let text): return text
        case .file(let path):
            let file = try MappedFile(path: path)
            return withExtendedLifetime(file) { Self.text(of: file.bytes) }
        }
    }

    private static func text(of bytes: UnsafeRawBufferPointer) -> String {
        var hash = StableHash()
        hash.add(bytes)
        return hash.text
    }
}
