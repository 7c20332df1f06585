import ArgumentParser
import Foundation
import Testing
import WeftCommand

/// Command lines in the project's pages are ones that the tools take.
@Suite struct CommandLineTests {
    /// A line of a shell as its words: quotes group, `#` after a space begins a comment.
    static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == " " {
                if let whole = word { words.append(whole) }
                word = nil
            } else if character == "#", word == nil {
                break
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let whole = word { words.append(whole) }
        return words
    }

    private static let subcommands = Set(
        WeftTool.configuration.subcommands.compactMap { $0.configuration.commandName })

    /// Lines of code blocks, and code in running text, that begin with a tool of this project.
    static func commands(_ page: GuidePage) -> [(line: String, words: [String])] {
        let blocks = page.blocks.filter { ["", "sh", "console"].contains($0.language) }.flatMap(\.lines)
        let prose = page.text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 0 }
            .map(\.element).joined()
        let inline = prose.matches(of: /`([^`\n]+)`/).map { String($0.1) }
        return (blocks + inline).map { line in
            let line = line.hasPrefix("$ ") ? String(line.dropFirst(2)) : line
            return (line, words(line))
        }
    }

    @Test(arguments: GuidePage.all) func weftTakesEveryCommandLine(_ page: GuidePage) {
        for (line, words) in Self.commands(page) where words.first == "weft" && words.count > 1 {
            do {
                _ = try WeftTool.parseAsRoot(Array(words.dropFirst()))
            } catch {
                // Running text may name a command alone.
                if words.count == 2, Self.subcommands.contains(words[1]) { continue }
                // Help and version are thrown too, as no failures.
                let code = WeftTool.exitCode(for: error)
                #expect(code == .success, "\(page.path): \(line): \(WeftTool.message(for: error))")
            }
        }
    }

    @Test func aFlagThatNobodyHasIsFound() {
        #expect(throws: (any Error).self) { try WeftTool.parseAsRoot(["run", "model.onnx", "--no-such-flag"]) }
        #expect(throws: (any Error).self) { try WeftTool.parseAsRoot(["nothing"]) }
        #expect(
            Self.words("weft run 'a b' --pin '/head/*=cpu'   # runs") == ["weft", "run", "a b", "--pin", "/head/*=cpu"])
    }

    @Test(arguments: GuidePage.all) func everyScriptIsThere(_ page: GuidePage) {
        for (line, words) in Self.commands(page) {
            guard let script = words.first, script.hasPrefix("scripts/") || script.hasPrefix("Benchmarks/") else {
                continue
            }
            let path = Project.root.appendingPathComponent(script).path
            #expect(FileManager.default.fileExists(atPath: path), "\(page.path): \(line)")
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")), arguments: GuidePage.all)
    func pythonBlocksAreWellFormed(_ page: GuidePage) throws {
        for block in page.blocks where block.language == "python" {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            process.arguments = ["-c", "import ast, sys; ast.parse(sys.argv[1])", block.lines.joined(separator: "\n")]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(page.path):\(block.line)")
        }
    }
}
