import BlockedProvider
import Foundation
import Testing
import Weft

/// Three lines make a whole `weft` that knows two providers more.
@Suite struct ToolTests {
    private struct Result {
        let code: Int32
        let output: String
        let errors: String

        func json() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        }
    }

    /// The executable beside the test bundle.
    private static func path() throws -> URL {
        let folders = [
            URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
            URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent(),
        ]
        return try #require(
            folders.map { $0.appendingPathComponent("blocked-weft") }.first {
                FileManager.default.isExecutableFile(atPath: $0.path)
            }, "blocked-weft is not built")
    }

    private func run(_ arguments: String...) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tool-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["out", "err"].map { folder.appendingPathComponent($0) }
        for file in files { try Data().write(to: file) }
        let process = Process()
        process.executableURL = try Self.path()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["WEFT_CACHE_DIR": ""]) { $1 }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return Result(code: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    private static let model: ModelFile = {
        var model = ModelFile()
        model.input("x", [1, 9, 4, 4])
        model.constant("count", integers: [2], shape: [])
        model.node("Relu", ["x"], ["h"], name: "bend")
        model.node("Repeat", domain: "com.example", ["h", "count"], ["r"], name: "again", floats: ["scale": 3])
        model.node("Neg", ["r"], ["n"], name: "turn")
        model.node("Abs", ["n"], ["y"], name: "size")
        model.output("y", [2, 1, 9, 4, 4])
        return model
    }()

    @Test func itListsItsProvidersWithWeftsOwn() throws {
        let report = try run("providers", "--json").json()
        let providers = try #require(report["providers"] as? [[String: Any]])
        #expect(providers.compactMap { $0["name"] as? String } == ["blocked", "twin", "vulkan", "openblas", "cpu"])
        let twins = try #require(providers[1]["devices"] as? [[String: Any]])
        #expect(twins.compactMap { $0["id"] as? String } == ["twin", "twin:1"])
        #expect(try run("--version").output.contains("providers: blocked, twin, "))
        #expect(try run("help", "environment").output.contains("BLOCKED_PRICE"))
        #expect(try run("providers", "--tables").output.contains("Repeat"))
    }

    @Test func itRunsModelsOnThem() throws {
        try Self.model.withFile { file in
            let run = try run(
                "run", file, "--provider", "blocked,twin,twin:1,cpu", "--placement", "preference", "--json")
            #expect(run.code == 0, "\(run.errors)")
            let placement = try #require(try run.json()["placement"] as? [String: [String: Any]])
            #expect(placement.mapValues { $0["nodes"] as? Int } == ["blocked": 2, "twin": 1, "twin:1": 1])
            // All that are here: the operator's provider is among them.
            #expect(try self.run("run", file).code == 0)
        }
    }

    @Test func itExplainsInspectsComparesAndMeasuresThem() throws {
        try Self.model.withFile { file in
            let explained = try run("explain", file, "--provider", "blocked,cpu", "--pin", "bend=blocked", "--json")
            #expect(explained.code == 0, "\(explained.errors)")
            #expect(explained.output.contains("ToBLOCKED.C8") && explained.output.contains("FromBLOCKED.C8"))
            let inspected = try run("inspect", file, "--provider", "blocked,cpu", "--json")
            #expect(inspected.code == 0 && inspected.output.contains("Repeat"), "\(inspected.errors)")
            let compared = try run("compare", file, "--provider", "blocked")
            #expect(compared.code == 0 && compared.output.contains("nobody else has the operator"), "\(compared)")
            let unknown = try run("compare", file, "--provider", "nobody")
            #expect(unknown.code == 2 && unknown.errors.contains("the providers are blocked, twin, vulkan"))
        }
        var model = ModelFile()
        model.input("x", [1, 9, 4, 4])
        model.node("Relu", ["x"], ["h"], name: "bend")
        model.node("Neg", ["h"], ["y"], name: "turn")
        model.output("y", [1, 9, 4, 4])
        try model.withFile { file in
            let measured = try run("bench", file, "--provider", "twin,blocked", "--runs", "2", "--json")
            #expect(measured.code == 0, "\(measured.errors)")
            for name in ["blocked", "twin", "cpu", "mixed"] { #expect(measured.output.contains("\"\(name)\"")) }
        }
    }

    @Test func plansAreSavedAndFollowedByName() throws {
        try Self.model.withFile { file in
            let plan = file + ".plan"
            let saved = try run(
                "explain", file, "--provider", "blocked,cpu", "--placement", "preference", "--save-plan", plan)
            #expect(saved.code == 0, "\(saved.errors)")
            let followed = try run("run", file, "--plan", plan, "--json")
            #expect(followed.code == 0, "\(followed.errors)")
            let placement = try #require(try followed.json()["placement"] as? [String: [String: Any]])
            #expect(placement["blocked"]?["nodes"] as? Int == 2)
        }
    }
}
