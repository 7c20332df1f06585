import Foundation
import Testing
import Weft

/// The README's library example is this file's, runs, and does what its comments say.
@Suite struct ReadmeTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    // swift-format-ignore
    @Test func exampleRuns() async throws {
        // Stands in for the initialiser, so that the file is found beside this test and providers may be absent.
        func Session(model: String, providers: [ProviderChoice]) async throws -> Weft.Session {
            let here = providers.filter { (try? Weft.Session.check([$0])) != nil }
            return try await Weft.Session(
                model: Self.folder.appendingPathComponent("Fixtures/\(model)").path, providers: here)
        }
        let session = try await Session(model: "yolo11n.onnx", providers: [.vulkan, .openBLAS, .cpu])
        print(session.inputs)                                    // images: float32 [1, 3, 640, 640]
        let image = Tensor([Float](repeating: 0.5, count: 3 * 640 * 640), shape: [1, 3, 640, 640])
        let outputs = try await session.run(["images": image])   // or: try session.runSynchronously(…)
        let boxes: [Float] = try outputs["output0"].array()      // shape: outputs["output0"].shape
        print(session.placement)                                 // which device ran what share, and why
        #expect(session.inputs.map(\.description) == ["images: float32 [1, 3, 640, 640]"])
        #expect(boxes.allSatisfy { abs($0 - 0.5) < 1e-5 })
        #expect(try outputs["output0"].shape == [1, 3, 1, 1])
        #expect(session.placement.nodes.count == 1)
    }
}
