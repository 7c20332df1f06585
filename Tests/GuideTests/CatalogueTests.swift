import Foundation
import Testing

/// The documentation compiler takes the catalogues.
@Suite struct CatalogueTests {
    /// The compiler that comes with the toolchain, where it is on the path.
    private static let compiler: URL? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = path.split(separator: ":").map { URL(fileURLWithPath: String($0)) }
        return folders.map { $0.appendingPathComponent("docc") }.first {
            FileManager.default.isExecutableFile(atPath: $0.path)
        }
    }()

    @Test(.enabled(if: compiler != nil, "the toolchain has no docc"), arguments: ["Weft", "WeftVision"])
    func theCompilerTakesTheCatalogue(_ module: String) throws {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("weft-docc-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = Self.compiler
        process.arguments = [
            "convert", Project.root.appendingPathComponent("Sources/\(module)/\(module).docc").path,
            "--fallback-display-name", module, "--fallback-bundle-identifier", "weft.\(module)", "--output-path",
            output.path,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(said)")
        // Symbols are unknown without the module's symbol graph; all else must be right.
        let warnings = said.components(separatedBy: "\n").filter { $0.hasPrefix("warning:") || $0.hasPrefix("error:") }
            .filter { !$0.contains("doesn't exist at") && !$0.contains("No symbol matched") }
        #expect(warnings.isEmpty, "\(warnings.joined(separator: "\n"))")
        let pages = FileManager.default.enumerator(atPath: output.path)?.compactMap { $0 as? String } ?? []
        let articles = try FileManager.default.contentsOfDirectory(
            atPath: Project.root.appendingPathComponent("Sources/\(module)/\(module).docc").path)
        // The landing page belongs to the module, which is unknown here.
        for article in articles where article.hasSuffix(".md") && article != "\(module).md" {
            let name = "/" + article.dropLast(3).lowercased() + ".json"
            #expect(pages.contains { $0.hasSuffix(name) }, "\(article)")
        }
    }
}
