import Testing

@testable import WeftONNX

private func model(_ bytes: [UInt8]) throws -> ModelProto {
    try bytes.withUnsafeBytes { try ModelProto(parsing: $0) }
}

@Suite struct ModelProtoTests {
    @Test func aModelsOwnFieldsAreRead() throws {
        let proto = try model(try Fixture.everyType.bytes)
        #expect(proto.irVersion == 13)
        #expect(proto.producerName == "make.py" && proto.producerVersion == "1")
        #expect(proto.domain == "org.example" && proto.modelVersion == 7 && proto.documentation == "a model")
        #expect(proto.opsetImports.map(\.version) == [26])
        #expect(Set(proto.metadata.map { "\($0.key)=\($0.value)" }) == ["task=nothing", "classes=none"])
        let graph = try #require(proto.graph)
        #expect(graph.name == "every_type" && graph.documentation == "every element type")
        #expect(graph.initializers.count == 55 && graph.sparseInitializers.count == 2)
        #expect(graph.outputs.map(\.name) == ["y"])
    }

    @Test func functionsBodiesAndReferencesAreRead() throws {
        let proto = try model(try Fixture.functions.bytes)
        #expect(proto.functions.map(\.name) == ["Leaky", "Twice"])
        #expect(proto.functions[0].attributeDefaults.map(\.float) == [0.25])
        #expect(proto.functions[1].attributes == ["steep"])
        #expect(proto.functions[1].nodes[1].attributes.map(\.reference) == ["steep"])
        let branches = try #require(proto.graph?.nodes.last).attributes
        #expect(branches.map(\.name) == ["else_branch", "then_branch"])
        #expect(branches.last?.graph.value?.nodes.first?.attributes.first?.float == 0.5)
    }

    @Test func declaredShapesKeepValuesParametersAndUnknowns() throws {
        let outputs = try #require(try model(try Fixture.bodies.bytes).graph).outputs
        guard case .tensor(let type, let shape) = outputs[1].type.kind else {
            Issue.record("an output is no tensor")
            return
        }
        #expect(type == 1)
        #expect(shape == [.parameter("n"), .value(2)])
    }

    @Test func aGraphInTwoPartsIsMerged() throws {
        var writer = WireWriter()
        writer.message(7) { $0.string(2, "first") }
        writer.message(7) { $0.message(1) { $0.string(4, "Relu") } }
        let graph = try #require(try model(writer.bytes).graph)
        #expect(graph.name == "first" && graph.nodes.count == 1)
    }

    @Test func segmentsAreRejected() throws {
        var writer = WireWriter()
        writer.message(7) { $0.message(5) { $0.message(3) { $0.varint(1, 0) } } }
        #expect {
            try model(writer.bytes)
        } throws: {
            "\($0)" == "tensors stored in segments are not supported at byte 4 in graph.initializer[0]"
        }
    }

    /// The deepest nesting that is allowed fits the small stack of a task.
    @Test func bodiesNestedAsDeepAsAllowedAreReadAndDeeperOnesAreNot() throws {
        func nested(_ levels: Int) -> [UInt8] {
            var graph: [UInt8] = []
            for _ in 0..<levels {
                var writer = WireWriter()
                let inner = graph
                writer.message(1) { $0.message(5) { $0.data(6, inner) } }
                graph = writer.bytes
            }
            var writer = WireWriter()
            writer.data(7, graph)
            return writer.bytes
        }
        #expect(try model(nested(33)).graph?.nodes.count == 1)
        #expect(throws: WireError.self) { try model(nested(34)) }
    }

    /// Cut anywhere but between two top-level fields, a file is an error; nowhere does it trap.
    @Test(arguments: Fixture.allCases) func everyTruncationIsAnErrorOrAShorterModel(_ fixture: Fixture) throws {
        let bytes = try fixture.bytes
        let whole = try model(bytes)
        var accepted = 0
        for length in bytes.indices where (try? model(Array(bytes[..<length]))) != nil { accepted += 1 }
        let fields = 8 + whole.opsetImports.count + whole.functions.count + whole.metadata.count
        #expect(accepted <= fields)
    }

    @Test(arguments: Fixture.allCases) func noMutationTraps(_ fixture: Fixture) throws {
        let bytes = try fixture.bytes
        var random = SeededGenerator(state: 1)
        var rejected = 0
        for _ in 0..<2000 where (try? model(mutated(bytes, with: &random))) == nil { rejected += 1 }
        #expect(rejected > 200)
    }
}
