import Foundation
import Testing
import Weft

/// Plans that are kept, read again, followed, refused and compared.
@Suite struct PlanFileTests {
    private static func withFolder<R>(_ body: (String) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.path + "/weft-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    private func options(_ plan: PlanFile? = nil, pins: [PlacementPin] = []) -> SessionOptions {
        var options = SessionOptions()
        options.plan = plan
        options.pins = pins
        options.cacheDirectory = ""
        return options
    }

    private static let rows = Tensor((0..<96).map { Float($0 % 7) / 7 - 0.4 }, shape: [2, 48])
    private var inputs: [String: Value] { ["a": .tensor(Self.rows), "b": .tensor(Self.rows)] }

    private func failure(_ body: () async throws(WeftError) -> Session) async throws -> WeftError {
        do { _ = try await body() } catch { return error }
        throw WeftError(.internalInconsistency, "the plan was taken")
    }

    /// Changes a plan file as a person would, by its text.
    private func edited(_ path: String, _ change: (inout [String: Any]) -> Void) throws -> PlanFile {
        var json = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
        change(&json)
        let changed = path + ".changed.json"
        try JSONSerialization.data(withJSONObject: json).write(to: URL(fileURLWithPath: changed))
        return try PlanFile(contentsOf: changed)
    }

    @Test func aPlanThatIsReadAgainIsTheSamePlanAndGivesTheSameBits() async throws {
        try await Self.withFolder { folder in
            let first = try await Session(model: ModelWriter.layers(), providers: [.cpu], options: options())
            let path = folder + "/plan.json"
            let plan = try first.planFile(for: inputs)
            try plan.write(to: path)
            let second = try await Session(
                model: ModelWriter.layers(), options: options(try PlanFile(contentsOf: path)))
            let difference = PlanDifference(from: plan, to: try second.planFile(for: inputs))
            #expect(difference.isEmpty)
            #expect(difference.remarks.isEmpty)
            let (a, b) = (try first.explain(inputs), try second.explain(inputs))
            #expect(a.segments.map(\.nodes) == b.segments.map(\.nodes))
            #expect(a.nodes.map(\.variant) == b.nodes.map(\.variant))
            #expect(a.nodes.map(\.reason) == b.nodes.map(\.reason))
            let results = (
                try first.runSynchronously(values: inputs), try second.runSynchronously(values: inputs)
            )
            for name in first.outputs.map(\.name) {
                let left: [Float] = try results.0[name].array()
                let right: [Float] = try results.1[name].array()
                #expect(left.map(\.bitPattern) == right.map(\.bitPattern))
            }
        }
    }

    @Test func aPlanForSomethingElseIsRefusedWithTheReason() async throws {
        try await Self.withFolder { folder in
            let path = folder + "/plan.json"
            try await Session(model: ModelWriter.layers(), providers: [.cpu], options: options())
                .planFile(for: inputs).write(to: path)
            let plan = try PlanFile(contentsOf: path)
            let otherModel = try await failure { () async throws(WeftError) in
                try await Session(model: ModelWriter.pair(), providers: [.cpu], options: options(plan))
            }
            #expect(otherModel.code == .invalidPlan)
            #expect(otherModel.message.contains("another model"))
            let otherList = try await failure { () async throws(WeftError) in
                try await Session(
                    model: ModelWriter.layers(), providers: [.provider(ReluProvider()), .cpu], options: options(plan))
            }
            #expect(otherList.code == .invalidOption)
            #expect(otherList.message.contains("relu"))
            #expect(throws: WeftError.self) { try edited(path) { $0["weft"] = "0.0.1" } }
            #expect(throws: WeftError.self) { try edited(path) { $0["nodes"] = "none" } }
            #expect(throws: WeftError.self) { try edited(path) { $0["segments"] = nil } }
            let noVariant = try edited(path) { json in
                guard var nodes = json["nodes"] as? [[String: Any]] else { return }
                for index in nodes.indices { nodes[index]["variant"] = "abacus" }
                json["nodes"] = nodes
            }
            let unable = try await failure { () async throws(WeftError) in
                let session = try await Session(model: ModelWriter.layers(), options: options(noVariant))
                _ = try session.explain(inputs)
                return session
            }
            #expect(unable.code == .invalidPlan)
            #expect(unable.message.contains("abacus"))
            let noPlan = folder + "/text.json"
            try Data("[1, 2".utf8).write(to: URL(fileURLWithPath: noPlan))
            #expect(throws: WeftError.self) { try PlanFile(contentsOf: noPlan) }
            #expect(throws: WeftError.self) { try PlanFile(contentsOf: folder + "/nothing.json") }
        }
    }

    @Test func pinsInAPlanFileHoldAndAreTheReason() async throws {
        try await Self.withFolder { folder in
            let list: [ProviderChoice] = [.provider(ReluProvider()), .cpu]
            let x: [String: Value] = ["x": .tensor(Tensor([Float](repeating: -1, count: 6), shape: [2, 3]))]
            var preferring = options()
            preferring.placement = .preference
            let first = try await Session(model: ModelWriter.pair(), providers: list, options: preferring)
            #expect(try first.explain(x).nodes.first { $0.name == "first" }?.device == "relu")
            let path = folder + "/plan.json"
            try first.planFile(for: x).write(to: path)
            let pinned = try edited(path) { $0["pins"] = [["pattern": "fir*", "provider": "cpu"]] }
            let second = try await Session(model: ModelWriter.pair(), providers: list, options: options(pinned))
            let node = try #require(try second.explain(x).nodes.first { $0.name == "first" })
            #expect(node.device == "cpu")
            #expect(node.reason == "pinned to cpu by 'fir*'")
            let difference = PlanDifference(
                from: try PlanFile(contentsOf: path), to: try second.planFile(for: x))
            #expect(difference.moved.map(\.node) == ["first"])
            #expect(difference.moved.first?.fromDevice == "relu")
            #expect(difference.moved.first?.toDevice == "cpu")
            #expect(difference.moved.first?.reason == "pinned to cpu by 'fir*'")
            #expect(!difference.isEmpty)
        }
    }

    /// m = relu(x) and n = sigmoid(x), which wait for nothing but x.
    private static func branches() -> [UInt8] {
        var model = ModelWriter()
        model.input("x", [.fixed(2), .fixed(3)])
        model.node("Relu", ["x"], ["m"], name: "left")
        model.node("Sigmoid", ["x"], ["n"], name: "right")
        model.output("m", [.fixed(2), .fixed(3)])
        model.output("n", [.fixed(2), .fixed(3)])
        return model.bytes
    }

    @Test func segmentsRunInTheOrderOfThePlanFile() async throws {
        try await Self.withFolder { folder in
            let list: [ProviderChoice] = [.provider(ReluProvider()), .cpu]
            let x: [String: Value] = ["x": .tensor(Tensor([Float](repeating: -1, count: 6), shape: [2, 3]))]
            var preferring = options()
            preferring.placement = .preference
            let first = try await Session(model: Self.branches(), providers: list, options: preferring)
            let path = folder + "/plan.json"
            try first.planFile(for: x).write(to: path)
            let order = try first.explain(x).segments.map(\.nodes)
            #expect(order.count == 2)
            let turned = try edited(path) { json in
                json["order"] = (json["order"] as? [Any]).map { Array($0.reversed()) }
                json["segments"] = (json["segments"] as? [Any]).map { Array($0.reversed()) }
            }
            let second = try await Session(model: Self.branches(), providers: list, options: options(turned))
            #expect(try second.explain(x).segments.map(\.nodes) == order.reversed())
            let half: [Float] = try second.runSynchronously(values: x)["n"].array()
            #expect(half.allSatisfy { abs($0 - 0.26894143) < 1e-6 })
        }
    }

    @Test(arguments: [[[1], [0]], [[0]], [[0], [0]], [[0], [2]], [[], [0, 1]], [[0, 1]]])
    func anOrderThatIsNoneIsRefused(_ order: [[Int]]) async throws {
        try await Self.withFolder { folder in
            let list: [ProviderChoice] = [.provider(ReluProvider()), .cpu]
            let x: [String: Value] = ["x": .tensor(Tensor([Float](repeating: -1, count: 6), shape: [2, 3]))]
            var preferring = options()
            preferring.placement = .preference
            let path = folder + "/plan.json"
            try await Session(model: ModelWriter.pair(), providers: list, options: preferring)
                .planFile(for: x).write(to: path)
            let changed = try edited(path) { $0["order"] = order }
            let error = try await failure { () async throws(WeftError) in
                let session = try await Session(model: ModelWriter.pair(), providers: list, options: options(changed))
                _ = try session.explain(x)
                return session
            }
            #expect(error.code == .invalidPlan)
            #expect(error.message.contains("order"))
        }
    }

    @Test func tuningKeepsAPlanWhosePricesWereMeasured() async throws {
        try await Self.withFolder { folder in
            let session = try await Session(model: ModelWriter.layers(), providers: [.cpu], options: options())
            let (report, plan) = try session.tune(inputs, seconds: 0)
            #expect(report.waysMeasured > 0)
            #expect(report.rivals.contains { $0.name == report.winner })
            #expect(report.predictedSeconds > 0)
            let nodes = try session.explain(inputs).nodes.filter { $0.device == "cpu" && $0.seconds > 0 }
            #expect(nodes.contains { $0.source == "tuned" })
            let path = folder + "/plan.json"
            try plan.write(to: path)
            let again = try await Session(
                model: ModelWriter.layers(), options: options(try PlanFile(contentsOf: path)))
            #expect(try again.explain(inputs).predictedSeconds == session.explain(inputs).predictedSeconds)
            #expect(PlanDifference(from: plan, to: try again.planFile(for: inputs)).isEmpty)
        }
    }
}
