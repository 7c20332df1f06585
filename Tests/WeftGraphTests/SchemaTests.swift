import Testing
import WeftProvider

@testable import WeftGraph

/// The table of operators holds together, and schemas refuse nodes that do not fit.
@Suite struct SchemaTests {
    private static let indices = Array(OperatorTable.all.indices)

    @Test func everyOperatorIsThereOnce() {
        let names = OperatorTable.all.map { "\($0.domain)|\($0.name)" }
        #expect(Set(names).count == names.count)
        #expect(OperatorTable.schema("Softmax")?.name == "Softmax")
        #expect(OperatorTable.schema("Softmax", domain: "com.example") == nil)
    }

    @Test(arguments: indices) func schemasHoldTogether(_ index: Int) {
        let schema = OperatorTable.all[index]
        #expect(schema.hostInputs.allSatisfy { $0 >= 0 && $0 < schema.inputCount.upperBound }, "\(schema.name)")
        #expect((1...28).contains(schema.since), "\(schema.name)")
        #expect(Set(schema.attributes.map(\.name)).count == schema.attributes.count, "\(schema.name)")
        for spec in schema.attributes {
            #expect(spec.standard.map { spec.kind.matches($0) } ?? true, "\(schema.name) \(spec.name)")
            #expect(!spec.isRequired || spec.standard == nil, "\(schema.name) \(spec.name)")
        }
    }

    @Test func defaultsAreFilledIn() throws {
        let node = try #require(try Lifted("Gemm", opset: 13, [tensor(.float32, 2, 3), tensor(.float32, 3, 4)]).node)
        guard case .float(1)? = node.attributes["alpha"], case .float(1)? = node.attributes["beta"],
            case .int(0)? = node.attributes["transA"]
        else {
            Issue.record("\(node.attributes)")
            return
        }
        #expect(node.version == OperatorTable.schema("Gemm")?.since)
    }

    @Test func givenAttributesStay() throws {
        let node = try #require(try Lifted("LeakyRelu", opset: 16, [unknown], ["alpha": .float(0.5)]).node)
        #expect(node.attributes["alpha"]?.text == "0.5")
    }

    private func refusal(_ body: () throws(WeftError) -> Lifted) throws -> WeftError {
        let error = try #require(throws: WeftError.self) { _ = try body() }
        #expect(error.code == .invalidModel)
        return error
    }

    @Test func wrongCountsAreRefused() throws {
        let few = try refusal { () throws(WeftError) in try Lifted("Conv", opset: 22, [unknown]) }
        #expect(few.description == "node n (Conv): takes 2 to 3 inputs, has 1")
        let many = try refusal { () throws(WeftError) in try Lifted("Relu", opset: 14, [unknown, unknown]) }
        #expect(many.message == "takes 1 inputs, has 2")
        let none = try refusal { () throws(WeftError) in try Lifted("Concat", opset: 13, [], ["axis": .int(0)]) }
        #expect(none.message == "takes 1 or more inputs, has 0")
        let outputs = try refusal { () throws(WeftError) in try Lifted("Relu", opset: 14, [unknown], outputs: 2) }
        #expect(outputs.message == "gives 1 outputs, has 2")
    }

    @Test func missingAndMistypedAttributesAreRefused() throws {
        let missing = try refusal { () throws(WeftError) in try Lifted("Concat", opset: 13, [unknown]) }
        #expect(missing.message == "attribute 'axis' is missing")
        let mistyped = try refusal { () throws(WeftError) in
            try Lifted("Softmax", opset: 13, [unknown], ["axis": .float(1)])
        }
        #expect(mistyped.message == "attribute 'axis' is no int: 1.0")
    }

    @Test func anUnknownOperatorIsKeptAsItIs() throws {
        let node = try #require(try Lifted("Frobnicate", opset: 17, [unknown], ["a": .int(1)]).node)
        #expect(node.opType == "Frobnicate" && node.version == 17)
        #expect(node.attributes.keys.sorted() == ["a"])
    }
}
