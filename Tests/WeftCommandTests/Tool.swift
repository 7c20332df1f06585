import Foundation
import Testing

/// The built `weft`, run as a process of its own.
enum Tool {
    /// What a run left behind.
    struct Result {
        let code: Int32
        let output: String
        let errors: String

        /// The lines on stderr.
        var errorLines: [Substring] { errors.split(separator: "\n") }

        /// The one JSON document on stdout.
        func json() throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return try #require(value as? [String: Any])
        }
    }

    /// The executable beside the test bundle.
    static func path() throws -> String {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let folders = [bundle.path, root + "/.build/debug"]
        return try #require(
            folders.map { $0 + "/weft" }.first { FileManager.default.isExecutableFile(atPath: $0) },
            "weft is not built: `swift build` makes it")
    }

    /// The package's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func fixture(_ name: String) -> String { "\(root)/Tests/WeftCommandTests/Fixtures/\(name)" }

    static let digits = root + "/Examples/digits-detector"

    /// Runs `weft` with arguments, and with lines on its stdin where they are given.
    static func run(_ arguments: [String], input: String = "") throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try path())
        process.arguments = arguments
        // Files, not pipes: nothing can fill up while nobody reads.
        return try withFolder { folder in
            let files = ["in", "out", "err"].map { "\(folder)/\($0)" }
            for (file, contents) in zip(files, [input, "", ""]) {
                try Data(contents.utf8).write(to: URL(fileURLWithPath: file))
            }
            process.standardInput = FileHandle(forReadingAtPath: files[0])
            process.standardOutput = FileHandle(forWritingAtPath: files[1])
            process.standardError = FileHandle(forWritingAtPath: files[2])
            try process.run()
            process.waitUntilExit()
            func text(_ file: String) throws -> String {
                String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
            }
            let errors = try text(files[2])
            try #require(process.terminationReason == .exit, "weft was killed: \(errors)")
            return Result(code: process.terminationStatus, output: try text(files[1]), errors: errors)
        }
    }

    /// A fresh folder that is gone afterwards.
    static func withFolder<R>(_ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.path + "/weft-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }
}
