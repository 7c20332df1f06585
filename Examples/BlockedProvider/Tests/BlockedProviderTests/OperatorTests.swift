import BlockedProvider
import Testing
import Weft

/// An operator of one's own domain is imported, planned and run as any other.
@Suite struct OperatorTests {
    /// relu -> repeat, the count being an input or a constant.
    private static func model(count: Int? = nil, scale: Float? = nil, version: Int = 2) -> [UInt8] {
        var model = ModelFile()
        model.domains = ["com.example": version]
        model.input("x", [2, 3])
        if let count {
            model.constant("count", integers: [Int64(count)], shape: [])
        } else {
            model.input("count", [], type: .int64)
        }
        model.node("Relu", ["x"], ["h"], name: "bend")
        model.node(
            "Repeat", domain: "com.example", ["h", "count"], ["y"], name: "again",
            floats: scale.map { ["scale": $0] } ?? [:])
        model.output("y", nil)
        return model.bytes
    }

    private static let x = Tensor([Float](arrayLiteral: -1, 2, -3, 4, -5, 6), shape: [2, 3])
    private static let bent: [Float] = [0, 2, 0, 4, 0, 6]
    private static let providers: [ProviderChoice] = [.provider(BlockedProvider()), .cpu]

    @Test func aProviderBringsItsOperators() async throws {
        let session = try await Session(model: Self.model(count: 3, scale: 0.5), providers: Self.providers)
        let y = try await session.run(["x": Self.x])["y"]
        #expect(y.shape == [3, 2, 3])
        #expect(try y.array() == Self.bent.map { $0 / 2 } + Self.bent.map { $0 / 2 } + Self.bent.map { $0 / 2 })
        let plan = try session.explain(["x": .tensor(Self.x)])
        let node = try #require(plan.nodes.first { $0.opType == "Repeat" })
        #expect(node.device == "blocked" && node.offers.count == 2)
        #expect(node.offers.contains { $0.device == "cpu" && $0.decline != nil })
    }

    @Test func aCountThatARunGivesDecidesItsShape() throws {
        let session = try Session(loading: Self.model(), providers: Self.providers)
        // More counts than an engine keeps apart: later ones are known only when the node runs.
        for count in Array(0...12) + [3] {
            let outputs = try session.runSynchronously(["x": Self.x, "count": Tensor(scalar: Int64(count))])
            #expect(try outputs["y"].shape == [count, 2, 3])
            #expect(try outputs["y"].array() == (0..<count).flatMap { _ in Self.bent })
        }
    }

    @Test func constantsAreNotFoldedByWhoLacksTheOperator() throws {
        var model = ModelFile()
        model.constant("a", [1, 2], shape: [2])
        model.constant("count", integers: [2], shape: [])
        model.input("x", [2, 2])
        model.node("Repeat", domain: "com.example", ["a", "count"], ["h"], name: "again")
        model.node("Mul", ["x", "h"], ["y"], name: "product")
        model.output("y", [2, 2])
        let session = try Session(loading: model.bytes, providers: Self.providers)
        let x = Tensor([Float](arrayLiteral: 1, 2, 3, 4), shape: [2, 2])
        #expect(try session.runSynchronously(["x": x])["y"].array() == [1, 4, 3, 8] as [Float])
        #expect(session.placement.shares["blocked"]?.nodes == 1)
    }

    @Test func aSessionIsGivenAnOperator() throws {
        // The provider list runs nothing of it: the model is understood, and the reason is who lacks it.
        var options = SessionOptions()
        options.operators = [Repeat.definition]
        options.plansAtLoad = false
        let session = try Session(loading: Self.model(count: 2), providers: [.cpu], options: options)
        let error = try #require(throws: WeftError.self) { _ = try session.runSynchronously(["x": Self.x]) }
        #expect(error.code == .unsupportedOperator)
        #expect(error.message.contains("cpu has no such operator"))
        let survey = try session.survey(["x": .tensor(Self.x)])
        #expect(survey.nodes.contains { $0.opType == "Repeat" })
    }

    @Test func anOperatorThatNobodyBringsIsNotKnown() throws {
        let error = try #require(throws: WeftError.self) {
            _ = try Session(loading: Self.model(count: 2), providers: [.cpu])
        }
        #expect(error.code == .unsupportedOperator)
        #expect(error.message.contains("operator Repeat of domain com.example"))
    }

    @Test func anOlderOperatorSetLacksIt() throws {
        let error = try #require(throws: WeftError.self) {
            _ = try Session(loading: Self.model(count: 2, version: 1), providers: Self.providers)
        }
        #expect(error.code == .unsupportedVersion)
        #expect(error.description.contains("com.example.Repeat came with version 2"))
    }

    @Test func theStandardCannotBeReplacedAndFormsHaveToAgree() throws {
        func problem(_ operators: [CustomOperator]) throws -> WeftError {
            var options = SessionOptions()
            options.operators = operators
            return try #require(throws: WeftError.self) {
                _ = try Session(loading: Self.model(count: 2), providers: Self.providers, options: options)
            }
        }
        let relu = try problem([CustomOperator("Relu", domain: "", inputs: 1...1) { _ throws(WeftError) in }])
        #expect(relu.code == .invalidOption && relu.message.contains("cannot be replaced"))
        let other = try problem([
            CustomOperator("Repeat", domain: "com.example", sinceVersion: 2, inputs: 1...2) { _ throws(WeftError) in }
        ])
        #expect(other.code == .invalidOption)
        #expect(other.message.contains("the session's options") && other.message.contains("provider 'blocked'"))
    }

    @Test func nodesThatContradictTheirOperatorAreRefused() throws {
        var model = ModelFile()
        model.input("x", [2])
        model.node("Repeat", domain: "com.example", ["x"], ["y"], name: "again")
        model.output("y", nil)
        let error = try #require(throws: WeftError.self) {
            _ = try Session(loading: model.bytes, providers: Self.providers)
        }
        #expect(error.code == .invalidModel)
        #expect(error.description.contains("takes 2 inputs, has 1"))
    }

    @Test func comparingKnowsWhatOnlyOneSideHas() throws {
        var options = SessionOptions()
        options.operators = [Repeat.definition]
        options.plansAtLoad = false
        let session = try Session(loading: Self.model(count: 2), providers: [.cpu], options: options)
        var seen: [String: NodeComparison.Status] = [:]
        try session.compare(with: .provider(BlockedProvider()), ["x": .tensor(Self.x)]) { seen[$0.opType] = $0.status }
        #expect(seen["com.example.Repeat"] == .declined)
        #expect(seen["Relu"] != nil)
    }
}
