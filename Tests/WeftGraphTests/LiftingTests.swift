import Testing
import WeftGraph
import WeftProvider

/// Nodes of older operator sets become canonical ones.
@Suite struct LiftingTests {
    private let x = tensor(.float32, 2, 3, 4)

    @Test func squeezeAxesBecomeAnInput() throws {
        let lifted = try Lifted("Squeeze", opset: 11, [tensor(.float32, 2, 1, 4)], ["axes": .ints([1])])
        let node = try #require(lifted.node)
        #expect(try lifted.constant(1)?.integers() == [1])
        #expect(node.attributes["axes"] == nil)
        #expect(node.version == OperatorTable.schema("Squeeze")?.since)
        #expect(try #require(try Lifted("Squeeze", opset: 11, [x]).node).inputs.count == 1)
        let unsqueeze = try Lifted("Unsqueeze", opset: 11, [x], ["axes": .ints([0, -1])])
        #expect(try unsqueeze.constant(1)?.integers() == [0, -1])
        #expect(throws: WeftError.self) { try Lifted("Unsqueeze", opset: 11, [x]) }
    }

    @Test func clipBoundsBecomeInputs() throws {
        let both = try Lifted("Clip", opset: 6, [x], ["min": .float(-1), "max": .float(6)])
        #expect(both.constant(1)?.scalar == -1 && both.constant(2)?.scalar == 6)
        #expect(both.constant(1)?.shape == [])
        let upper = try Lifted("Clip", opset: 6, [x], ["max": .float(6)])
        #expect(try #require(upper.node).inputs[1] == Node.absent)
        #expect(upper.constant(2)?.scalar == 6)
        #expect(try #require(upper.node).attributes.isEmpty)
    }

    @Test func clipBoundsTakeTheInputsType() throws {
        let lifted = try Lifted("Clip", opset: 6, [tensor(.float64, 2)], ["min": .float(0)])
        #expect(lifted.opTypes == ["CastLike", "Clip"])
        #expect(lifted.graph.nodes[0].inputs[1] == lifted.inputs[0])
        #expect(lifted.graph.nodes[1].inputs[1] == lifted.graph.nodes[0].outputs[0])
    }

    @Test func sliceBoundsBecomeInputs() throws {
        let lifted = try Lifted(
            "Slice", opset: 1, [x], ["starts": .ints([0, 1]), "ends": .ints([1, 99]), "axes": .ints([0, 2])])
        #expect(try lifted.constant(1)?.integers() == [0, 1])
        #expect(try lifted.constant(2)?.integers() == [1, 99])
        #expect(try lifted.constant(3)?.integers() == [0, 2])
        #expect(try #require(lifted.node).attributes.isEmpty)
        let plain = try Lifted("Slice", opset: 1, [x], ["starts": .ints([0]), "ends": .ints([1])])
        #expect(try #require(plain.node).inputs.count == 3)
    }

    @Test func padCountsAndValueBecomeInputs() throws {
        let lifted = try Lifted(
            "Pad", opset: 2, [tensor(.float32, 2, 3)],
            ["pads": .ints([0, 1, 0, 1]), "value": .float(2), "mode": .string("constant")])
        #expect(try lifted.constant(1)?.integers() == [0, 1, 0, 1])
        #expect(lifted.constant(2)?.scalar == 2)
        let zero = try Lifted("Pad", opset: 2, [tensor(.float32, 2)], ["pads": .ints([0, 1]), "value": .float(0)])
        #expect(try #require(zero.node).inputs.count == 2)
        let first = try Lifted("Pad", opset: 1, [tensor(.float32, 2)], ["paddings": .ints([0, 1])])
        #expect(try first.constant(1)?.integers() == [0, 1])
    }

    @Test func softmaxOverSeveralAxesIsFlattened() throws {
        let lifted = try Lifted("Softmax", opset: 11, [x])
        #expect(lifted.opTypes == ["Flatten", "Softmax", "Shape", "Reshape"])
        #expect(lifted.graph.nodes[0].attributes["axis"]?.text == "1")
        #expect(lifted.graph.nodes[1].attributes["axis"]?.text == "-1")
        #expect(lifted.graph.nodes[2].inputs == lifted.inputs)
        #expect(lifted.graph.nodes[3].outputs == lifted.graph.outputs)
    }

    @Test func softmaxOverTheLastAxisStaysOneNode() throws {
        for axis in [-1, 2] {
            let node = try #require(try Lifted("Softmax", opset: 11, [x], ["axis": .int(Int64(axis))]).node)
            #expect(node.attributes["axis"]?.text == "-1")
        }
        #expect(try Lifted("Softmax", opset: 11, [tensor(.float32, 2, 3)]).node?.attributes["axis"]?.text == "-1")
        #expect(try Lifted("Softmax", opset: 13, [x], ["axis": .int(1)]).node?.attributes["axis"]?.text == "1")
    }

    @Test func splitSizesBecomeAnInput() throws {
        let lifted = try Lifted("Split", opset: 11, [x], ["axis": .int(1), "split": .ints([1, 2])], outputs: 2)
        #expect(try lifted.constant(1)?.integers() == [1, 2])
        #expect(try #require(lifted.node).attributes["split"] == nil)
        #expect(try #require(try Lifted("Split", opset: 11, [x], outputs: 2).node).inputs.count == 1)
    }

    @Test func reducedAxesBecomeAnInput() throws {
        #expect(try Lifted("ReduceSum", opset: 11, [x], ["axes": .ints([1])]).constant(1)?.integers() == [1])
        #expect(try Lifted("ReduceMean", opset: 17, [x], ["axes": .ints([-1])]).constant(1)?.integers() == [-1])
        #expect(try #require(try Lifted("ReduceMax", opset: 11, [x]).node).inputs.count == 1)
    }

    @Test func upsampleBecomesResize() throws {
        let picture = tensor(.float32, 1, 1, 2, 2)
        let ninth = try Lifted("Upsample", opset: 9, [picture, tensor(.float32, 4)], ["mode": .string("bilinear")])
        let node = try #require(ninth.node)
        #expect(node.opType == "Resize")
        #expect(node.inputs == [ninth.inputs[0], Node.absent, ninth.inputs[1]])
        #expect(node.attributes["mode"]?.text == "\"linear\"")
        #expect(node.attributes["coordinate_transformation_mode"]?.text == "\"asymmetric\"")
        #expect(node.attributes["nearest_mode"]?.text == "\"floor\"")
        let seventh = try Lifted("Upsample", opset: 7, [picture], ["scales": .floats([1, 1, 2, 3])])
        #expect(try seventh.constant(2)?.tensor().array(as: Float.self) == [1, 1, 2, 3])
        let first = try Lifted("Upsample", opset: 1, [picture], ["height_scale": .float(2), "width_scale": .float(3)])
        #expect(try first.constant(2)?.tensor().array(as: Float.self) == [1, 1, 2, 3])
        #expect(throws: WeftError.self) { try Lifted("Upsample", opset: 7, [picture]) }
    }

    @Test func tenthResizeSamplesAsymmetrically() throws {
        let lifted = try Lifted("Resize", opset: 10, [tensor(.float32, 1, 1, 2, 2), tensor(.float32, 4)])
        let node = try #require(lifted.node)
        #expect(node.inputs == [lifted.inputs[0], Node.absent, lifted.inputs[1]])
        #expect(node.attributes["coordinate_transformation_mode"]?.text == "\"asymmetric\"")
    }

    @Test func topKCountBecomesAnInput() throws {
        let lifted = try Lifted("TopK", opset: 1, [x], ["k": .int(2), "axis": .int(1)], outputs: 2)
        #expect(try lifted.constant(1)?.integers() == [2])
        #expect(try #require(lifted.node).attributes["k"] == nil)
        #expect(
            try #require(throws: WeftError.self) { try Lifted("TopK", opset: 1, [x], outputs: 2) }.code == .invalidModel
        )
    }

    @Test func dropoutLosesItsRatio() throws {
        let node = try #require(
            try Lifted("Dropout", opset: 7, [x], ["ratio": .float(0.5), "is_test": .int(1)]).node)
        #expect(node.attributes.isEmpty && node.outputs.count == 1)
        let error = try #require(throws: WeftError.self) { try Lifted("Dropout", opset: 7, [x], outputs: 2) }
        #expect(error.code == .unsupportedVersion)
        #expect(try #require(try Lifted("Dropout", opset: 10, [x], outputs: 2).node).outputs.count == 2)
    }

    @Test func reshapeAndConcatOfTheFirstSets() throws {
        #expect(try Lifted("Reshape", opset: 1, [x], ["shape": .ints([6, -1])]).constant(1)?.integers() == [6, -1])
        #expect(try Lifted("Concat", opset: 1, [x, x]).node?.attributes["axis"]?.text == "1")
    }

    @Test func broadcastingAlongAnAxisBecomesUnsqueeze() throws {
        let lifted = try Lifted(
            "Add", opset: 6, [x, tensor(.float32, 3)], ["broadcast": .int(1), "axis": .int(1)])
        #expect(lifted.opTypes == ["Unsqueeze", "Add"])
        #expect(try lifted.graph.constants[lifted.graph.nodes[0].inputs[1]]?.integers() == [1])
        #expect(lifted.graph.nodes[1].attributes.isEmpty)
        #expect(try Lifted("Add", opset: 6, [x, tensor(.float32, 4)], ["broadcast": .int(1)]).opTypes == ["Add"])
        let error = try #require(throws: WeftError.self) {
            try Lifted("Add", opset: 6, [unknown, tensor(.float32, 3)], ["broadcast": .int(1), "axis": .int(1)])
        }
        #expect(error.code == .unsupportedVersion && error.hint != nil)
    }
}
