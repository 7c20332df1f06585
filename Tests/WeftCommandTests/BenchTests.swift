import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What `weft bench` measures and draws.
@Suite struct BenchTests {
    private let dense = Tool.fixture("dense.onnx")

    /// The providers besides `cpu` that this machine has.
    private func others() throws -> [String] {
        let providers = try Tool.run(["providers", "--json"]).json()["providers"] as? [[String: Any]] ?? []
        return providers.filter { $0["available"] as? Bool == true }.compactMap { $0["name"] as? String }.filter {
            $0 != "cpu"
        }
    }

    private func plans(_ report: [String: Any]) throws -> [[[String: Any]]] {
        try #require(report["models"] as? [[String: Any]]).map { try #require($0["plans"] as? [[String: Any]]) }
    }

    @Test func everyProviderAndTheMixedPlanAreTimed() throws {
        let report = try Tool.run(["bench", dense, "--shape", "x=2x4", "--runs", "7", "--threads", "1", "--json"])
            .json()
        let model = try #require((report["models"] as? [[String: Any]])?.first)
        #expect(model["model"] as? String == "dense")
        #expect(model["runs"] as? Int == 7)
        #expect(model["threads"] as? Int == 1)
        #expect(model["random_inputs"] as? [String] == ["x"])
        let plans = try plans(report)[0]
        let names = plans.compactMap { $0["plan"] as? String }
        let others = try others()
        #expect(names == ["cpu"] + others + (others.isEmpty ? [] : ["mixed"]))
        for plan in plans {
            let median = try #require(plan["median_ms"] as? Double)
            let p90 = try #require(plan["p90_ms"] as? Double)
            let least = try #require(plan["least_ms"] as? Double)
            #expect(least > 0 && least <= median && median <= p90)
            #expect((plan["load_and_first_ms"] as? Double ?? 0) > (plan["load_ms"] as? Double ?? .infinity))
            #expect((plan["peak_rss_mb"] as? Double ?? 0) > 1)
            #expect((plan["ratio_to_cpu"] as? Double ?? 0) > 0)
            #expect((plan["predicted_ms"] as? Double ?? 0) > 0)
            #expect((plan["shares"] as? [String: [String: Any]])?.isEmpty == false)
        }
        #expect(plans[0]["ratio_to_cpu"] as? Double == 1)
        #expect(plans[0]["placement"] as? String == "preference")
        if let mixed = plans.last, !others.isEmpty {
            #expect(mixed["placement"] as? String == "cost")
            #expect((mixed["providers"] as? [String])?.contains("cpu") == true)
        }
    }

    @Test func aPlanFileStandsInTheMixedPlansPlace() throws {
        try Tool.withFolder { folder in
            let plan = folder + "/plan.json"
            let shape = ["--shape", "x=2x4"]
            let saved = try Tool.run(["explain", dense, "--provider", "cpu", "--save-plan", plan] + shape)
            #expect(saved.code == 0)
            let report = try Tool.run(["bench", dense, "--plan", plan, "--runs", "3", "--json"] + shape).json()
            let rows = try plans(report)[0]
            #expect(rows.compactMap { $0["plan"] as? String } == ["cpu", "plan"])
            #expect((rows[1]["ratio_to_cpu"] as? Double ?? 0) > 0)
            // The same model but for a field that nobody knows.
            let another = folder + "/another.onnx"
            try (Data(contentsOf: URL(fileURLWithPath: dense)) + [0x78, 1]).write(to: URL(fileURLWithPath: another))
            let other = try Tool.run(["bench", another, "--plan", plan, "--runs", "3"] + shape)
            #expect(other.code != 0)
            #expect((other.output + other.errors).contains("another model"))
        }
    }

    @Test func severalModelsHaveATableEachAMeanAndADrawing() throws {
        try Tool.withFolder { folder in
            let svg = folder + "/bench.svg"
            let arguments = [
                "bench", dense, dense, "--shape", "x=2x4", "--provider", "cpu", "--runs", "3", "--svg", svg,
            ]
            let result = try Tool.run(arguments)
            #expect(result.code == 0)
            #expect(result.errors.isEmpty)
            #expect(result.output.components(separatedBy: "dense: ").count == 3)
            #expect(result.output.contains("geometric mean of the time to cpu's over 2 models: cpu 1.00 x"))
            let drawing = try String(contentsOfFile: svg, encoding: .utf8)
            #expect(drawing.hasPrefix("<svg "))
            #expect(drawing.components(separatedBy: "<title>").count == 3)
            #expect(drawing.contains("milliseconds a run"))
            // Nothing is fetched from elsewhere.
            #expect(!drawing.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "").contains("http"))
            let parser = XMLParser(data: Data(drawing.utf8))
            #expect(parser.parse())
        }
    }

    @Test func aTestFolderIsFedWithItsFirstDataSet() throws {
        try Tool.withFolder { folder in
            let save = folder + "/case"
            let compared = try Tool.run(
                ["compare", dense, "--shape", "x=3x4", "--provider", "cpu", "--rtol", "0", "--atol", "0", "--json"])
            #expect(compared.code == 0)
            try FileManager.default.createDirectory(
                atPath: save + "/test_data_set_0", withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: dense, toPath: save + "/model.onnx")
            // No input file at all: the worker says what is missing, and bench says it on.
            let empty = try Tool.run(["bench", save, "--provider", "cpu", "--runs", "1"])
            #expect(empty.code == 3)
            #expect(empty.errors.contains("no input_*.pb"))
            #expect(empty.errorLines.count == 1)
        }
    }

    @Test func whatEveryWorkerRefusesIsTheToolsOwnError() throws {
        let result = try Tool.run(["bench", dense, "--provider", "cpu", "--runs", "1"])
        #expect(result.code == 3)
        #expect(result.output.isEmpty)
        #expect(result.errorLines.first?.hasPrefix("weft: error: ") == true)
        #expect(result.errors.contains("'x'"))
    }

    @Test(arguments: [["--runs", "0"], ["--worker", "--runs", "3"], ["--worker", "other.onnx"]])
    func contradictingOptionsAreBadUsage(_ options: [String]) throws {
        #expect(try Tool.run(["bench", dense] + options).code == 2)
    }
}
