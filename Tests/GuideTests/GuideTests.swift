import Foundation
import Testing

/// Code in the project's pages is code that is compiled, and its links lead somewhere.
@Suite struct GuideTests {
    private static let swift = CodeIndex { $0.hasSuffix(".swift") }
    private static let shaders = CodeIndex { $0.hasSuffix(".comp") || $0.hasSuffix(".glsl") }
    private static let guides = [
        "FirstModel", "ChoosingProviders", "ReadingExplain", "KeepingPlans", "AddingAnOperator", "AddingAKernel",
        "WritingAProvider",
    ]

    @Test func thePagesAreThere() {
        let paths = Set(GuidePage.all.map(\.path))
        for guide in Self.guides { #expect(paths.contains("Sources/Weft/Weft.docc/\(guide).md")) }
        #expect(paths.isSuperset(of: ["README.md", "providers.md", "Sources/Weft/Weft.docc/Weft.md"]))
    }

    @Test(arguments: GuidePage.all) func everySwiftBlockIsCompiled(_ page: GuidePage) {
        for block in page.blocks where block.language == "swift" {
            // Imports stand at the head of a file, wherever the rest is.
            var lines = block.lines[...]
            while let line = lines.first, line.isEmpty || line.hasPrefix("import ") { lines.removeFirst() }
            while lines.last?.isEmpty == true { lines.removeLast() }
            let isCompiled = Self.swift.contains(Array(lines))
            #expect(
                isCompiled,
                "\(page.path):\(block.line): this code stands in no Swift file of the project")
        }
    }

    @Test(arguments: GuidePage.all) func everyShaderBlockIsAShaders(_ page: GuidePage) {
        for block in page.blocks where block.language == "glsl" {
            let isShaders = Self.shaders.contains(block.lines)
            #expect(
                isShaders,
                "\(page.path):\(block.line): this code stands in no shader of the project")
        }
    }

    @Test func everyBlockSaysItsLanguage() {
        let known: Set = ["swift", "glsl", "python", "json", "text", "console", "sh", ""]
        for page in GuidePage.all {
            for block in page.blocks {
                #expect(known.contains(block.language), "\(page.path):\(block.line): '\(block.language)'")
            }
        }
    }

    @Test func codeThatIsNowhereIsFound() {
        let (made, here, apart) = (
            Self.swift.contains(["let nobody =" + " wrote(this)"]), Self.swift.contains(["@Suite struct GuideTests {"]),
            Self.swift.contains(["@Suite struct GuideTests {", "import Testing"])
        )
        #expect(!made)
        #expect(here)
        #expect(!apart, "lines that both exist, but not together")
    }

    @Test(arguments: GuidePage.all) func everyLinkLeadsSomewhere(_ page: GuidePage) throws {
        let folder = Project.root.appendingPathComponent(page.path).deletingLastPathComponent()
        let prose = page.text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 0 }
            .map(\.element).joined()
        for match in prose.matches(of: /\]\(([^)\s#]+)[^)]*\)/) {
            let target = String(match.1)
            if target.hasPrefix("http") { continue }
            // A catalogue's pictures are called by name.
            let places = [target, "Resources/\(target).png"].map { folder.appendingPathComponent($0).path }
            #expect(places.contains { FileManager.default.fileExists(atPath: $0) }, "\(page.path): \(target)")
        }
        for match in prose.matches(of: /<doc:([A-Za-z]+)>/) {
            let path = folder.appendingPathComponent("\(match.1).md").path
            #expect(FileManager.default.fileExists(atPath: path), "\(page.path): doc:\(match.1)")
        }
    }
}
