import Testing
import WeftGraph
import WeftProvider

@testable import WeftONNX

@Suite struct ImportTests {
    @Test func describesItself() throws {
        let model = try Model(contentsOf: Fixture.everyType.path)
        #expect(model.irVersion == 13 && model.opsets == ["": 26])
        #expect(model.producer == "make.py 1" && model.documentation == "a model")
        #expect(model.metadata == ["task": "nothing", "classes": "none"])
        #expect(model.file == Fixture.everyType.path)
        #expect(model.graph.name == "every_type")
    }

    @Test func functionsAreInlinedWithTheirAttributes() throws {
        let graph = try Model(contentsOf: Fixture.functions.path).graph
        #expect(
            graph.text() == """
                (x b c) -> (y)
                call/Leaky/t = LeakyRelu(x) alpha=0.25
                call/t = Identity(call/Leaky/t)
                call/Leaky#2/t = LeakyRelu(call/t) alpha=0.75
                call/u = Identity(call/Leaky#2/t)
                m = Add(call/u b)
                y = If(c | m)
                  else_branch:
                    (m) -> (else_out)
                    else_out = Neg(m)
                  then_branch:
                    (m) -> (then_out)
                    Leaky/t = LeakyRelu(m) alpha=0.5
                    then_out = Identity(Leaky/t)
                """)
    }

    @Test func bodiesAreClosed() throws {
        let graph = try Model(contentsOf: Fixture.bodies.path).graph
        #expect(
            graph.text() == """
                (n limit x) -> (y z)
                acc rows = Loop(n - x | limit x)
                  body:
                    (i keep acc_in limit x) -> (keep_out acc_out scanned)
                    big = Greater(i limit)
                    acc_out = If(big | acc_in x)
                      else_branch:
                        (acc_in x) -> (else_out)
                        else_out = Sub(acc_in x)
                      then_branch:
                        (acc_in x) -> (then_out)
                        then_out = Add(acc_in x)
                    scanned = Mul(acc_out #w)
                    keep_out = Identity(keep)
                y z = Scan(acc rows) num_scan_inputs=1
                  body:
                    (s e) -> (s_out o)
                    s_out = Add(s e)
                    o = Mul(s_out #w)
                """)
        let outer = try #require(graph.constant("w"))
        #expect(graph.nodes.allSatisfy { $0.bodies["body"]?.constant("w")?.id == outer.id })
    }

    @Test func constantNodesOfEveryKindBecomeConstants() throws {
        let graph = try Model(contentsOf: Fixture.constants.path).graph
        #expect(graph.nodes.isEmpty)
        func floats(_ name: String) throws -> [Float] { try #require(graph.constant(name)).tensor().array() }
        func ints(_ name: String) throws -> [Int64] { try #require(graph.constant(name)).tensor().array() }
        #expect(try floats("value") == [1, 2])
        #expect(try floats("value_float") == [1.5] && graph.constant("value_float")?.shape == [])
        #expect(try floats("value_floats") == [1.5, 2.5])
        #expect(try ints("value_int") == [-3] && graph.constant("value_int")?.shape == [])
        #expect(try ints("value_ints") == [4, 5])
        #expect(try floats("sparse_value") == [0, 0, 3, 0])
        guard case .strings(let one) = graph.constant("value_string")?.payload,
            case .strings(let two) = graph.constant("value_strings")?.payload
        else {
            Issue.record("strings are not strings")
            return
        }
        #expect(one == ["text"] && two == ["a", "b"])
    }

    @Test(arguments: ElementType.allCases.filter { $0 != .string })
    func everyElementTypeReadsTheSameFromRawAndTypedFields(_ type: ElementType) throws {
        let names: [ElementType: String] = [.float32: "FLOAT", .float64: "DOUBLE"]
        let name = names[type] ?? type.description.uppercased()
        let graph = try Model(contentsOf: Fixture.everyType.path).graph
        let raw = try #require(graph.constant("\(name).raw"))
        let typed = try #require(graph.constant("\(name).typed"))
        #expect(raw.elementType == type && typed.elementType == type)
        #expect(raw.shape == [5] && typed.shape == [5])
        let bytes = try raw.withBytes { Array($0) }
        #expect(bytes.count == type.byteCount(5))
        #expect(try typed.withBytes { Array($0) } == bytes)
        #expect(bytes.contains { $0 != 0 })
    }

    @Test func stringsAndSparseInitializersAreRead() throws {
        let graph = try Model(contentsOf: Fixture.everyType.path).graph
        guard case .strings(let strings) = graph.constant("STRING.typed")?.payload else {
            Issue.record("no strings")
            return
        }
        #expect(strings == ["alpha", "ß"])
        for name in ["sparse", "flat"] {
            let sparse = try #require(graph.constant(name))
            #expect(sparse.shape == [2, 3])
            #expect(try sparse.tensor().array(as: Float.self) == [0, 1.5, 0, 0, 0, -2])
        }
    }

    @Test func bytesGiveTheSameModelAsTheFile() throws {
        for fixture in Fixture.allCases {
            let file = try Model(contentsOf: fixture.path)
            let bytes = try Model(bytes: try fixture.bytes)
            #expect(file.graph.text() == bytes.graph.text())
            #expect(bytes.file == nil)
        }
    }

    @Test func constantsOfTheSameBytesShareAnIdentity() throws {
        let bytes: [UInt8] = try Fixture.functions.bytes
        let model = try Model(bytes: bytes)
        #expect(model.graph.constants.isEmpty)
        let first = try Model(contentsOf: Fixture.everyType.path).graph
        #expect(Set(first.constants.values.map(\.id)).count == first.constants.count)
    }

    /// Real models, where this checkout has them.
    @Test(
        .enabled(if: fileExists(modelsFolder), "no .models folder in this checkout"),
        arguments: [
            "digits-detector", "yolo11n", "resnet50", "mobilenet_v2", "vit_tiny", "minilm-ts", "minilm-dynamo",
            "if-loop-torchscript", "scan-loop-if-sequence", "swin-half", "mobilenet_v3_small-extdata",
        ])
    func realModelsAreRead(_ name: String) throws {
        let path = "\(modelsFolder)\(name)/model.onnx"
        guard fileExists(path) else { return }
        let graph = try Model(contentsOf: path).graph
        #expect(!graph.nodes.isEmpty && !graph.inputs.isEmpty && !graph.outputs.isEmpty)
        var known = Set(graph.inputs).union(graph.constants.keys)
        for node in graph.nodes {
            #expect(node.inputs.allSatisfy { $0 == Node.absent || known.contains($0) })
            known.formUnion(node.outputs)
        }
        #expect(graph.outputs.allSatisfy(known.contains))
    }
}
