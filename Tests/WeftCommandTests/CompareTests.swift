import Foundation
import Testing

/// `weft compare` from outside: figures, exit codes, and the folder of a node that departs.
@Suite struct CompareTests {
    private let dense = Tool.fixture("dense.onnx")

    @Test func aProviderAgreesWithItself() throws {
        let result = try Tool.run(
            ["compare", dense, "--shape", "x=2x4", "--provider", "cpu", "--rtol", "0", "--atol", "0", "--json"])
        #expect(result.code == 0)
        let report = try result.json()
        let nodes = try #require(report["nodes"] as? [[String: Any]])
        #expect(nodes.compactMap { $0["name"] as? String } == ["product", "positive"])
        for node in nodes {
            #expect(node["status"] as? String == "within")
            #expect(node["absolute"] as? Double == 0)
            #expect(node["ulps"] as? Double == 0)
        }
        #expect(report["first"] == nil)
        #expect(
            try Tool.run(["compare", dense, "--shape", "x=2x4", "--provider", "cpu"]).output.contains("all within"))
    }

    @Test func controlFlowIsComparedAsAWhole() throws {
        let folder = Tool.root + "/.models/scan-loop-if-sequence"
        // The models are not part of the package.
        guard FileManager.default.fileExists(atPath: folder) else { return }
        let result = try Tool.run([
            "compare", folder + "/model.onnx", "--test-data", folder + "/test_data_set_0", "--provider", "cpu",
            "--json",
        ])
        #expect(result.code == 0)
        let nodes = try #require(try result.json()["nodes"] as? [[String: Any]])
        let loop = try #require(nodes.first { $0["op_type"] as? String == "Loop" })
        #expect((loop["body_nodes"] as? Int ?? 0) > 0)
    }

    @Test(arguments: [
        ["--provider", "cpu,openblas"], ["--provider", "abacus"], ["--provider", "cpu", "--rtol", "-1"], [],
    ])
    func badUsageExitsWithTwo(_ options: [String]) throws {
        #expect(try Tool.run(["compare", dense, "--shape", "x=2x4"] + options).code == 2)
    }
}
