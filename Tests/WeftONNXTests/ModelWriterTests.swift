import Testing
import WeftGraph
import WeftProvider

@testable import WeftONNX

/// A graph that is written and read again is the same graph.
@Suite struct ModelWriterTests {
    private func isSame(_ a: Attribute, _ b: Attribute) throws -> Bool {
        if case .tensor(let x) = a, case .tensor(let y) = b { return try isSame(x, y) }
        return a.text == b.text
    }

    private func isSame(_ a: Constant, _ b: Constant) throws -> Bool {
        guard a.elementType == b.elementType, a.shape == b.shape else { return false }
        if case .strings(let x) = a.payload, case .strings(let y) = b.payload { return x == y }
        return try a.withBytes { Array($0) } == b.withBytes { Array($0) }
    }

    /// Compares what nodes are and how they hang together; value numbers and helping copies may differ.
    private func expectSame(_ got: Graph, _ want: Graph, _ path: String = "") throws {
        let copies = got.nodes.filter { $0.opType == "Identity" && $0.name.isEmpty }
        let nodes = got.nodes.filter { node in
            !copies.contains { $0.id == node.id } || want.nodes.count == got.nodes.count
        }
        #expect(nodes.map(\.label) == want.nodes.map(\.label), "\(path)")
        #expect(got.inputs.count == want.inputs.count, "\(path)")
        #expect(got.outputs.count == want.outputs.count, "\(path)")
        guard nodes.count == want.nodes.count else { return }
        var match: [Int: Int] = Dictionary(zip(want.inputs, got.inputs)) { first, _ in first }
        for (node, other) in zip(nodes, want.nodes) {
            #expect(node.opType == other.opType && node.domain == other.domain)
            #expect(node.inputs.count == other.inputs.count, "\(path)/\(other.label)")
            for (a, b) in zip(node.inputs, other.inputs) {
                if b == Node.absent {
                    #expect(a == Node.absent)
                } else if let constant = want.constants[b] {
                    #expect(try isSame(try #require(got.constants[a], "\(path)/\(other.label)"), constant))
                } else {
                    #expect(match[b] == a, "\(path)/\(other.label)")
                }
            }
            for (a, b) in zip(node.outputs, other.outputs) where b != Node.absent { match[b] = a }
            #expect(Set(node.attributes.keys) == Set(other.attributes.keys), "\(path)/\(other.label)")
            for (name, attribute) in other.attributes {
                #expect(try isSame(try #require(node.attributes[name]), attribute), "\(path)/\(other.label)")
            }
            for (name, body) in other.bodies {
                try expectSame(try #require(node.bodies[name]), body, "\(path)/\(other.label).\(name)")
            }
        }
    }

    @Test(arguments: Fixture.allCases) func fixturesAreTheSameAfterwards(_ fixture: Fixture) throws {
        let graph = try Model(contentsOf: fixture.path).graph
        try expectSame(try Model(bytes: ModelWriter.encode(graph), folder: nil).graph, graph)
    }

    @Test(arguments: ["scan-loop-if-sequence", "if-loop-torchscript", "mobilenet_v2-qdq-int8", "resnet10t-fp16"])
    func realModelsAreTheSameAfterwards(_ name: String) throws {
        let file = "\(modelsFolder)\(name)/model.onnx"
        guard fileExists(file) else { return }
        let graph = try Model(contentsOf: file).graph
        try expectSame(try Model(bytes: ModelWriter.encode(graph), folder: nil).graph, graph)
    }

    @Test func namesThatAreMissingOrStandTwiceAreMadeUnique() throws {
        var builder = GraphBuilder(name: "twins")
        let x = builder.value("x", type: .tensor(.float32, .fixed([2])), dimensions: [.symbol("n")])
        let (a, b, y) = (builder.value("x"), builder.value(""), builder.value("y"))
        builder.append(canonical: NodeDraft("Relu", inputs: [x], outputs: [a]), version: 14)
        builder.append(canonical: NodeDraft("Abs", inputs: [a], outputs: [b]), version: 13)
        builder.append(canonical: NodeDraft("Neg", inputs: [b], outputs: [y]), version: 13)
        builder.inputs = [x]
        builder.outputs = [y]
        let model = try Model(bytes: ModelWriter.encode(builder.build()), folder: nil)
        #expect(model.graph.nodes.map(\.opType) == ["Relu", "Abs", "Neg"])
        #expect(model.graph.values[model.graph.inputs[0]].name == "x")
        #expect(model.graph.values[model.graph.inputs[0]].dimensions == [.symbol("n")])
        #expect(model.graph.values[model.graph.outputs[0]].name == "y")
        #expect(model.opsets[""] == 14)
    }
}
