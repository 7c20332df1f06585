import Foundation
import Testing

/// What the tool says of itself: completions for shells, and the environment variables that it reads.
@Suite struct SelfHelpTests {
    @Test(arguments: ["bash", "zsh", "fish"])
    func everyShellHasACompletionScript(_ shell: String) throws {
        let result = try Tool.run(["--generate-completion-script", shell])
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        for word in ["weft", "compare", "--provider", "--device-memory", "onnx"] {
            #expect(result.output.contains(shell == "fish" ? word.replacing("--", with: "") : word), "\(word)")
        }
    }

    /// What bash offers for the last of the words.
    private func offers(_ words: [String]) throws -> [String] {
        try Tool.withFolder { folder in
            let script = folder + "/weft.bash"
            try Tool.run(["--generate-completion-script", "bash"]).output.write(
                toFile: script, atomically: true, encoding: .utf8)
            let quoted = words.map { "'\($0)'" }.joined(separator: " ")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "bash", "-c",
                """
                source '\(script)'
                COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE}; COMPREPLY=()
                _weft weft "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """,
            ]
            let tool = URL(fileURLWithPath: try Tool.path()).deletingLastPathComponent().path
            process.environment = ["PATH": "\(tool):/usr/bin:/bin"]
            process.currentDirectoryURL = URL(fileURLWithPath: Tool.fixture(""))
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    @Test func bashCompletesCommandsProvidersAndFiles() throws {
        #expect(try offers(["weft", "comp"]) == ["compare"])
        #expect(Set(try offers(["weft", "run", "--provider", ""])) == ["vulkan", "openblas", "cpu"])
        #expect(try offers(["weft", "run", "--provider", "v"]) == ["vulkan"])
        #expect(Set(try offers(["weft", "run", "--provider", "vulkan,"])) == ["vulkan,openblas", "vulkan,cpu"])
        #expect(Set(try offers(["weft", "compare", "--against", ""])) == ["vulkan", "openblas", "cpu"])
        let files = try offers(["weft", "run", ""])
        #expect(files.contains("dense.onnx"))
        #expect(!files.contains("make.py"))
    }

    @Test func helpListsTheEnvironment() throws {
        let help = try Tool.run(["help", "environment"])
        #expect(help.code == 0)
        let report = try Tool.run(["environment", "--json"]).json()
        let names = try #require(report["variables"] as? [[String: Any]]).compactMap { $0["name"] as? String }
        #expect(names.contains("WEFT_VULKAN_DEVICE"))
        #expect(Set(names).count == names.count)
        for name in names { #expect(help.output.contains(name)) }
    }

    /// Every `WEFT_…` that a source reads is declared, once.
    @Test func everyVariableThatIsReadIsListed() throws {
        let report = try Tool.run(["environment", "--json"]).json()
        let listed = Set(
            try #require(report["variables"] as? [[String: Any]]).compactMap { $0["name"] as? String }.filter {
                $0.hasPrefix("WEFT_")
            })
        var declared: [String] = []
        var read: Set<String> = []
        let sources = Tool.root + "/Sources"
        for case let path as String in try #require(FileManager.default.enumerator(atPath: sources)) {
            guard path.hasSuffix(".swift") || path.hasSuffix(".c") || path.hasSuffix(".h") else { continue }
            let text = try String(contentsOfFile: "\(sources)/\(path)", encoding: .utf8)
            for match in text.matches(of: /EnvironmentVariable\(\s*"(WEFT_[A-Z_]+)"/) {
                declared.append(String(match.1))
            }
            for match in text.matches(of: /getenv\(\s*"(WEFT_[A-Z_]+)"/) { read.insert(String(match.1)) }
        }
        #expect(Set(declared) == listed)
        #expect(Set(declared).count == declared.count)
        #expect(read.isSubset(of: listed))
    }
}
