import Testing
import WeftProvider

@testable import WeftGraph

/// Operators beside the standard's: who may bring them, and what nodes of them become.
@Suite struct OperatorSetTests {
    private func twice(
        _ name: String = "Twice", domain: String = "com.example", since: Int = 1, inputs: ClosedRange<Int> = 1...2,
        attributes: [CustomOperator.AttributeRule] = [.float("by", 2)]
    ) -> CustomOperator {
        CustomOperator(name, domain: domain, sinceVersion: since, inputs: inputs, attributes: attributes) {
            inference throws(WeftError) in
            try inference.set(output: 0, try inference.elementType(0), inference.shape(0))
        }
    }

    private func problem(_ lists: [[CustomOperator]]) -> String? {
        var set = OperatorSet.standard
        do throws(WeftError) {
            for (index, list) in lists.enumerated() { try set.add(list, of: "provider '\(index)'") }
            return nil
        } catch {
            #expect(error.code == .invalidOption)
            return error.message
        }
    }

    @Test func anyDomainMayHaveOperatorsThatTheStandardLacks() {
        #expect(problem([[twice(), twice("Thrice"), twice(domain: "org.other"), twice(domain: "")]]) == nil)
        #expect(problem([[twice()], [twice()]]) == nil, "one form, brought twice")
    }

    @Test func theStandardsCannotBeReplaced() {
        for (name, domain) in [("Relu", ""), ("Relu", "ai.onnx"), ("Scaler", "ai.onnx.ml"), ("If", "")] {
            let found = problem([[twice(name, domain: domain)]])
            #expect(found?.contains("cannot be replaced") == true, "\(domain).\(name)")
        }
        #expect(problem([[twice(domain: "weft")]])?.contains("Weft's own domain") == true)
    }

    @Test func twoFormsOfOneOperatorAreRefused() throws {
        let message = try #require(problem([[twice()], [twice(attributes: [.float("by", 3)])]]))
        #expect(message.contains("com.example.Twice, version 1, is brought by provider '0' and by provider '1'"))
        #expect(message.contains("by: float = 2.0") && message.contains("by: float = 3.0"))
        #expect(problem([[twice()], [twice(inputs: 1...1)]]) != nil)
        #expect(problem([[twice()], [twice(since: 2, inputs: 1...1)]]) == nil, "another version")
    }

    @Test func operatorsThatContradictThemselvesAreRefused() {
        #expect(problem([[twice("")]]) != nil)
        #expect(problem([[twice(since: 0)]]) != nil)
        #expect(problem([[twice(attributes: [.int("a", 1), .float("a", 1)])]]) != nil)
    }

    /// A node as a model of an operator-set version has it.
    private func node(
        _ set: OperatorSet, opset: Int, _ attributes: [String: Attribute] = [:], bodies: [String: Graph] = [:]
    ) throws(WeftError) -> Node? {
        var builder = GraphBuilder(operators: set)
        let x = builder.value("x"), y = builder.value("y")
        try builder.append(
            NodeDraft(
                "Twice", domain: "com.example", name: "n", inputs: [x], outputs: [y], attributes: attributes,
                bodies: bodies), opset: opset)
        return builder.build().nodes.first
    }

    @Test func nodesHaveTheLatestVersionThatTheirModelKnows() throws {
        var set = OperatorSet.standard
        try set.add([twice(since: 5, attributes: [.int("five", 5)]), twice(since: 2)], of: "us")
        let old = try #require(try node(set, opset: 4))
        #expect(old.version == 2 && old.attributes.keys.sorted() == ["by"] && old.schema?.isCustom == true)
        #expect(try node(set, opset: 9)?.version == 5)
        let error = #expect(throws: WeftError.self) { try node(set, opset: 1) }
        #expect(error?.code == .unsupportedVersion)
        #expect(error?.message.contains("came with version 2") == true)
    }

    @Test func nodesThatDoNotFitAreRefused() throws {
        var set = OperatorSet.standard
        try set.add([twice()], of: "us")
        #expect(throws: WeftError.self) { try node(set, opset: 1, ["by": .string("two")]) }
        let body = #expect(throws: WeftError.self) {
            try node(set, opset: 1, bodies: ["body": GraphBuilder().build()])
        }
        #expect(body?.code == .unsupportedOperator)
        let unknown = try #require(try node(.standard, opset: 3))
        #expect(unknown.schema == nil && unknown.version == 3)
    }

    @Test func whatNodesMeanGoesWithThem() throws {
        var set = OperatorSet.standard
        try set.add([twice()], of: "us")
        let node = try #require(try node(set, opset: 1))
        #expect(node.renumbered(7).custom != nil)
        var builder = GraphBuilder()
        builder.append(canonical: NodeDraft(node, inputs: node.inputs, outputs: node.outputs), version: node.version)
        #expect(builder.build().nodes[0].custom != nil && builder.build().hasCustomOperators)
        var inference = Inference(node, inputs: [.tensor(.float32, .fixed([2, 3]))], contents: [nil])
        try node.schema?.infer(&inference)
        #expect(inference.outputs == [.tensor(.float32, .fixed([2, 3]))])
    }
}
