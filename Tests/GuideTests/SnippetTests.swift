import Foundation
import Testing
import Weft

/// Snippets that need nothing but a small model do what the guides say.
@Suite struct SnippetTests {
    private static let dense = Project.root.appendingPathComponent("Tests/WeftCommandTests/Fixtures/dense.onnx")

    @Test func theFirstModelRuns() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-guide-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Self.dense, to: folder.appendingPathComponent("model.onnx"))
        let outputs = try await firstModel(folder.path)
        #expect(try outputs["y"].shape == [2, 3])
    }

    @Test func aDeviceWithMemoryOfItsOwnRunsItsNodes() async throws {
        var options = SessionOptions()
        options.placement = .preference
        let session = try await Session(
            model: Self.dense.path, providers: [.provider(MirrorProvider()), .cpu], options: options)
        let host = try await Session(model: Self.dense.path, providers: [.cpu])
        let x = Tensor([Float](arrayLiteral: 1, -2, 3, 4, -5, 6, 7, 8), shape: [2, 4])
        let want = try await host.run(["x": x])["y"].array(as: Float.self)
        for _ in 0..<2 { #expect(try await session.run(["x": x])["y"].array(as: Float.self) == want) }
        #expect(session.placement.shares["mirror"]?.nodes == 1)
        #expect(session.placement.transfers.count == 2)
        try explain(session, x)
    }

    @Test func whatIsHereCanBeAsked() async throws {
        let here = isHere()
        #expect(here.contains { $0.description == "cpu" })
        _ = try await Session(model: Self.dense.path, providers: here)
    }
}
