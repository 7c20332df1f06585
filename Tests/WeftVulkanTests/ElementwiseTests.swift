#if Vulkan
    import Foundation
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    /// A function of one number and its definition in double precision.
    struct UnaryCase: Sendable, CustomTestStringConvertible {
        let opType: String
        var attributes: [String: Attribute] = [:]
        var range: ClosedRange<Float> = -6...6
        let f: @Sendable (Double) -> Double
        var testDescription: String { opType + (attributes.isEmpty ? "" : " \(attributes.keys.sorted())") }

        static let all: [UnaryCase] = [
            UnaryCase(opType: "Abs") { abs($0) },
            UnaryCase(opType: "Acos", range: -1...1) { acos($0) },
            UnaryCase(opType: "Acosh", range: 1...40) { acosh($0) },
            UnaryCase(opType: "Asin", range: -1...1) { asin($0) },
            UnaryCase(opType: "Asinh", range: -40...40) { asinh($0) },
            UnaryCase(opType: "Atan", range: -40...40) { atan($0) },
            UnaryCase(opType: "Atanh", range: -0.99...0.99) { atanh($0) },
            UnaryCase(opType: "Ceil") { $0.rounded(.up) },
            UnaryCase(opType: "Celu", attributes: ["alpha": .float(2)]) { max(0, $0) + min(0, 2 * (exp($0 / 2) - 1)) },
            UnaryCase(opType: "Cos", range: -100...100) { cos($0) },
            UnaryCase(opType: "Cosh", range: -9...9) { cosh($0) },
            UnaryCase(opType: "Elu", attributes: ["alpha": .float(1.5)]) { $0 < 0 ? 1.5 * (exp($0) - 1) : $0 },
            UnaryCase(opType: "Erf") { erf($0) },
            UnaryCase(opType: "Exp", range: -80...10) { exp($0) },
            UnaryCase(opType: "Floor") { $0.rounded(.down) },
            UnaryCase(opType: "Gelu") { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) },
            UnaryCase(opType: "Gelu", attributes: ["approximate": .string("tanh")]) {
                0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
            },
            UnaryCase(opType: "HardSigmoid") { max(0, min(1, 0.2 * $0 + 0.5)) },
            UnaryCase(opType: "HardSwish") { $0 * max(0, min(1, $0 / 6 + 0.5)) },
            UnaryCase(opType: "LeakyRelu", attributes: ["alpha": .float(0.25)]) { $0 < 0 ? 0.25 * $0 : $0 },
            UnaryCase(opType: "Log", range: 0.001...50) { log($0) },
            UnaryCase(opType: "Mish") { $0 * tanh(log1p(exp($0))) },
            UnaryCase(opType: "Neg") { -$0 },
            UnaryCase(opType: "Reciprocal", range: 0.5...9) { 1 / $0 },
            UnaryCase(opType: "Relu") { max(0, $0) },
            UnaryCase(opType: "Round") { $0.rounded(.toNearestOrEven) },
            UnaryCase(opType: "Selu") {
                1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * (exp($0) - 1))
            },
            UnaryCase(opType: "Sigmoid", range: -95...95) { 1 / (1 + exp(-$0)) },
            UnaryCase(opType: "Sign") { $0 > 0 ? 1 : ($0 < 0 ? -1 : 0) },
            UnaryCase(opType: "Shrink", attributes: ["lambd": .float(1.5), "bias": .float(0.5)]) {
                $0 < -1.5 ? $0 + 0.5 : ($0 > 1.5 ? $0 - 0.5 : 0)
            },
            UnaryCase(opType: "Sinh", range: -9...9) { sinh($0) },
            UnaryCase(opType: "Tan", range: -1.5...1.5) { tan($0) },
            UnaryCase(opType: "Sin", range: -100...100) { sin($0) },
            UnaryCase(opType: "Softplus") { log1p(exp($0)) },
            UnaryCase(opType: "Softsign") { $0 / (1 + abs($0)) },
            UnaryCase(opType: "Sqrt", range: 0...100) { $0.squareRoot() },
            UnaryCase(opType: "Swish", attributes: ["alpha": .float(1)]) { $0 / (1 + exp(-$0)) },
            UnaryCase(opType: "Tanh") { tanh($0) },
            UnaryCase(opType: "ThresholdedRelu", attributes: ["alpha": .float(0.5)]) { $0 > 0.5 ? $0 : 0 },
        ]
    }

    /// An operator of two numbers and its definition.
    struct BinaryCase: Sendable, CustomTestStringConvertible {
        let opType: String
        let f: @Sendable (Double, Double) -> Double
        var testDescription: String { opType }

        static let all: [BinaryCase] = [
            BinaryCase(opType: "Add") { $0 + $1 }, BinaryCase(opType: "Sub") { $0 - $1 },
            BinaryCase(opType: "Mul") { $0 * $1 }, BinaryCase(opType: "Div") { $0 / $1 },
            BinaryCase(opType: "Min") { min($0, $1) }, BinaryCase(opType: "Max") { max($0, $1) },
        ]

        static let shapes: [([Int], [Int], [Int])] = [
            ([33], [33], [33]), ([2, 3, 4, 5], [2, 3, 4, 5], [2, 3, 4, 5]), ([2, 3, 4, 5], [], [2, 3, 4, 5]),
            ([2, 3, 4, 5], [3, 1, 1], [2, 3, 4, 5]), ([3, 1, 5], [4, 1], [3, 4, 5]), ([1], [7, 1], [7, 1]),
            ([2, 1, 3, 1, 2, 1], [1, 3, 1, 2, 1, 2], [2, 3, 3, 2, 2, 2]), ([], [], []),
            ([2, 3, 8], [3, 1], [2, 3, 8]), ([1, 8], [5, 1], [5, 8]), ([12], [5, 1, 12], [5, 1, 12]), ([64], [], [64]),
            ([2, 3, 6, 4], [3, 1, 4], [2, 3, 6, 4]),
        ]
    }

    /// Numbers of a tensor of `shape`, read where an element of `target` finds it.
    func broadcast(_ values: [Float], _ shape: [Int], to target: [Int]) -> [Double] {
        (0..<target.reduce(1, *)).map { flat in
            var rest = flat
            var at = 0
            var step = 1
            for axis in target.indices.reversed() {
                let position = rest % target[axis]
                rest /= target[axis]
                let own = axis - (target.count - shape.count)
                if own >= 0 {
                    if shape[own] != 1 { at += position * step }
                    step *= shape[own]
                }
            }
            return Double(values[at])
        }
    }

    @Suite(Vulkan.required, .serialized) struct ElementwiseTests {
        @Test(arguments: Vulkan.drivers, UnaryCase.all)
        func functionOfOneNumberMatchesItsDefinition(_ device: TestDevice, _ c: UnaryCase) throws {
            let x = TestTensor.noise([3, 5, 71], seed: 11, in: c.range)
            let y = try runNode(c.opType, [x], x.shape, c.attributes, on: device)
            // Relative to the result where it is tiny: an exponential far below 1 must keep its digits.
            let expected = x.floats.map { c.f(Double($0)) }
            expectClose(y, expected, 2e-6)
            if c.opType == "Exp" {
                for (a, e) in zip(y, expected) where e > 1e-36 { #expect(abs(Double(a) / e - 1) < 1e-6) }
            }
        }

        @Test(arguments: Vulkan.drivers) func sumsOfManyInputsBroadcast(_ device: TestDevice) throws {
            let x = [TestTensor.noise([2, 3, 4], seed: 41), .noise([3, 1], seed: 42), .noise([4], seed: 43)]
            let operands = x.map { broadcast($0.floats, $0.shape, to: [2, 3, 4]) }
            let cases: [(String, ([Double]) -> Double)] = [
                ("Sum", { $0.reduce(0, +) }), ("Mean", { $0.reduce(0, +) / Double($0.count) }),
                ("Max", { $0.max() ?? 0 }), ("Min", { $0.min() ?? 0 }),
            ]
            for (opType, f) in cases {
                for count in 1...3 {
                    let expected = (0..<24).map { i in f((0..<count).map { operands[$0][i] }) }
                    let y = try runNode(opType, Array(x.prefix(count)), [2, 3, 4], on: device)
                    expectClose(y, expected, 1e-6, "\(opType) of \(count)")
                }
            }
        }

        /// The bytes of a node's only output.
        private func bytes(
            _ opType: String, _ inputs: [TestTensor], _ shape: [Int], type: ElementType, on device: TestDevice
        ) throws -> [UInt8] {
            var graph = TestGraph()
            for (index, tensor) in inputs.enumerated() { graph.feed("\(index)", tensor) }
            graph.add(opType, inputs.indices.map { "\($0)" }, [("y", shape)], type: type)
            let result = try graph.bind(outputs: ["y"], on: device.device).run()[0]
            Vulkan.expectSilence()
            return Array(result.prefix(shape.reduce(1, *) * type.byteWidth))
        }

        @Test(arguments: Vulkan.drivers) func comparisonsGiveBytes(_ device: TestDevice) throws {
            let a: [Int32] = [-3, 0, 7, 7, Int32.min, 5, 2, 1, 9, -1]
            let b: [Int32] = [7, -1]
            let cases: [(String, (Double, Double) -> Bool)] = [
                ("Equal", { $0 == $1 }), ("Less", { $0 < $1 }), ("Greater", { $0 > $1 }),
                ("LessOrEqual", { $0 <= $1 }), ("GreaterOrEqual", { $0 >= $1 }),
            ]
            for (opType, f) in cases {
                let expected = b.flatMap { r in a.map { l in f(Double(l), Double(r)) ? UInt8(1) : 0 } }
                let ints = [TestTensor(a, [10]), TestTensor(b, [2, 1])]
                let floats = [TestTensor(a.map { Float($0) }, [10]), TestTensor(b.map { Float($0) }, [2, 1])]
                for operands in [ints, floats] {
                    let y = try bytes(opType, operands, [2, 10], type: .bool, on: device)
                    #expect(y == expected, "\(opType)")
                }
            }
        }

        @Test(arguments: Vulkan.drivers) func logicAndCastsOfBooleans(_ device: TestDevice) throws {
            let l = [true, true, false, false, true]
            let r = [true, false, true, false, false]
            let a = TestTensor(l, [5])
            let b = TestTensor(r, [5])
            for (opType, f) in [
                ("And", { $0 && $1 }), ("Or", { $0 || $1 }), ("Xor", { $0 != $1 }), ("Equal", { $0 == $1 }),
            ] as [(String, (Bool, Bool) -> Bool)] {
                let y = try bytes(opType, [a, b], [5], type: .bool, on: device)
                #expect(y == zip(l, r).map { f($0, $1) ? 1 : 0 }, "\(opType)")
            }
            #expect(try bytes("Not", [a], [5], type: .bool, on: device) == [0, 0, 1, 1, 0])
            let floats = TestTensor([Float(0), -0.0, 0.5, .nan, -2], [5])
            #expect(try bytes("Cast", [floats], [5], type: .bool, on: device) == [0, 0, 1, 1, 1])
            let ints = TestTensor([Int32(0), Int32.min, 1, -1, 0], [5])
            #expect(try bytes("Cast", [ints], [5], type: .bool, on: device) == [0, 1, 1, 1, 0])
            let long = try bytes("Cast", [ints], [5], type: .int64, on: device)
            #expect(long.withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) } == [0, -(1 << 31), 1, -1, 0])
            let truths = try bytes("Cast", [a], [5], type: .int64, on: device)
            #expect(truths.withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) } == [1, 1, 0, 0, 1])
            let words = try bytes("Cast", [a], [5], type: .int32, on: device)
            #expect(words.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) } == [1, 1, 0, 0, 1])
        }

        @Test(arguments: Vulkan.drivers) func functionsKeepInfinityAndNaN(_ device: TestDevice) throws {
            let x = TestTensor.special
            for (opType, expected) in [
                ("Relu", [0, Double.infinity, .nan]), ("Sigmoid", [0, 1, .nan]), ("Exp", [0, .infinity, .nan]),
                ("Tanh", [-1, 1, .nan]), ("Erf", [-1, 1, .nan]),
            ] {
                expectClose(try runNode(opType, [x], [3], on: device), expected, 1e-6, opType)
            }
        }

        @Test(arguments: Vulkan.drivers) func clipTakesConstantBoundsOrNone(_ device: TestDevice) throws {
            let x = TestTensor.noise([57], in: -3...3)
            let low = TestTensor([Float(-1)], []).constant
            let high = TestTensor([Float(2)], []).constant
            expectClose(
                try runNode("Clip", [x, low, high], [57], on: device), x.floats.map { Double(min(2, max(-1, $0))) })
            expectClose(try runNode("Clip", [x, nil, high], [57], on: device), x.floats.map { Double(min(2, $0)) })
            expectClose(try runNode("Clip", [x], [57], on: device), x.floats.map(Double.init))
            let bound = Operand(value: 1, type: .tensor(.float32, .fixed([])))
            let operand = Operand(value: 0, type: .tensor(.float32, .fixed([57])))
            let node = NodeView(id: 0, name: "", opType: "Clip", inputs: [operand, bound], outputs: [operand])
            guard case .declined = VulkanProvider().support(node, on: device.device.description) else {
                Issue.record("claimed bounds that are not known")
                return
            }
        }

        @Test(arguments: Vulkan.drivers, BinaryCase.all)
        func functionOfTwoNumbersBroadcasts(_ device: TestDevice, _ c: BinaryCase) throws {
            for (left, right, shape) in BinaryCase.shapes {
                let a = TestTensor.noise(left, seed: 21)
                let b = TestTensor.noise(right, seed: 22, in: 0.5...2)
                let y = try runNode(c.opType, [a, b], shape, on: device)
                let expected = zip(broadcast(a.floats, left, to: shape), broadcast(b.floats, right, to: shape)).map(c.f)
                expectClose(y, expected, 1e-6, "\(left) \(right)")
            }
        }

        @Test(arguments: Vulkan.drivers) func powerHasExactSpecialCases(_ device: TestDevice) throws {
            let a = TestTensor.noise([40], seed: 5, in: -3...3)
            for exponent in [0, 1, 2, 3, -1, 4, 5] as [Float] {
                let y = try runNode("Pow", [a, TestTensor([exponent], []).constant], [40], on: device)
                expectClose(y, a.floats.map { pow(Double($0), Double(exponent)) }, 2e-5, "\(exponent)")
            }
            let base = TestTensor.noise([40], seed: 6, in: 0.1...4)
            let y = try runNode("Pow", [base, TestTensor([Float(0.5), 1.7], [2, 1]).constant], [2, 40], on: device)
            expectClose(y, [0.5, 1.7].flatMap { e in base.floats.map { pow(Double($0), Double(Float(e))) } }, 2e-5)
        }

        @Test(arguments: Vulkan.drivers) func whereAndCastReadBytes(_ device: TestDevice) throws {
            let condition = TestTensor((0..<15).map { $0 % 3 == 0 }, [3, 5])
            let a = TestTensor.noise([3, 5], seed: 7)
            let b = TestTensor.noise([5], seed: 8)
            let y = try runNode("Where", [condition, a, b], [3, 5], type: .float32, on: device)
            expectClose(y, (0..<15).map { Double($0 % 3 == 0 ? a.floats[$0] : b.floats[$0 % 5]) }, 0)
            let cast = try runNode("Cast", [condition], [3, 5], type: .float32, on: device)
            expectClose(cast, (0..<15).map { $0 % 3 == 0 ? 1 : 0 }, 0)
            let wide = TestTensor([Int64(-3), 5_000_000_000, -1 << 40, .max], [4])
            expectClose(
                try runNode("Cast", [wide], [4], type: .float32, on: device),
                [-3, 5_000_000_000, -1_099_511_627_776, 9.2233720368547758e18], 2e-7)
            let ints = TestTensor([Int32(-3), 0, 7, 1 << 24], [4])
            expectClose(try runNode("Cast", [ints], [4], type: .float32, on: device), [-3, 0, 7, 16_777_216], 0)
        }
    }

    extension TestTensor {
        /// Minus infinity, infinity, NaN.
        fileprivate static var special: TestTensor { TestTensor([-Float.infinity, .infinity, .nan], [3]) }
    }
#endif
