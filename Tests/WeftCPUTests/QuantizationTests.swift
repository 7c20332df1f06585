import Testing
import WeftProvider

@Suite struct QuantizationTests {
    @Test func numbersAreRoundedToEvenAndSaturated() throws {
        let x = Tensor([0, 1, 3, 5, 1000, -254, -1000, .nan] as [Float], shape: [8])
        let y = try CaseRunner()("QuantizeLinear", [x, Tensor(scalar: Float(2)), Tensor(scalar: UInt8(128))])[0]
        #expect(try y.array(as: UInt8.self).prefix(7) == [128, 128, 130, 130, 255, 1, 0])
        let signed = try CaseRunner()("QuantizeLinear", [x, Tensor(scalar: Float(2)), Tensor(scalar: Int8(1))])[0]
        #expect(try signed.array(as: Int8.self).prefix(7) == [1, 1, 3, 3, 127, -126, -128])
    }

    @Test func scalesAreTakenByTensorByAxisAndByBlock() throws {
        let x = Tensor((0..<12).map { UInt8($0) }, shape: [2, 3, 2])
        let perAxis = try CaseRunner()(
            "DequantizeLinear",
            [x, Tensor([1, 10, 100] as [Float], shape: [3]), Tensor([0, 1, 2] as [UInt8], shape: [3])])[0]
        #expect(try perAxis.doubles() == [0, 1, 10, 20, 200, 300, 6, 7, 70, 80, 800, 900])
        let blocked = try CaseRunner()(
            "DequantizeLinear", [x, Tensor([1, 2, 3, 4, 5, 6, 7, 8] as [Float], shape: [2, 2, 2])],
            ["axis": .int(-2), "block_size": .int(2)])[0]
        #expect(try blocked.doubles() == [0, 2, 2, 6, 12, 20, 30, 42, 40, 54, 70, 88])
    }

    @Test func fourBitNumbersArePackedFromTheLowEnd() throws {
        let x = Tensor([-9, -1, 3, 100, 6] as [Float], shape: [5])
        let y = try CaseRunner()(
            "QuantizeLinear", [x, Tensor(scalar: Float(1))], ["output_dtype": .int(Int64(ElementType.int4.rawValue))])[
                0]
        #expect(y.elementType == .int4)
        #expect(Array(y.storage.bytes) == [0xf8, 0x73, 0x06])
        let back = try CaseRunner()("DequantizeLinear", [y, Tensor(scalar: Float(0.5))])[0]
        #expect(try back.doubles() == [-4, -0.5, 1.5, 3.5, 3])
    }

    @Test func scalesThatFitNothingAreRefused() throws {
        let x = Tensor([Float](repeating: 0, count: 6), shape: [2, 3])
        for (scale, attributes) in [
            ([2], [:]), ([2, 3], [:]), ([2, 2], ["block_size": .int(3)]), ([2, 2], ["block_size": .int(-1)]),
            ([3], ["axis": .int(2)]),
        ] as [([Int], [String: Attribute])] {
            #expect(throws: WeftError.self) {
                try CaseRunner()(
                    "QuantizeLinear", [x, Tensor([Float](repeating: 1, count: scale.elementCount), shape: scale)],
                    attributes)
            }
        }
    }

    @Test func rangesAreFoundWhileQuantising() throws {
        let outputs = try CaseRunner()(
            "DynamicQuantizeLinear", [Tensor([-1, 0, 4.1] as [Float], shape: [3])], outputs: 3)
        #expect(try outputs[1].distance(to: [Double(Float(5.1) / 255)]) < 1e-7)
        #expect(try outputs[2].doubles() == [50])
        #expect(try outputs[0].doubles() == [0, 50, 255])
    }

    @Test func integerProductsTakeZeroPointsByRowAndColumn() throws {
        let a = Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 3])
        let b = Tensor([-1, 2, 3, -4, 5, 6] as [Int8], shape: [3, 2])
        let (za, zb) = (Tensor([1, 4] as [UInt8], shape: [2]), Tensor([1, -2] as [Int8], shape: [2]))
        let y = try CaseRunner()("MatMulInteger", [a, b, za, zb])[0]
        // (a - za): [0 1 2; 0 1 2], (b - zb): [-2 4; 2 -2; 4 8]
        #expect(try y.doubles() == [10, 14, 10, 14])
    }

    @Test func quantisedProductsComeCloseToRealOnes() throws {
        var noise = Noise(4)
        let (real, other) = (noise.floats([3, 8]), noise.floats([8, 5]))
        let scale = Tensor(scalar: Float(1) / 127)
        let a = try CaseRunner()("QuantizeLinear", [real, scale, Tensor(scalar: Int8(0))])[0]
        let b = try CaseRunner()("QuantizeLinear", [other, scale, Tensor(scalar: Int8(0))])[0]
        let target = Tensor(scalar: Float(0.05))
        let y = try CaseRunner()(
            "QLinearMatMul",
            [a, scale, Tensor(scalar: Int8(0)), b, scale, Tensor(scalar: Int8(0)), target, Tensor(scalar: UInt8(128))])[
                0]
        let back = try CaseRunner()("DequantizeLinear", [y, target, Tensor(scalar: UInt8(128))])[0]
        let exact = try CaseRunner()("MatMul", [real, other])[0].doubles()
        for (found, wanted) in zip(try back.doubles(), exact) { #expect(abs(found - wanted) < 0.025 + 8 * 0.008) }
    }

    @Test func quantisedConvolutionsMatchIntegerSums() throws {
        let item = ConvTests.Case(
            x: [1, 4, 6, 5], filters: 4, kernel: [3, 2], group: 2, strides: [2, 1], pads: [1, 0, 1, 1], bias: false)
        let x = Tensor((0..<120).map { UInt8(truncatingIfNeeded: $0 * 7) }, shape: item.x)
        let w = Tensor((0..<48).map { Int8(truncatingIfNeeded: $0 * 11) }, shape: item.weights)
        let zero = UInt8(9)
        let zeros = [1, 2, 3, 4] as [Int8]
        let sums = try CaseRunner()(
            "ConvInteger", [x, w, Tensor(scalar: zero), Tensor(zeros, shape: [4])], item.attributes)[0]
        let floats = [
            Tensor(try x.array(as: UInt8.self).map { Double($0) - Double(zero) }, shape: item.x),
            Tensor(
                try w.array(as: Int8.self).enumerated().map { Double($1) - Double(zeros[$0 / 12]) }, shape: item.weights
            ),
        ]
        let expected = try CaseRunner()("Conv", floats, item.attributes)[0].doubles()
        #expect(try sums.doubles() == expected)
        let scales = [0.5, 0.25, 0.125, 1] as [Float]
        let y = try CaseRunner()(
            "QLinearConv",
            [
                x, Tensor(scalar: Float(0.5)), Tensor(scalar: zero), w, Tensor(scales, shape: [4]),
                Tensor(zeros, shape: [4]),
                Tensor(scalar: Float(64)), Tensor(scalar: UInt8(100)), Tensor([0, 64, -64, 5] as [Int32], shape: [4]),
            ], item.attributes)[0]
        let plane = expected.count / 4
        let bias = [0, 64, -64, 5] as [Double]
        let quantised = expected.enumerated().map { index, sum in
            let filter = index / plane
            let value = (sum + bias[filter]) * 0.5 * Double(scales[filter]) / 64
            return min(255, max(0, (value + 100).rounded(.toNearestOrEven)))
        }
        #expect(try y.doubles() == quantised)
    }
}
