import Testing
import WeftGraph
import WeftProvider

/// Moves, checked on tensors whose elements say where they came from.
@Suite struct MovementTests {
    private let run = CaseRunner()

    private func counting(_ shape: [Int]) -> Tensor {
        Tensor((0..<shape.elementCount).map { Int32($0) }, shape: shape)
    }
    private func ints(_ values: [Int]) -> Tensor { Tensor(values.map { Int64($0) }, shape: [values.count]) }

    private struct Sample: Sendable {
        let name: String
        let operation: String
        let shape: [Int]
        var extra: [[Int]] = []
        var attributes: [String: Attribute] = [:]
        let result: [Int]
        let elements: [Int32]
    }

    private static let samples = [
        Sample(
            name: "open", operation: "Reshape", shape: [2, 3], extra: [[3, -1]], result: [3, 2],
            elements: [0, 1, 2, 3, 4, 5]),
        Sample(
            name: "kept", operation: "Reshape", shape: [2, 3], extra: [[0, 3, 1]], result: [2, 3, 1],
            elements: [0, 1, 2, 3, 4, 5]),
        Sample(name: "scalar", operation: "Reshape", shape: [1], extra: [[]], result: [], elements: [0]),
        Sample(
            name: "empty", operation: "Reshape", shape: [0, 3], extra: [[3, 0]], attributes: ["allowzero": .int(1)],
            result: [3, 0], elements: []),
        Sample(name: "all", operation: "Squeeze", shape: [1, 2, 1], result: [2], elements: [0, 1]),
        Sample(name: "one", operation: "Squeeze", shape: [1, 2, 1], extra: [[-1]], result: [1, 2], elements: [0, 1]),
        Sample(
            name: "two", operation: "Unsqueeze", shape: [2], extra: [[0, -1]], result: [1, 2, 1], elements: [0, 1]),
        Sample(
            name: "middle", operation: "Flatten", shape: [2, 1, 3], attributes: ["axis": .int(-1)], result: [2, 3],
            elements: [0, 1, 2, 3, 4, 5]),
        Sample(name: "scalar", operation: "Flatten", shape: [], result: [1, 1], elements: [0]),
        Sample(
            name: "rows", operation: "Expand", shape: [2, 1], extra: [[2, 1, 2]], result: [2, 2, 2],
            elements: [0, 0, 1, 1, 0, 0, 1, 1]),
        Sample(name: "scalar", operation: "Expand", shape: [], extra: [[3]], result: [3], elements: [0, 0, 0]),
        Sample(
            name: "both", operation: "Tile", shape: [1, 2], extra: [[2, 2]], result: [2, 4],
            elements: [0, 1, 0, 1, 0, 1, 0, 1]),
        Sample(name: "none", operation: "Tile", shape: [2], extra: [[0]], result: [0], elements: []),
        Sample(
            name: "backwards", operation: "Slice", shape: [5], extra: [[-1], [-100], [0], [-2]], result: [3],
            elements: [4, 2, 0]),
        Sample(
            name: "clamped", operation: "Slice", shape: [2, 3], extra: [[1], [1000], [-1]], result: [2, 2],
            elements: [1, 2, 4, 5]),
        Sample(name: "nothing", operation: "Slice", shape: [3], extra: [[2], [1]], result: [0], elements: []),
        Sample(
            name: "reversed", operation: "Transpose", shape: [2, 3], result: [3, 2], elements: [0, 3, 1, 4, 2, 5]),
        Sample(
            name: "middle", operation: "Transpose", shape: [2, 2, 2], attributes: ["perm": .ints([0, 2, 1])],
            result: [2, 2, 2], elements: [0, 2, 1, 3, 4, 6, 5, 7]),
        Sample(name: "scalar", operation: "Transpose", shape: [], result: [], elements: [0]),
        Sample(name: "zeros", operation: "Pad", shape: [2], extra: [[1, 2]], result: [5], elements: [0, 0, 1, 0, 0]),
        Sample(
            name: "edge", operation: "Pad", shape: [2], extra: [[2, 1]], attributes: ["mode": .string("edge")],
            result: [5], elements: [0, 0, 0, 1, 1]),
        Sample(
            name: "reflect", operation: "Pad", shape: [3], extra: [[2, 2]], attributes: ["mode": .string("reflect")],
            result: [7], elements: [2, 1, 0, 1, 2, 1, 0]),
        Sample(
            name: "wrap", operation: "Pad", shape: [3], extra: [[1, 2]], attributes: ["mode": .string("wrap")],
            result: [6], elements: [2, 0, 1, 2, 0, 1]),
        Sample(
            name: "crop", operation: "Pad", shape: [2, 3], extra: [[0, -1, 1, 0]], result: [3, 2],
            elements: [1, 2, 4, 5, 0, 0]),
        Sample(
            name: "upper", operation: "Trilu", shape: [2, 3], extra: [[1]], result: [2, 3],
            elements: [0, 1, 2, 0, 0, 5]),
        Sample(
            name: "lower", operation: "Trilu", shape: [2, 3], attributes: ["upper": .int(0)], result: [2, 3],
            elements: [0, 0, 0, 3, 4, 0]),
        Sample(
            name: "DCR", operation: "DepthToSpace", shape: [1, 4, 1, 2], attributes: ["blocksize": .int(2)],
            result: [1, 1, 2, 4], elements: [0, 2, 1, 3, 4, 6, 5, 7]),
        Sample(
            name: "back", operation: "SpaceToDepth", shape: [1, 1, 2, 4], attributes: ["blocksize": .int(2)],
            result: [1, 4, 1, 2], elements: [0, 2, 1, 3, 4, 6, 5, 7]),
        Sample(
            name: "rows", operation: "ReverseSequence", shape: [3, 2], extra: [[2, 3]], result: [3, 2],
            elements: [2, 5, 0, 3, 4, 1]),
        Sample(
            name: "negative", operation: "Gather", shape: [2, 3], extra: [[-1, 0]], attributes: ["axis": .int(-1)],
            result: [2, 2], elements: [2, 0, 5, 3]),
        Sample(name: "empty", operation: "Gather", shape: [2, 3], extra: [[]], result: [0, 3], elements: []),
    ]

    @Test(arguments: samples.indices) func movesMatchWhatIsWrittenOut(_ index: Int) throws {
        let sample = Self.samples[index]
        let extra = sample.extra.map { Optional(ints($0)) }
        let result = try run(sample.operation, [counting(sample.shape)] + extra, sample.attributes)[0]
        #expect(result.shape == sample.result, "\(sample.operation) \(sample.name)")
        #expect(try result.array(as: Int32.self) == sample.elements, "\(sample.operation) \(sample.name)")
    }

    @Test(arguments: samples.indices) func stringsMoveLikeNumbers(_ index: Int) throws {
        let sample = Self.samples[index]
        guard sample.operation != "Trilu" else { return }
        let texts = (0..<sample.shape.elementCount).map { "\($0)" }
        let extra = sample.extra.map { Optional(Value.tensor(ints($0))) }
        let result = try run.values(
            sample.operation, [.strings(StringTensor(texts, shape: sample.shape))] + extra, sample.attributes)[0]
        guard case .strings(let strings) = result else { return #expect(Bool(false), "no strings") }
        #expect(strings.shape == sample.result)
        let filled = sample.operation == "Pad" && sample.attributes.isEmpty
        #expect(filled || strings.elements == sample.elements.map { "\($0)" }, "\(sample.operation) \(sample.name)")
        if sample.name == "zeros" { #expect(strings.elements == ["", "0", "1", "", ""]) }
    }

    @Test(arguments: [1, 2, 4, 8]) func transposesOfEveryWidthAgreeWithTheDefinition(_ width: Int) throws {
        for (shape, order) in [
            ([33, 70], [1, 0]), ([2, 17, 40], [0, 2, 1]), ([3, 5, 40, 7], [2, 0, 3, 1]),
            ([4, 64, 6, 8], [0, 2, 3, 1]),
        ] {
            let count = shape.elementCount
            let x: Tensor
            switch width {
            case 1: x = Tensor((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }, shape: shape)
            case 2: x = Tensor((0..<count).map { Int16(truncatingIfNeeded: $0) }, shape: shape)
            case 4: x = Tensor((0..<count).map { Float($0) }, shape: shape)
            default: x = Tensor((0..<count).map { Double($0) }, shape: shape)
            }
            let y = try run("Transpose", [x], ["perm": .ints(order.map { Int64($0) })])[0]
            let source = x.storage.bytes, target = y.storage.bytes
            let steps = shape.rowMajorStrides
            var wrong = 0
            for place in 0..<count {
                var offset = 0
                for (axis, step) in y.shape.rowMajorStrides.enumerated() {
                    offset += place / step % y.shape[axis] * steps[order[axis]]
                }
                for byte in 0..<width where source[offset * width + byte] != target[place * width + byte] { wrong += 1 }
            }
            #expect(wrong == 0, "\(shape) \(order)")
        }
    }

    @Test func concatAndSplitAreInverse() throws {
        for axis in [0, 1, -1] {
            let x = counting([3, 4, 5])
            let sizes = axis == 0 ? [1, 0, 2] : axis == 1 ? [1, 3, 0] : [2, 2, 1]
            let parts = try run("Split", [x, ints(sizes)], ["axis": .int(Int64(axis))], outputs: 3)
            #expect(parts.map { $0.shape[axis < 0 ? 3 + axis : axis] } == sizes)
            let whole = try run("Concat", parts, ["axis": .int(Int64(axis))])[0]
            #expect(try whole.array(as: Int32.self) == x.array(as: Int32.self))
        }
        let uneven = try run("Split", [counting([7])], ["num_outputs": .int(3)], outputs: 3)
        #expect(uneven.map(\.shape) == [[3], [3], [1]])
        let old = try run("Split", [counting([4])], ["split": .ints([1, 3])], outputs: 2, opset: 11)
        #expect(old.map(\.shape) == [[1], [3]])
    }

    @Test func oldAttributesBecomeInputs() throws {
        let x = counting([2, 3])
        #expect(
            try run("Slice", [x], ["starts": .ints([1]), "ends": .ints([2]), "axes": .ints([1])], opset: 9)[0]
                .array(as: Int32.self) == [1, 4])
        #expect(try run("Unsqueeze", [x], ["axes": .ints([0])], opset: 11)[0].shape == [1, 2, 3])
        #expect(try run("Reshape", [x], ["shape": .ints([6])], opset: 1)[0].shape == [6])
        let floats = Tensor([Float16(1), 2], shape: [2])
        let padded = try run("Pad", [floats], ["pads": .ints([1, 0]), "value": .float(9)], opset: 2)[0]
        #expect(try padded.array(as: Float16.self) == [9, 1, 2])
        #expect(try run("TopK", [x], ["k": .int(1)], outputs: 2, opset: 9)[0].array(as: Int32.self) == [2, 5])
    }

    @Test func oldBroadcastingAlongAnAxisIsLifted() throws {
        let a = Tensor((0..<12).map { Float($0) }, shape: [2, 3, 2]), b = Tensor([Float(0), 100, 200], shape: [3])
        let attributes: [String: Attribute] = ["axis": .int(1), "broadcast": .int(1)]
        let sum = try run("Add", [a, b], attributes, opset: 6)[0].array(as: Float.self)
        #expect(sum == [0, 1, 102, 103, 204, 205, 6, 7, 108, 109, 210, 211])
    }

    @Test func whatContradictsIsRefused() throws {
        let x = counting([2, 3])
        let refused: [(String, [Tensor?], [String: Attribute])] = [
            ("Reshape", [x, ints([4, -1])], [:]), ("Reshape", [x, ints([-1, -1])], [:]),
            ("Reshape", [x, ints([Int.max, 2])], [:]), ("Reshape", [x, ints([-1, 0])], ["allowzero": .int(1)]),
            ("Squeeze", [x, ints([0])], [:]), ("Unsqueeze", [x, ints([0, 0])], [:]),
            ("Unsqueeze", [x, ints([9])], [:]),
            ("Concat", [x, counting([3, 3])], ["axis": .int(1)]), ("Concat", [x, x], ["axis": .int(2)]),
            ("Split", [x, ints([1, 1])], ["axis": .int(1)]),
            ("Slice", [x, ints([0]), ints([1]), ints([0]), ints([0])], [:]),
            ("Slice", [x, ints([0]), ints([1]), ints([7])], [:]), ("Transpose", [x], ["perm": .ints([0, 0])]),
            ("Tile", [x, ints([1])], [:]), ("Tile", [x, ints([Int.max, Int.max])], [:]), ("Pad", [x, ints([1])], [:]),
            ("Pad", [x, ints([Int.max, 0, 1, 0])], [:]), ("Expand", [x, ints([4])], [:]),
            ("Trilu", [counting([3])], [:]),
            ("DepthToSpace", [counting([1, 3, 1, 1])], ["blocksize": .int(2)]),
            ("GatherND", [x, Tensor([Int64(0), 0, 0], shape: [1, 3])], [:]), ("TopK", [x, ints([4])], [:]),
            ("ArgMax", [counting([0])], [:]), ("OneHot", [ints([0]), ints([-1]), ints([0, 1])], [:]),
            ("ConstantOfShape", [ints([-1])], [:]), ("ConstantOfShape", [ints([Int.max, Int.max])], [:]),
            ("Range", [Tensor(scalar: Int64(0)), Tensor(scalar: Int64(1)), Tensor(scalar: Int64(0))], [:]),
            ("Range", [Tensor(scalar: Float(0)), Tensor(scalar: Float(1)), Tensor(scalar: Float(0))], [:]),
            ("CumSum", [x, ints([2])], [:]), ("BitCast", [x], ["to": .int(7)]),
        ]
        for (name, inputs, attributes) in refused {
            let outputs = name == "Split" ? 2 : 1
            let error = #expect(throws: WeftError.self, "\(name)") {
                try run(name, inputs, attributes, outputs: outputs)
            }
            #expect(error?.code == .invalidModel, "\(name)")
        }
    }
}
