import Foundation
import Testing
import Weft

/// What each command prints, and that scripts can read it.
@Suite struct CommandTests {
    private let dense = Tool.fixture("dense.onnx")

    @Test func runComputesAndWritesOutputs() throws {
        try Tool.withFolder { folder in
            try Tensor([Float](repeating: 1, count: 8), shape: [2, 4]).write(npy: folder + "/x.npy")
            let result = try Tool.run([
                "run", dense, "--input", "x=\(folder)/x.npy", "--output-dir", "\(folder)/out", "--repeat", "3",
                "--provider", "cpu", "--json",
            ])
            #expect(result.code == 0)
            #expect(result.errors.isEmpty)
            let report = try result.json()
            let outputs = try #require(report["outputs"] as? [String: [String: Any]])
            let y = try #require(outputs["y"])
            // Columns of the weight are -6 -3 0 3, -5 -2 1 4, -4 -1 2 5: their sums are -6, -2, 2.
            #expect(y["shape"] as? [Int] == [2, 3])
            #expect(y["type"] as? String == "float32")
            #expect(y["min"] as? Double == 0)
            #expect(y["max"] as? Double == 2)
            #expect(abs((y["mean"] as? Double ?? 0) - 2.0 / 3) < 1e-6)
            #expect((report["run_ms"] as? [Double])?.count == 3)
            #expect(report["load_ms"] is Double)
            #expect(report["transfers"] as? Int == 0)
            #expect(report["transfer_bytes"] as? Int == 0)
            #expect(report["segments"] as? Int == 1)
            #expect(report["random_inputs"] as? [String] == [])
            let placement = try #require(report["placement"] as? [String: [String: Any]])
            #expect(placement["cpu"]?["nodes"] as? Int == 2)
            #expect(placement["cpu"]?["flops_share"] as? Double == 1)
            let written = try Tensor(npy: try #require(y["file"] as? String))
            #expect(try written.array(as: Float.self) == [0, 0, 2, 0, 0, 2])
        }
    }

    @Test func runFillsWhatIsNotGivenAndSaysSo() throws {
        let first = try Tool.run(["run", dense, "--shape", "x=2x4", "--provider", "cpu"])
        #expect(first.code == 0)
        #expect(first.output.contains("'x'"))
        #expect(first.output.contains("random"))
        let second = try Tool.run(["run", dense, "--shape", "x=2x4", "--provider", "cpu"])
        // The same seed: the line of figures is the same, times are not.
        #expect(first.output.split(separator: "\n").first == second.output.split(separator: "\n").first)
    }

    @Test func inspectCountsWorkWhereShapesAreKnown() throws {
        let open = try Tool.run(["inspect", dense, "--json"])
        #expect(open.code == 0)
        #expect(try open.json()["flops"] == nil)
        #expect(try open.json()["unknown"] is String)
        let known = try Tool.run(["inspect", dense, "--shape", "x=5x4", "--json"]).json()
        #expect(known["flops"] as? Double == 120.0)
        #expect(known["parameters"] as? Int == 12)
        #expect(known["opsets"] as? [String: Int] == ["ai.onnx": 17])
        #expect(known["operators"] as? [String: Int] == ["MatMul": 1, "Relu": 1])
        let support = try #require(known["support"] as? [[String: Any]])
        #expect(support.contains { $0["device"] as? String == "cpu" && $0["supported"] as? Int == 2 })
    }

    @Test func inspectShowsModelsThatNobodyRuns() throws {
        let result = try Tool.run(["inspect", Tool.fixture("unknown_operator.onnx"), "--json"])
        #expect(result.code == 0)
        #expect(try result.json()["operators"] as? [String: Int] == ["com.example.Frobnicate": 1])
        #expect((try result.json()["unknown"] as? String)?.contains("Frobnicate") == true)
    }

    @Test func explainGivesEveryNodeAPriceAndAReason() throws {
        try Tool.withFolder { folder in
            let dot = folder + "/plan.dot"
            let result = try Tool.run(["explain", dense, "--shape", "x=2x4", "--json", "--dot", dot])
            #expect(result.code == 0)
            let plan = try #require(try result.json()["plan"] as? [String: Any])
            let nodes = try #require(plan["nodes"] as? [[String: Any]])
            #expect(nodes.compactMap { $0["op_type"] as? String } == ["MatMul", "Relu"])
            for node in nodes {
                #expect((node["seconds"] as? Double ?? 0) > 0)
                #expect((node["reason"] as? String)?.isEmpty == false)
                #expect((node["offers"] as? [[String: Any]])?.isEmpty == false)
            }
            let drawing = try String(contentsOfFile: dot, encoding: .utf8)
            #expect(drawing.hasPrefix("digraph"))
            #expect(drawing.contains("n0 -> n1"))
            let text = try Tool.run(["explain", dense, "--shape", "x=2x4"])
            for word in ["segments", "product", "positive", "predicted"] { #expect(text.output.contains(word)) }
        }
    }

    @Test func providersListsTheHostAndReasonsForTheAbsent() throws {
        let report = try Tool.run(["providers", "--json"]).json()
        let providers = try #require(report["providers"] as? [[String: Any]])
        #expect(providers.contains { $0["name"] as? String == "cpu" && $0["available"] as? Bool == true })
        for provider in providers where provider["available"] as? Bool == false {
            #expect((provider["unavailable"] as? String)?.isEmpty == false)
        }
        let tables = try Tool.run(["providers", "--tables"])
        #expect(tables.output.contains("### cpu"))
        #expect(tables.output.contains("| MatMul |"))
    }

    @Test func theWorkerAnswersOrdersUntilItIsToldToQuit() throws {
        let result = try Tool.run(
            ["bench", dense, "--worker", "--shape", "x=2x4", "--threads", "1", "--provider", "cpu"],
            input: "run 3\nrun 1\nquit\nrun 5\n")
        #expect(result.code == 0)
        let answers = try result.output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(answers.count == 3)
        #expect(answers[0]["ready"] as? Bool == true)
        #expect((answers[1]["ns"] as? [Int])?.count == 3)
        #expect((answers[2]["ns"] as? [Int])?.count == 1)
        #expect((answers[2]["peak_rss_mb"] as? Double ?? 0) > 1)
    }

    @Test func theWorkerEndsWithItsInput() throws {
        let result = try Tool.run(["bench", dense, "--worker", "--shape", "x=2x4", "--provider", "cpu"])
        #expect(result.code == 0)
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test func versionNamesTraitsAndProviders() throws {
        let result = try Tool.run(["--version"])
        #expect(result.code == 0)
        for word in ["weft", "Swift", "traits", "cpu"] { #expect(result.output.contains(word)) }
    }
}
