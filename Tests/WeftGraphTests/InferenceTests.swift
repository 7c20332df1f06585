import Testing
import WeftGraph
import WeftProvider

/// Types and shapes of results, and what contradicts.
@Suite struct InferenceTests {
    private func shape(_ inference: Inference, _ output: Int = 0) -> [Int]? { inference.outputs[output]?.dimensions }

    private func refused(_ body: () throws(WeftError) -> Inference) throws -> String {
        let error = try #require(throws: WeftError.self) { _ = try body() }
        #expect(error.code == .invalidModel)
        return error.message
    }

    @Test func shapesBroadcastOrAreRefused() throws {
        #expect(shape(try infer("Add", [tensor(.float32, 2, 3), tensor(.float32, 3)])) == [2, 3])
        #expect(shape(try infer("Add", [tensor(.float32, 2, 1), tensor(.float32, 1, 3)])) == [2, 3])
        #expect(shape(try infer("Add", [tensor(.float32, 0), tensor(.float32, 1)])) == [0])
        #expect(shape(try infer("Add", [.tensor(.float32, .fixed([])), tensor(.float32, 4)])) == [4])
        let text = try refused { () throws(WeftError) in
            try infer("Add", [tensor(.float32, 2, 3), tensor(.float32, 2)])
        }
        #expect(text == "shapes [2, 3] and [2] do not broadcast together")
        _ = try refused { () throws(WeftError) in try infer("Add", [tensor(.float32, 0), tensor(.float32, 2)]) }
    }

    @Test func typesAreHeldTogether() throws {
        #expect(try infer("Less", [tensor(.int64, 2), tensor(.int64, 2)]).outputs[0]?.elementType == .bool)
        let mixed = try refused { () throws(WeftError) in try infer("Add", [tensor(.float32, 2), tensor(.int64, 2)]) }
        #expect(mixed == "inputs 0 and 1 should have one type, have float32 and int64")
        _ = try refused { () throws(WeftError) in try infer("Add", [tensor(.bool, 2), tensor(.bool, 2)]) }
        _ = try refused { () throws(WeftError) in try infer("Relu", [.sequence(unknown)]) }
    }

    private func conv(_ size: Int, _ attributes: [String: Attribute]) throws -> Inference {
        try infer("Conv", [tensor(.float32, 1, 2, size, size), tensor(.float32, 4, 2, 3, 3)], attributes)
    }

    @Test func automaticPaddingIsResolved() throws {
        let even = try conv(6, ["auto_pad": .string("SAME_UPPER"), "strides": .ints([2, 2])])
        #expect(shape(even) == [1, 4, 3, 3])
        #expect(even.ints(attribute: "pads") == [0, 0, 1, 1])
        #expect(even.string("auto_pad") == "NOTSET")
        #expect(even.ints(attribute: "kernel_shape") == [3, 3])
        #expect(even.ints(attribute: "dilations") == [1, 1])
        let lower = try conv(6, ["auto_pad": .string("SAME_LOWER"), "strides": .ints([2, 2])])
        #expect(lower.ints(attribute: "pads") == [1, 1, 0, 0])
        let odd = try conv(5, ["auto_pad": .string("SAME_UPPER"), "strides": .ints([2, 2])])
        #expect(odd.ints(attribute: "pads") == [1, 1, 1, 1])
        #expect(shape(try conv(5, ["auto_pad": .string("VALID")])) == [1, 4, 3, 3])
        _ = try refused { () throws(WeftError) in
            try infer(
                "Conv", [tensor(.float32, 1, 2, 5, 5), tensor(.float32, 4, 2, 3, 3)], ["auto_pad": .string("SAME")])
        }
    }

    @Test func convolutionsThatDoNotFitAreRefused() throws {
        let (x, w) = (tensor(.float32, 1, 2, 5, 5), tensor(.float32, 4, 2, 3, 3))
        let channels = try refused { () throws(WeftError) in
            try infer("Conv", [tensor(.float32, 1, 3, 5, 5), w])
        }
        #expect(channels == "the weights expect 2 x 1 input channels, the input has 3")
        for attributes: [String: Attribute] in [
            ["group": .int(3)], ["group": .int(0)], ["group": .int(.min)], ["pads": .ints([1])],
            ["strides": .ints([0, 1])], ["dilations": .ints([3, 3])], ["kernel_shape": .ints([2, 2])],
            ["pads": .ints([0, 0, .max, .max])], ["dilations": .ints([.max, .max])],
        ] {
            _ = try refused { () throws(WeftError) in try infer("Conv", [x, w], attributes) }
        }
        _ = try refused { () throws(WeftError) in try infer("Conv", [x, w, tensor(.float32, 3)]) }
    }

    @Test func reshapeKeepsAndFillsDimensions() throws {
        func reshape(_ wanted: Tensor, _ attributes: [String: Attribute] = [:]) throws(WeftError) -> Inference {
            try infer(
                "Reshape", [tensor(.float32, 2, 3, 4), tensor(.int64, wanted.shape[0])], attributes,
                contents: [1: wanted])
        }
        #expect(shape(try reshape(ints(0, -1))) == [2, 12])
        #expect(shape(try reshape(ints(-1))) == [24])
        #expect(shape(try reshape(ints(4, 0, 2))) == [4, 3, 2])
        #expect(try refused { () throws(WeftError) in try reshape(ints(-1, -1)) } == "[-1, -1] has more than one -1")
        #expect(
            try refused { () throws(WeftError) in try reshape(ints(5, -1)) } == "shape [2, 3, 4] cannot become [5, -1]")
        #expect(shape(try reshape(ints(0, 12))) == [2, 12])
        for wanted in [ints(1, 1, 1, 0), ints(25), ints(-2, -12), ints(.max, .max)] {
            _ = try refused { () throws(WeftError) in try reshape(wanted) }
        }
        _ = try refused { () throws(WeftError) in try reshape(ints(0, 12), ["allowzero": .int(1)]) }
        let empty = try infer(
            "Reshape", [tensor(.float32, 0, 3), tensor(.int64, 2)], ["allowzero": .int(1)], contents: [1: ints(0, 7)])
        #expect(shape(empty) == [0, 7])
    }

    @Test func shapesThatAreNotKnownStayUnknown() throws {
        #expect(try infer("Add", [unknown, tensor(.float32, 2)]).outputs[0] == unknown)
        #expect(try infer("MatMul", [unknown, tensor(.float32, 2, 2)]).outputs[0] == unknown)
        // A shape that only a run knows.
        #expect(try infer("Reshape", [tensor(.float32, 2), tensor(.int64, 1)]).outputs[0] == unknown)
        #expect(try infer("NonZero", [tensor(.float32, 2)]).outputs[0] == .tensor(.int64, .unknown))
        let split = try infer("Split", [unknown], outputs: 2)
        #expect(split.outputs == [unknown, unknown])
    }

    @Test(arguments: OperatorTable.all.filter(\.domain.isEmpty).map(\.name)) func noOperatorMakesUpAShape(
        _ name: String
    ) throws {
        let schema = try #require(OperatorTable.schema(name))
        for type in [ElementType.float32, .int64, .bool, .uint8, .string] {
            let inputs = [ValueType?](repeating: .tensor(type, .unknown), count: schema.inputCount.lowerBound)
            guard let inference = try? infer(name, inputs, outputs: schema.outputCount.lowerBound) else { continue }
            for case let output? in inference.outputs {
                #expect(output.dimensions ?? [] == [], "\(name) of \(type) gives \(output)")
            }
        }
    }

    @Test func sizesThatNoMemoryHoldsAreRefused() throws {
        let huge = 1 << 40
        _ = try refused { () throws(WeftError) in
            try infer("Expand", [tensor(.float32, 1), tensor(.int64, 2)], contents: [1: ints(huge, huge)])
        }
        _ = try refused { () throws(WeftError) in
            try infer("Tile", [tensor(.float32, huge), tensor(.int64, 1)], contents: [1: ints(huge)])
        }
        _ = try refused { () throws(WeftError) in
            try infer("ConstantOfShape", [tensor(.int64, 2)], contents: [0: ints(huge, huge)])
        }
        _ = try refused { () throws(WeftError) in
            try infer("Concat", [tensor(.float32, 0, .max), tensor(.float32, 0, .max)], ["axis": .int(1)])
        }
        _ = try refused { () throws(WeftError) in
            try infer("Pad", [tensor(.float32, 0, .max), tensor(.int64, 4)], contents: [1: ints(0, .max, 0, 1)])
        }
        _ = try refused { () throws(WeftError) in
            try infer("Add", [tensor(.float32, 1 << 32, 1), tensor(.float32, 1, 1 << 32)])
        }
        _ = try refused { () throws(WeftError) in
            try infer("GatherND", [tensor(.float32, 0, 2), tensor(.int64, 0, .max)], ["batch_dims": .int(1)])
        }
        _ = try refused { () throws(WeftError) in
            try infer("DFT", [tensor(.float32, 0, .max, 2)], ["inverse": .int(1), "onesided": .int(1)])
        }
        for attributes: [String: Attribute] in [
            ["strides": .ints([1 << 30])],
            [
                "strides": .ints([1 << 30]), "auto_pad": .string("SAME_UPPER"),
            ],
        ] {
            _ = try refused { () throws(WeftError) in
                try infer("ConvTranspose", [tensor(.float32, 0, 1, 1 << 40), tensor(.float32, 1, 1, 1)], attributes)
            }
        }
    }

    @Test func nodesOfFewElementsAreInferred() throws {
        let slice = try infer(
            "Slice", [tensor(.float32, 5), tensor(.int64, 1), tensor(.int64, 1), tensor(.int64, 1), tensor(.int64, 1)],
            contents: [1: ints(-1), 2: ints(.min), 3: ints(0), 4: ints(-2)])
        #expect(shape(slice) == [3])
        #expect(slice.ints(attribute: "starts") == [4] && slice.ints(attribute: "steps") == [-2])
        let gone = try infer("Squeeze", [tensor(.float32, 1, 2, 1)])
        #expect(shape(gone) == [2])
        let uneven = try infer("Split", [tensor(.float32, 5)], ["num_outputs": .int(2)], outputs: 2)
        #expect(shape(uneven) == [3] && shape(uneven, 1) == [2])
        let reduced = try infer(
            "ReduceSum", [tensor(.float32, 2, 3), tensor(.int64, 1)], ["keepdims": .int(0)], contents: [1: ints(-1)])
        #expect(shape(reduced) == [2] && reduced.ints(attribute: "axes") == [1])
        let nothing = try infer("ReduceSum", [tensor(.float32, 2, 3)], ["noop_with_empty_axes": .int(1)])
        #expect(shape(nothing) == [2, 3])
    }
}
