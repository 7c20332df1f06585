import Testing
import WeftGraph
import WeftProvider

/// Expected values are written out or computed by hand-written double arithmetic.
@Suite struct ElementwiseTests {
    private let run = CaseRunner()

    private static let functions: [(String, [String: Attribute], @Sendable (Double) -> Double)] = [
        ("Abs", [:], { $0.magnitude }),
        ("Neg", [:], { -$0 }),
        ("Relu", [:], { Swift.max($0, 0) }),
        ("Sqrt", [:], { $0.squareRoot() }),
        ("Reciprocal", [:], { 1 / $0 }),
        ("Floor", [:], { $0.rounded(.down) }),
        ("Ceil", [:], { $0.rounded(.up) }),
        ("Round", [:], { $0.rounded(.toNearestOrEven) }),
        ("Sign", [:], { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
        ("Softsign", [:], { $0 / (1 + $0.magnitude) }),
        ("HardSigmoid", ["alpha": .float(0.5), "beta": .float(0.25)], { Swift.min(Swift.max(0.5 * $0 + 0.25, 0), 1) }),
        ("HardSwish", [:], { $0 * Swift.min(Swift.max($0 / 6 + 0.5, 0), 1) }),
        ("LeakyRelu", ["alpha": .float(0.125)], { $0 < 0 ? 0.125 * $0 : $0 }),
        ("ThresholdedRelu", ["alpha": .float(0.75)], { $0 > 0.75 ? $0 : 0 }),
        ("Shrink", ["lambd": .float(1), "bias": .float(0.5)], { $0 < -1 ? $0 + 0.5 : $0 > 1 ? $0 - 0.5 : 0 }),
    ]

    @Test(arguments: functions.indices) func functionsMatchTheirDefinitionsInEveryFloatType(_ index: Int) throws {
        let (name, attributes, function) = Self.functions[index]
        let numbers = [-3.5, -2.5, -1, -0.5, -0.0, 0.5, 0.75, 1.25, 2.5, 3, 100]
        let expected = numbers.map(function)
        let singles = try run(name, [Tensor(numbers.map { Float($0) }, shape: [11])], attributes)[0]
        #expect(try singles.distance(to: expected) < 1e-6)
        let doubles = try run(name, [Tensor(numbers, shape: [11, 1])], attributes)[0]
        #expect(try doubles.distance(to: expected) < 1e-7)
        let halves = try run(name, [Tensor(numbers.map { Float16($0) }, shape: [1, 11])], attributes)[0]
        #expect(try halves.distance(to: expected) < 1e-3)
        #expect(halves.elementType == .float16)
        let brains = try run(name, [Tensor(numbers.map { BFloat16(Float($0)) }, shape: [11])], attributes)[0]
        let back = try brains.array(as: BFloat16.self).map { Float($0.float) }
        #expect(try Tensor(back, shape: [11]).distance(to: expected) < 1e-2)
    }

    @Test func functionsTakeScalarsAndNothing() throws {
        #expect(try run("Exp", [Tensor(scalar: Float(0))])[0].array(as: Float.self) == [1])
        #expect(try run("Exp", [Tensor(scalar: Float(0))])[0].shape == [])
        #expect(try run("Sin", [Tensor([Double](), shape: [0, 3])])[0].shape == [0, 3])
    }

    @Test func integersHaveAbsNegSignAndRelu() throws {
        let x = Tensor([Int8(-128), -3, 0, 7], shape: [4])
        #expect(try run("Abs", [x])[0].array(as: Int8.self) == [-128, 3, 0, 7])
        #expect(try run("Neg", [x])[0].array(as: Int8.self) == [-128, 3, 0, -7])
        #expect(try run("Sign", [x])[0].array(as: Int8.self) == [-1, -1, 0, 1])
        #expect(try run("Relu", [x])[0].array(as: Int8.self) == [0, 0, 0, 7])
    }

    private struct Broadcasting: Sendable {
        let a: [Int], b: [Int], shape: [Int]
    }

    private static let broadcasts = [
        Broadcasting(a: [2, 3], b: [2, 3], shape: [2, 3]), Broadcasting(a: [], b: [], shape: []),
        Broadcasting(a: [2, 3], b: [], shape: [2, 3]), Broadcasting(a: [1], b: [2, 1, 2], shape: [2, 1, 2]),
        Broadcasting(a: [2, 3, 4, 5], b: [3, 1, 1], shape: [2, 3, 4, 5]),
        Broadcasting(a: [2, 3, 4, 5], b: [5], shape: [2, 3, 4, 5]),
        Broadcasting(a: [2, 1, 4], b: [1, 3, 1], shape: [2, 3, 4]),
        Broadcasting(a: [3, 1, 2, 1], b: [2, 1, 5], shape: [3, 2, 2, 5]),
        Broadcasting(a: [0, 3], b: [1, 3], shape: [0, 3]),
        Broadcasting(a: [1, 300, 200], b: [2, 1, 200], shape: [2, 300, 200]),
    ]

    @Test(arguments: broadcasts.indices) func operandsBroadcastLikeNumpy(_ index: Int) throws {
        let sample = Self.broadcasts[index]
        var noise = Noise(UInt64(index) + 1)
        for name in ["Sub", "PRelu", "Less", "Sum", "Pow"] where name != "PRelu" || sample.a == sample.shape {
            let a = noise.floats(sample.a), b = noise.floats(sample.b)
            let (x, y) = (try a.doubles(), try b.doubles())
            func at(_ shape: [Int], _ position: Int) -> Int {
                let offset = sample.shape.count - shape.count
                return zip(shape, shape.rowMajorStrides).enumerated().reduce(0) { sum, next in
                    let axis = next.offset + offset
                    let coordinate = position / sample.shape.rowMajorStrides[axis] % sample.shape[axis]
                    return sum + (next.element.0 == 1 ? 0 : coordinate * next.element.1)
                }
            }
            let expected = (0..<sample.shape.elementCount).map { position -> Double in
                let (p, q) = (x[at(sample.a, position)], y[at(sample.b, position)])
                switch name {
                case "Sub": return p - q
                case "Sum": return p + q
                case "Less": return p < q ? 1 : 0
                case "PRelu": return p < 0 ? p * q : p
                default: return p * p
                }
            }
            let result = try run(
                name, [a, name == "Pow" ? Tensor([Float](repeating: 2, count: b.elementCount), shape: b.shape) : b])[0]
            #expect(result.shape == sample.shape, "\(name)")
            #expect(try result.distance(to: expected) < 1e-6, "\(name)")
        }
    }

    @Test func shapesThatDoNotBroadcastAreRefused() throws {
        let error = #expect(throws: WeftError.self) {
            try run(
                "Add",
                [
                    Tensor([Float](repeating: 0, count: 6), shape: [2, 3]),
                    Tensor([Float](repeating: 0, count: 2), shape: [2]),
                ])
        }
        #expect(error?.code == .invalidModel)
        #expect(throws: WeftError.self) { try run("Add", [Tensor(scalar: Float(1)), Tensor(scalar: Int32(1))]) }
        #expect(throws: WeftError.self) { try run("And", [Tensor(scalar: Float(1)), Tensor(scalar: Float(1))]) }
    }

    @Test func integerDivisionTruncatesAndNeverTraps() throws {
        let a = Tensor([Int32.min, 7, -7, 7], shape: [4]), b = Tensor([Int32(-1), 2, 2, -2], shape: [4])
        #expect(try run("Div", [a, b])[0].array(as: Int32.self) == [.min, 3, -3, -3])
        #expect(try run("Mod", [a, b])[0].array(as: Int32.self) == [0, 1, 1, -1])
        #expect(try run("Mod", [a, b], ["fmod": .int(1)])[0].array(as: Int32.self) == [0, 1, -1, 1])
        for name in ["Div", "Mod"] {
            let error = #expect(throws: WeftError.self) { try run(name, [a, Tensor(scalar: Int32(0))]) }
            #expect(error?.code == .invalidData)
        }
    }

    @Test func powersTakeMixedTypes() throws {
        let x = Tensor([Int32(-2), 3, 10], shape: [3])
        #expect(try run("Pow", [x, Tensor(scalar: Int64(3))])[0].array(as: Int32.self) == [-8, 27, 1000])
        #expect(try run("Pow", [x, Tensor(scalar: Int8(-1))])[0].array(as: Int32.self) == [0, 0, 0])
        #expect(try run("Pow", [x, Tensor(scalar: Float(40))])[0].array(as: Int32.self) == [.max, .max, .max])
        let y = Tensor([Float(4), 9], shape: [2])
        #expect(try run("Pow", [y, Tensor(scalar: Float(0.5))])[0].distance(to: [2, 3]) < 1e-6)
        var constant = CaseRunner()
        constant.constants = [1]
        #expect(try constant("Pow", [y, Tensor(scalar: Float(2))])[0].array(as: Float.self) == [16, 81])
    }

    @Test func clipTakesBoundsOfEveryVersion() throws {
        let x = Tensor([Float(-2), 0.5, 3, .nan], shape: [4])
        let modern = try run("Clip", [x, Tensor(scalar: Float(-1)), Tensor(scalar: Float(1))])[0].array(as: Float.self)
        #expect(modern.prefix(3) == [-1, 0.5, 1] && modern[3].isNaN)
        let old = try run("Clip", [x], ["min": .float(-1), "max": .float(1)], opset: 6)[0].array(as: Float.self)
        #expect(old.prefix(3) == [-1, 0.5, 1])
        let halves = Tensor([Float16(-2), 0.5, 3], shape: [3])
        let lifted = try run("Clip", [halves], ["max": .float(1)], opset: 6)[0].array(as: Float16.self)
        #expect(lifted == [-2, 0.5, 1])
        let whole = Tensor([Int64(-5), 5], shape: [2])
        #expect(try run("Clip", [whole, nil, Tensor(scalar: Int64(3))])[0].array(as: Int64.self) == [-5, 3])
    }

    @Test func foldsOfManyOperandsBroadcast() throws {
        let a = Tensor([Float(1), 5, 3, .nan], shape: [2, 2]), b = Tensor([Float(4), 2], shape: [2])
        let c = Tensor([Float(0), 6], shape: [2, 1])
        let largest = try run("Max", [a, b, c, Tensor(scalar: Float(-9))])[0].array(as: Float.self)
        #expect(largest.prefix(3) == [4, 5, 6] && largest[3].isNaN)
        #expect(try run("Sum", [a, b, c])[0].array(as: Float.self).prefix(3) == [5, 7, 13])
        #expect(
            try run("Sum", [Tensor(scalar: Float(1)), Tensor(scalar: Float(2)), Tensor(scalar: Float(4))])[0]
                .array(as: Float.self) == [7])
        #expect(try run("Mean", [a, b, c])[0].distance(to: [5.0 / 3, 7.0 / 3, 13.0 / 3, .nan]) < 1e-6)
        #expect(
            try run("Min", [Tensor([Int8(3)], shape: [1]), Tensor(scalar: Int8(-2)), Tensor(scalar: Int8(5))])[0]
                .array(as: Int8.self) == [-2])
    }

    @Test func shiftsPastTheWidthLeaveTheSign() throws {
        let x = Tensor([Int8(-128), 1, 64], shape: [3]), by = Tensor([Int8(9), 1, -1], shape: [3])
        #expect(try run("BitShift", [x, by], ["direction": .string("RIGHT")])[0].array(as: Int8.self) == [-1, 0, 0])
        #expect(try run("BitShift", [x, by], ["direction": .string("LEFT")])[0].array(as: Int8.self) == [0, 2, 0])
    }

    @Test func castsTruncateSaturateAndWrap() throws {
        let x = Tensor([Float(2.9), -2.9, 300, 1e20, -1e20, .nan, .infinity], shape: [7])
        func cast<T: TensorElement>(_ type: T.Type) throws -> [T] {
            try run("Cast", [x], ["to": .int(Int64(T.elementType.rawValue))])[0].array(as: T.self)
        }
        #expect(try cast(Int32.self) == [2, -2, 300, .max, .min, 0, .max])
        #expect(try cast(Int64.self) == [2, -2, 300, .max, .min, 0, .max])
        #expect(try cast(UInt8.self).prefix(3) == [2, 254, 44])
        #expect(try cast(UInt64.self) == [2, UInt64(bitPattern: -2), 300, .max, UInt64(bitPattern: .min), 0, .max])
        #expect(try cast(UInt32.self).prefix(3) == [2, UInt32(bitPattern: -2), 300])
        #expect(try cast(Bool.self) == [true, true, true, true, true, true, true])
        let whole = Tensor([Int64(-1), 256, 1 << 40], shape: [3])
        #expect(try run("Cast", [whole], ["to": .string("UINT8")], opset: 5)[0].array(as: UInt8.self) == [255, 0, 0])
        #expect(try run("CastLike", [whole, Tensor(scalar: Float(0))])[0].array(as: Float.self) == [-1, 256, 0x1p40])
        #expect(throws: WeftError.self) { try run("Cast", [whole], ["to": .int(99)]) }
    }

    @Test func castsToTextAndBack() throws {
        let text = try run.values("Cast", [.tensor(Tensor([Float(0.1), -2], shape: [2]))], ["to": .int(8)])[0]
        guard case .strings(let strings) = text else { return #expect(Bool(false), "no strings") }
        #expect(strings.elements == ["0.1", "-2.0"])
        let back = try run.values("Cast", [.strings(StringTensor(["3", "-7"], shape: [2]))], ["to": .int(7)])[0]
        #expect(try back?.tensor?.array(as: Int64.self) == [3, -7])
        #expect(throws: WeftError.self) {
            try run.values("Cast", [.strings(StringTensor(["three"], shape: [1]))], ["to": .int(1)])
        }
    }

    @Test func smallFloatsRoundToNearestEven() throws {
        let x = Tensor([Float(0), 1, 1.0625, -448, 1000, 0.001953125], shape: [6])
        func codes(_ type: ElementType, _ saturate: Int64 = 1) throws -> [UInt8] {
            let tensor = try run("Cast", [x], ["to": .int(Int64(type.rawValue)), "saturate": .int(saturate)])[0]
            return withExtendedLifetime(tensor) { Array(tensor.storage.bytes) }
        }
        #expect(try codes(.float8e4m3fn) == [0, 0x38, 0x38, 0xfe, 0x7e, 0x01])
        #expect(try codes(.float8e4m3fn, 0)[4] == 0x7f)
        #expect(try codes(.float8e5m2, 0)[1] == 0x3c)
        #expect(try codes(.float4e2m1) == [0x20, 0xf2, 0x07])
    }

    @Test func selectionAndLogicBroadcast() throws {
        let condition = Tensor([true, false], shape: [2, 1])
        let chosen = try run("Where", [condition, Tensor([Int16(1), 2], shape: [2]), Tensor(scalar: Int16(9))])[0]
        #expect(try chosen.array(as: Int16.self) == [1, 2, 9, 9])
        let texts = try run.values(
            "Where",
            [
                .tensor(condition), .strings(StringTensor(["a", "b"], shape: [2])),
                .strings(StringTensor(["c"], shape: [])),
            ])
        guard case .strings(let strings) = texts[0] else { return #expect(Bool(false), "no strings") }
        #expect(strings.elements == ["a", "b", "c", "c"])
        #expect(
            try run("Xor", [condition, Tensor([true, false], shape: [2])])[0].array(as: Bool.self)
                == [false, true, true, false])
    }
}
