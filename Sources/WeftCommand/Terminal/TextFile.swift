import Weft

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Files that commands write.
enum TextFile {
    /// Writes text as UTF-8. Throws `.unreadableFile` where that cannot be.
    static func write(_ text: String, to path: String) throws(WeftError) {
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw WeftError(.unreadableFile, "the file cannot be written", file: path)
        }
    }
}
