import Testing
import Weft

/// Which provider of a list runs what, and what it says where none may.
@Suite struct PlacementTests {
    private func session(
        _ providers: [ProviderChoice], strict: Bool = false, pins: [PlacementPin] = [],
        model: [UInt8] = ModelWriter.pair()
    ) async throws(WeftError) -> Session {
        var options = SessionOptions()
        options.placement = .preference
        options.strict = strict
        options.pins = pins
        return try await Session(model: model, providers: providers, options: options)
    }

    private func failure(_ body: () async throws(WeftError) -> Session) async throws -> WeftError {
        do {
            _ = try await body()
        } catch {
            return error
        }
        throw WeftError(.internalInconsistency, "the model was loaded")
    }

    private func device(_ node: String, _ session: Session) -> String? {
        session.placement.nodes.first { $0.name == node }?.device
    }

    @Test func whatOnesOwnDeclinesGoesToTheHost() async throws {
        let session = try await session([.provider(ReluProvider())])
        #expect(device("first", session) == "relu")
        #expect(device("second", session) == "cpu")
        let second = try #require(session.placement.nodes.first { $0.name == "second" })
        #expect(second.offers.first { $0.device == "relu" }?.decline == "has no such operator")
        #expect(second.reason.contains("relu has no such operator"))
        let x = Tensor([Float](arrayLiteral: -1, 0, 1, 2, 3, -4), shape: [2, 3])
        let mixed = try await session.run(["x": x])
        let host = try await self.session([.cpu]).run(["x": x])
        #expect(try mixed["y"].array(as: Float.self) == host["y"].array(as: Float.self))
    }

    @Test func sharesAddUp() async throws {
        let cpu = try await session([.cpu], model: ModelWriter.layers())
        let rows = Tensor([Float](repeating: 0.5, count: 96), shape: [2, 48])
        _ = try await cpu.run(["a": rows, "b": rows])
        let placement = cpu.placement
        let nodes: Int = placement.shares.values.map(\.nodes).reduce(0, +)
        let share: Double = placement.shares.values.map(\.flopsShare).reduce(0, +)
        let flops: Double = placement.nodes.map(\.flops).reduce(0, +)
        // Three products of 2 x 48 by 48 x 48.
        let work: Double = 3 * 2 * 2 * 48 * 48
        #expect(nodes + placement.foldedNodes == 7)
        #expect(abs(share - 1) < 1e-12)
        #expect(flops == work)
        let mixed = try await session([.provider(ReluProvider()), .cpu])
        #expect(mixed.placement.shares.mapValues(\.nodes) == ["relu": 1, "cpu": 1])
        #expect(mixed.placement.description.hasPrefix("cpu 1 node, "))
    }

    @Test func strictPlacementNamesNodesAndReasons() async throws {
        let error = try await failure { () async throws(WeftError) in
            try await session([.provider(ReluProvider())], strict: true)
        }
        #expect(error.code == .placementForbidden)
        #expect(error.message.contains("1 nodes"))
        #expect(error.message.contains("second (Sigmoid): relu has no such operator"))
        #expect(!error.message.contains("first (Relu)"))
        let typed = try await failure { () async throws(WeftError) in
            try await session(
                [.provider(ReluProvider())], strict: true,
                model: ModelWriter.pair([.fixed(2)], type: .float64))
        }
        #expect(typed.message.contains("first (Relu): relu does not take float64 as operand 0"))
        let allowed = try await session([.provider(ReluProvider()), .cpu], strict: true)
        #expect(device("second", allowed) == "cpu")
    }

    @Test func pinsOverrideTheOrder() async throws {
        let host = try await session([.provider(ReluProvider()), .cpu], pins: [PlacementPin("fir*", provider: "cpu")])
        #expect(device("first", host) == "cpu")
        #expect(host.placement.nodes.first { $0.name == "first" }?.reason == "pinned to cpu by 'fir*'")
        let own = try await session([.cpu, .provider(ReluProvider())], pins: [PlacementPin("first", provider: "relu")])
        #expect(device("first", own) == "relu")
        #expect(device("second", own) == "cpu")
    }

    @Test func pinsThatCannotHoldAreRefused() async throws {
        let unable = try await failure { () async throws(WeftError) in
            try await session([.provider(ReluProvider())], pins: [PlacementPin("second", provider: "relu")])
        }
        #expect(unable.code == .placementForbidden)
        #expect(unable.node == "second (Sigmoid)")
        #expect(unable.message.contains("relu has no such operator"))
        let unknown = try await failure { () async throws(WeftError) in
            try await session([.cpu], pins: [PlacementPin("*", provider: "abacus")])
        }
        #expect(unknown.code == .unknownProvider)
        if (try? Session.check([.openBLAS])) != nil {
            let absent = try await failure { () async throws(WeftError) in
                try await session([.cpu], pins: [PlacementPin("*", provider: "openblas")])
            }
            #expect(absent.code == .invalidOption)
        }
    }

    @Test func anOperatorThatNobodyHasIsNamed() async throws {
        var model = ModelWriter()
        model.input("x", [.fixed(2)])
        model.node("Frobnicate", ["x"], ["y"], name: "frob")
        model.output("y", [.fixed(2)])
        let bytes = model.bytes
        let error = try await failure { () async throws(WeftError) in try await session([.cpu], model: bytes) }
        #expect(error.code == .unsupportedOperator)
        #expect(error.description.contains("Frobnicate"))
    }

    @Test func aSurveyAsksEveryDevice() async throws {
        let session = try await session([.provider(ReluProvider()), .cpu])
        let survey = try session.survey(["x": .tensor(Tensor([Float](repeating: 0, count: 6), shape: [2, 3]))])
        #expect(survey.isComplete)
        #expect(survey.nodes.map(\.name) == ["first", "second"])
        #expect(survey.nodes.map { $0.offers.map { $0.decline == nil } } == [[true, true], [false, true]])
    }
}
