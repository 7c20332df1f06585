import Testing
import WeftGraph
import WeftProvider

@testable import WeftONNX

/// What loading throws; nil where it throws nothing.
func loadError(_ bytes: [UInt8], folder: String? = nil, limits: ImportLimits = ImportLimits()) -> WeftError? {
    do throws(WeftError) {
        _ = try Model(bytes: bytes, folder: folder, limits: limits)
        return nil
    } catch {
        return error
    }
}

extension WireWriter {
    /// The fields of a graph in which nothing is wrong.
    fileprivate mutating func soundGraph() {
        input("x")
        node("Identity", ["x"], ["y"])
        output("y")
    }
}

/// An initializer with some data in a model that is otherwise sound.
private func tensorError(
    type: Int64 = 1, dims: [Int64] = [2], _ content: (inout WireWriter) -> Void
) -> String? {
    loadError(
        ModelBytes.model { writer in
            writer.soundGraph()
            writer.tensor("w", type: type, dims: dims, content)
        })?.message
}

@Suite struct ImportErrorTests {
    @Test func aSoundModelIsNoError() {
        #expect(loadError(ModelBytes.model(graph: { $0.soundGraph() })) == nil)
    }

    @Test func filesThatAreNoModelSaySo() throws {
        try withTemporaryFolder { folder in
            func error(_ name: String, _ bytes: [UInt8]?) throws -> WeftError? {
                if let bytes { try writeFile(folder + name, bytes) }
                do throws(WeftError) {
                    _ = try Model(contentsOf: folder + name)
                    return nil
                } catch {
                    return error
                }
            }
            let missing = try #require(try error("missing.onnx", nil))
            #expect(missing.code == .unreadableFile)
            #expect("\(missing)" == "\(folder)missing.onnx: cannot open the file: No such file or directory")
            #expect(try error("", nil)?.message == "is a directory, not a file")
            #expect(try error("empty.onnx", [])?.message == "the file is empty, it holds no ONNX model")
            let text = try #require(try error("text.onnx", Array("hello, world\n".utf8)))
            #expect(text.code == .invalidModel && text.message.hasPrefix("not a valid ONNX model: "))
            #expect(try error("lfs.onnx", Array("version https://git-lfs.github.com/spec/v1\n".utf8))?.hint != nil)
            let whole = try Fixture.everyType.bytes
            let cut = try #require(try error("cut.onnx", Array(whole[..<1000])))
            #expect(cut.message.contains("reaches past the end") && cut.hint?.contains("truncated") == true)
        }
    }

    @Test func versionsOutsideTheRangeAreNamed() {
        func message(ir: Int64? = 10, opset: Int64? = 20) -> String? {
            loadError(ModelBytes.model(ir: ir, opset: opset, graph: { $0.soundGraph() }))?.message
        }
        #expect(message(ir: nil) == "not a valid ONNX model: it states no IR version (ir_version)")
        #expect(message(ir: 2) == "the model has IR version 2; versions 3 to 14 are supported")
        #expect(message(ir: 15)?.contains("IR version 15") == true)
        #expect(message(ir: 3) == nil && message(ir: 14) == nil)
        #expect(message(opset: 0) == "the model imports version 0 of operator set ai.onnx")
        #expect(
            message(opset: 29) == "the model uses version 29 of operator set ai.onnx; versions 1 to 28 are supported")
        #expect(message(opset: 28) == nil)
        #expect(message(opset: nil) == "belongs to operator set ai.onnx, which the model does not import")
        #expect(message(opset: .max)?.contains("9223372036854775807") == true)
        var empty = WireWriter()
        empty.varint(1, 10)
        #expect(loadError(empty.bytes)?.message == "not a valid ONNX model: it has no graph")
    }

    @Test func undefinedNamesCyclesAndDuplicatesAreToldApart() throws {
        let undefined = try #require(
            loadError(
                ModelBytes.model {
                    $0.node("Relu", ["ghost"], ["y"], name: "r")
                    $0.output("y")
                }))
        #expect(
            "\(undefined)" == "node r (Relu): input 'ghost' is undefined: no node, input or initializer has that name")
        let cycle = try #require(
            loadError(
                ModelBytes.model {
                    $0.node("Relu", ["b"], ["a"], name: "first")
                    $0.node("Neg", ["a"], ["b"], name: "second")
                    $0.output("b")
                }))
        #expect(cycle.message == "nodes form a cycle, each waiting for the next: second (Neg), first (Relu)")
        let own = loadError(
            ModelBytes.model {
                $0.node("Relu", ["a"], ["a"])
                $0.output("a")
            })
        #expect(own?.message == "nodes form a cycle, each waiting for the next: Relu")
        let twice = loadError(
            ModelBytes.model {
                $0.input("x")
                $0.node("Relu", ["x"], ["x"])
            })
        #expect(twice?.message.contains("cycle") == true)
        let duplicate = loadError(
            ModelBytes.model {
                $0.input("x")
                $0.node("Relu", ["x"], ["y"])
                $0.node("Neg", ["x"], ["y"], name: "n")
            })
        #expect(duplicate.map { "\($0)" } == "node n (Neg): the name 'y' is defined twice")
        let output = loadError(ModelBytes.model { $0.output("nothing") })
        #expect(output?.message == "output 'nothing' of the graph is undefined: no node makes it")
    }

    @Test func nodesOutOfOrderAreSorted() throws {
        let model = try Model(
            bytes: ModelBytes.model {
                $0.input("x")
                $0.node("Neg", ["b"], ["c"])
                $0.node("If", ["cond"], ["b"]) {
                    for name in ["then_branch", "else_branch"] {
                        $0.body(name) {
                            $0.node("Relu", ["a"], ["\(name)_out"])
                            $0.output("\(name)_out")
                        }
                    }
                }
                $0.node("Abs", ["x"], ["a"])
                $0.input("cond", type: 9, shape: [])
                $0.output("c")
            })
        #expect(model.graph.nodes.map(\.opType) == ["Abs", "If", "Neg"])
    }

    @Test func aLongReversedChainIsSortedWithoutDeepRecursion() throws {
        let count = 20_000
        let model = try Model(
            bytes: ModelBytes.model {
                for index in (0..<count).reversed() { $0.node("Neg", ["v\(index)"], ["v\(index + 1)"]) }
                $0.input("v0")
                $0.output("v\(count)")
            })
        #expect(model.graph.nodes.count == count)
    }

    @Test func tensorsThatContradictThemselvesAreNamed() {
        let two: (inout WireWriter) -> Void = { $0.data(9, [UInt8](repeating: 0, count: 8)) }
        #expect(tensorError(two) == nil)
        #expect(tensorError(dims: [3], two) == "tensor 'w', float32 [3], needs 12 bytes, has 8")
        #expect(tensorError(dims: [-1], two) == "tensor 'w' has the negative dimension -1")
        #expect(tensorError(type: 0, two) == "tensor 'w' has element type 0, which is none of ONNX's")
        #expect(tensorError(type: 99, two) == "tensor 'w' has element type 99, which is none of ONNX's")
        #expect(
            tensorError(dims: [1 << 40, 1 << 40], two)
                == "tensor 'w' of shape [1099511627776, 1099511627776] is larger than memory can be")
        #expect(tensorError { _ in } == "tensor 'w' needs 2 stored values, has 0")
        #expect(tensorError(dims: [0]) { _ in } == nil)
        #expect(tensorError(type: 7) { $0.packedVarints(7, [1]) } == "tensor 'w' needs 2 stored values, has 1")
        #expect(tensorError(type: 7) { $0.packedVarints(7, [1, 2, 3]) }?.contains("needs 2 stored values") == true)
        #expect(tensorError(type: 7) { $0.data(7, [1, 2, 0x80]) } == "tensor 'w' ends inside a number")
        #expect(tensorError(type: 7, dims: [1 << 50]) { $0.packedVarints(7, [1]) }?.contains("stored values") == true)
        #expect(tensorError(type: 8, two) == "tensor 'w' holds strings, which cannot be raw or external data")
        #expect(tensorError(type: 8) { $0.string(6, "a") } == "tensor 'w' of shape [2] needs 2 elements, has 1")
        #expect(
            tensorError(type: 8) {
                $0.data(6, [0xff])
                $0.data(6, [])
            } == "an element of tensor 'w' is not UTF-8 text")
    }

    @Test func unpackedFieldsReadLikePackedOnes() throws {
        let graph = try Model(
            bytes: ModelBytes.model {
                $0.tensor("f", dims: [2]) {
                    $0.fixed32(4, Float(1.5).bitPattern)
                    $0.fixed32(4, Float(-2).bitPattern)
                }
                $0.tensor("d", type: 11, dims: [1]) { $0.fixed64(10, Double(0.25).bitPattern) }
                $0.tensor("i", type: 3, dims: [3]) {
                    $0.varint(5, -1)
                    $0.packedVarints(5, [7, -128])
                }
                $0.tensor("b", type: 9, dims: [3]) { $0.data(9, [0, 2, 255]) }
            }
        ).graph
        #expect(try graph.constant("f")?.tensor().array() == [Float(1.5), -2])
        #expect(try graph.constant("d")?.tensor().array() == [0.25])
        #expect(try graph.constant("i")?.tensor().array() == [Int8(-1), 7, -128])
        #expect(try graph.constant("b")?.tensor().array() == [false, true, true])
    }

    @Test func sparseTensorsAreChecked() {
        func error(_ dims: [Int64], values: Int = 1, indices: [Int64], shape: [Int64]) -> String? {
            loadError(
                ModelBytes.model { writer in
                    writer.soundGraph()
                    writer.message(15) {
                        $0.message(1) {
                            $0.packedVarints(1, [Int64(values)])
                            $0.varint(2, 1)
                            $0.string(8, "s")
                            $0.data(9, [UInt8](repeating: 1, count: values * 4))
                        }
                        $0.message(2) {
                            $0.packedVarints(1, shape)
                            $0.varint(2, 7)
                            $0.packedVarints(7, indices)
                        }
                        $0.packedVarints(3, dims)
                    }
                })?.message
        }
        #expect(error([4], indices: [3], shape: [1]) == nil)
        #expect(error([4], indices: [4], shape: [1]) == "sparse tensor 's' of shape [4] has the index 4")
        #expect(error([4], indices: [-1], shape: [1]) == "sparse tensor 's' of shape [4] has the index -1")
        #expect(
            error([2, 2], indices: [0, 2], shape: [1, 2])
                == "sparse tensor 's' of shape [2, 2] has the index 2 on axis 1")
        #expect(error([2, 2], indices: [0, 1], shape: [2])?.contains("indices of shape [2]") == true)
        #expect(error([1 << 40], indices: [0], shape: [1])?.contains("more than sparse tensors may") == true)
        #expect(error([1 << 40, 1 << 40], indices: [0], shape: [1])?.contains("larger than memory") == true)
    }

    @Test func functionsThatCannotBeInlinedAreNamed() {
        func error(_ functions: @escaping (inout WireWriter) -> Void) -> String? {
            loadError(
                ModelBytes.model(more: { functions(&$0) }) {
                    $0.input("x")
                    $0.node("F", ["x"], ["y"], domain: "local")
                    $0.output("y")
                })?.message
        }
        #expect(
            error { $0.function("F", inputs: ["a"], outputs: ["b"]) { $0.node("Neg", ["a"], ["b"], field: 7) } } == nil)
        #expect(
            error {
                $0.function("F", inputs: ["a"], outputs: ["b"]) {
                    $0.node("F", ["a"], ["b"], domain: "local", field: 7)
                }
            }
                == "function 'local.F' calls itself")
        #expect(
            error { $0.function("F", inputs: ["a"], outputs: ["b"]) { $0.node("Neg", ["x"], ["b"], field: 7) } }?
                .contains("input 'x' is undefined") == true)
        #expect(
            error { $0.function("F", inputs: ["a"], outputs: ["b"]) { $0.node("Neg", ["a"], ["c"], field: 7) } }
                == "output 'b' of function 'local.F' is undefined: no node makes it")
        #expect(error { $0.function("F", inputs: [], outputs: ["b"]) { _ in } }?.contains("has 0 inputs") == true)
        #expect(error { _ in } == "belongs to operator set local, which the model does not import")
        let chain = error { writer in
            for level in 0..<100 {
                let name = level == 0 ? "F" : "F\(level)"
                writer.function(name, inputs: ["a"], outputs: ["b"]) {
                    $0.node("F\(level + 1)", ["a"], ["b"], domain: "local", field: 7)
                }
            }
        }
        #expect(chain?.contains("nested deeper than") == true)
    }

    @Test func functionsThatDoubleWithEveryLevelEndInALimit() {
        let bytes = ModelBytes.model(more: { writer in
            for level in 0..<40 {
                writer.function("F\(level)", inputs: ["a"], outputs: ["b"]) {
                    $0.node("F\(level + 1)", ["a"], ["t"], domain: "local", field: 7)
                    $0.node("F\(level + 1)", ["t"], ["b"], domain: "local", field: 7)
                }
            }
            writer.function("F40", inputs: ["a"], outputs: ["b"]) { $0.node("Neg", ["a"], ["b"], field: 7) }
        }) {
            $0.input("x")
            $0.node("F0", ["x"], ["y"], domain: "local")
            $0.output("y")
        }
        var limits = ImportLimits()
        limits.nodes = 10_000
        #expect(loadError(bytes, limits: limits)?.message == "the model has more than 10000 nodes")
    }

    @Test func aFunctionMayPassInputsThroughAndRepeatOutputs() throws {
        let graph = try Model(
            bytes: ModelBytes.model(more: {
                $0.function("F", inputs: ["a", "unused"], outputs: ["a", "b", "b"]) {
                    $0.node("Neg", ["a"], ["b"], field: 7)
                }
            }) {
                $0.input("x")
                $0.node("F", ["x"], ["y", "z", "w"], domain: "local")
                for name in ["y", "z", "w"] { $0.output(name) }
            }
        ).graph
        #expect(
            graph.text() == """
                (x) -> (y z w)
                z = Neg(x)
                y = Identity(x)
                w = Identity(z)
                """)
    }

    @Test func anInputWithAnInitializerIsAConstant() throws {
        let graph = try Model(
            bytes: ModelBytes.model(ir: 3) {
                $0.input("x")
                $0.input("w")
                $0.tensor("w") { $0.data(9, [UInt8](repeating: 0, count: 8)) }
                $0.node("Add", ["x", "w"], ["y"])
                $0.output("y")
            }
        ).graph
        #expect(graph.text() == "(x) -> (y)\ny = Add(x #w)")
    }

    @Test func optionalOutputsThatNothingReadsAreLeftOut() throws {
        func outputs(_ more: @escaping (inout WireWriter) -> Void) throws -> Int {
            try Model(
                bytes: ModelBytes.model {
                    $0.input("x", shape: [1, 1, 2, 2])
                    $0.node("MaxPool", ["x"], ["y", "where"]) {
                        $0.message(5) {
                            $0.string(1, "kernel_shape")
                            $0.varint(20, 7)
                            $0.packedVarints(8, [1, 1])
                        }
                    }
                    $0.output("y")
                    more(&$0)
                }
            ).graph.nodes[0].outputs.count
        }
        #expect(try outputs { _ in } == 1)
        #expect(try outputs { $0.output("where") } == 2)
        #expect(try outputs { $0.node("Neg", ["where"], ["z"]) } == 2)
        #expect(
            try outputs {
                $0.input("c", type: 9, shape: [])
                $0.node("If", ["c"], ["z"]) {
                    for name in ["then_branch", "else_branch"] {
                        $0.body(name) {
                            $0.node("Neg", ["where"], ["n"])
                            $0.output("n")
                        }
                    }
                }
            } == 2)
    }

    @Test func bodiesMustFitTheirNode() {
        func error(_ op: String, inputs: [String], outputs: [String], _ body: @escaping (inout WireWriter) -> Void)
            -> String?
        {
            loadError(
                ModelBytes.model {
                    $0.input("x")
                    $0.node(op, inputs, outputs) { $0.body("body", body) }
                })?.message
        }
        #expect(
            error("Loop", inputs: ["x", "x", "x"], outputs: ["y"]) { _ in } == "'body' has 0 inputs, the node feeds 3")
        #expect(
            error("Loop", inputs: [], outputs: ["y"]) {
                $0.input("i")
                $0.input("c")
            } == "'body' gives 0 outputs, the node has 1")
        #expect(
            error("Scan", inputs: ["x"], outputs: ["y"]) { $0.input("i") } == "'body' gives 0 outputs, the node has 1")
        #expect(error("If", inputs: ["x"], outputs: ["y"]) { _ in } == "has no 'then_branch'")
    }

    /// The deepest nesting that the wire admits is imported, captures carried all the way in.
    @Test func capturesCrossManyBodies() throws {
        func nest(_ level: Int, _ writer: inout WireWriter) {
            writer.node(level == 0 ? "Neg" : "If", [level == 0 ? "x" : "c"], ["out\(level)"]) {
                guard level > 0 else { return }
                for name in ["then_branch", "else_branch"] {
                    let depth = name == "then_branch" ? level - 1 : 0
                    $0.body(name) {
                        nest(depth, &$0)
                        $0.output("out\(depth)")
                    }
                }
            }
        }
        var graph = try Model(
            bytes: ModelBytes.model {
                $0.input("x")
                $0.input("c", type: 9, shape: [])
                nest(31, &$0)
                $0.output("out31")
            }
        ).graph
        for level in (0..<31).reversed() {
            let node = graph.nodes[0]
            #expect(node.captureCount == (level == 0 ? 1 : 2))
            graph = try #require(node.bodies["then_branch"])
            #expect(graph.inputs.count == node.captureCount)
        }
        #expect(graph.nodes.map(\.opType) == ["Neg"])
    }

    @Test func oldAttributesWithoutATypeAreUnderstood() throws {
        let graph = try Model(
            bytes: ModelBytes.model {
                $0.node("Constant", [], ["c"]) {
                    $0.message(5) {
                        $0.string(1, "value_ints")
                        $0.packedVarints(8, [4, 5])
                    }
                }
            }
        ).graph
        #expect(try graph.constant("c")?.tensor().array() == [Int64(4), 5])
    }
}
