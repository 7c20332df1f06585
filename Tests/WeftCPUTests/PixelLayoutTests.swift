import Testing
import WeftCPU
import WeftGraph
import WeftProvider

/// The `nhwc` variants of elementwise and joining operators, against their plain ones.
@Suite struct PixelLayoutTests {
    private static let operations: [(String, [[Int]], [String: Attribute])] = [
        ("Sigmoid", [], [:]), ("Sin", [], [:]), ("LeakyRelu", [], ["alpha": .float(0.1)]), ("Clip", [[], []], [:]),
        ("Add", [[2, -1, 3, 2]], [:]), ("Sub", [[-1, 1, 1]], [:]), ("Mul", [[]], [:]), ("Div", [[1, -1, 1, 1]], [:]),
        ("PRelu", [[-1, 1, 1]], [:]), ("Mul", [[2, -1, 1, 1]], [:]), ("Add", [[2, 1, 1, 1]], [:]),
        ("Max", [[2, -1, 3, 2]], [:]), ("Min", [[1]], [:]),
    ]

    @Test(arguments: [1, 3, 8, 13], operations.indices) func variantsAgree(_ channels: Int, _ index: Int) throws {
        let (name, extra, attributes) = Self.operations[index]
        var noise = Noise(UInt64(channels * 100 + index))
        let inputs = ([[2, -1, 3, 2]] + extra).map { shape in noise.floats(shape.map { $0 < 0 ? channels : $0 }) }
        var pixels = CaseRunner()
        pixels.variant = "nhwc"
        let plain = try CaseRunner()(name, inputs, attributes)[0]
        #expect(try pixels(name, inputs, attributes)[0].distance(to: plain.doubles()) < 1e-6)
        if name != "Clip", inputs.count == 2, name != "PRelu" {
            let turned = try CaseRunner()(name, inputs.reversed(), attributes)[0]
            #expect(try pixels(name, inputs.reversed(), attributes)[0].distance(to: turned.doubles()) < 1e-6)
        }
    }

    @Test func channelsAreJoinedAndCutPixelByPixel() throws {
        var noise = Noise(9)
        let parts = [1, 7, 8].map { noise.floats([2, $0, 3, 5]) }
        var pixels = CaseRunner()
        pixels.variant = "nhwc"
        let whole = try CaseRunner()("Concat", parts, ["axis": .int(1)])[0]
        let joined = try pixels("Concat", parts, ["axis": .int(-3)])[0]
        #expect(try joined.array(as: Float.self) == whole.array(as: Float.self))
        let sizes = Tensor([Int64(1), 7, 8], shape: [3])
        let pieces = try pixels("Split", [whole, sizes], ["axis": .int(1)], outputs: 3)
        for (piece, part) in zip(pieces, parts) {
            #expect(try piece.array(as: Float.self) == part.array(as: Float.self))
        }
    }

    @Test(arguments: [1, 3, 8, 13]) func transposesToAndFromRowsMoveNoChannel(_ channels: Int) throws {
        var noise = Noise(UInt64(channels))
        let planes = noise.floats([2, channels, 3, 5])
        var rows = CaseRunner()
        rows.variant = "rows"
        let order: [String: Attribute] = ["perm": .ints([0, 2, 3, 1])]
        let moved = try CaseRunner()("Transpose", [planes], order)[0]
        #expect(try rows("Transpose", [planes], order)[0].array(as: Float.self) == moved.array(as: Float.self))
        let back = try rows("Transpose", [moved], ["perm": .ints([0, 3, 1, 2])])[0]
        #expect(try back.array(as: Float.self) == planes.array(as: Float.self))
    }

    @Test(arguments: [
        ("half_pixel", [7, 9]), ("align_corners", [4, 11]), ("asymmetric", [6, 5]), ("pytorch_half_pixel", [1, 3]),
    ])
    func pixelsAreResizedAlongLines(_ transform: String, _ size: [Int]) throws {
        for channels in [1, 8, 21] {
            var noise = Noise(UInt64(channels + size[0]))
            let x = noise.floats([2, channels, 3, 5])
            let sizes = Tensor([2, Int64(channels)] + size.map { Int64($0) }, shape: [4])
            let attributes: [String: Attribute] = [
                "mode": .string("linear"), "coordinate_transformation_mode": .string(transform),
            ]
            var pixels = CaseRunner()
            pixels.variant = "pixels"
            let plain = try CaseRunner()("Resize", [x, nil, nil, sizes], attributes)[0]
            let found = try pixels("Resize", [x, nil, nil, sizes], attributes)[0]
            #expect(try found.distance(to: plain.doubles()) < 1e-5, "\(transform) \(channels)")
        }
    }

    @Test func rowsOfferTheVariantsThatTheTestsName() throws {
        let shape = [2, 3, 3, 2]
        let value = Operand(value: 0, type: .tensor(.float32, .fixed(shape)))
        let result = Operand(value: 1, type: .tensor(.float32, .fixed(shape)))
        for (name, extra, attributes) in Self.operations {
            let inputs =
                [value]
                + extra.map { sizes in
                    Operand(value: 2, type: .tensor(.float32, .fixed(sizes.map { $0 < 0 ? 3 : $0 })))
                }
            let node = NodeView(
                id: 0, name: "", opType: name, inputs: inputs, outputs: [result], attributes: attributes)
            guard case .variants(let variants) = CPUProvider().support(node, on: CPUProvider.device) else {
                #expect(Bool(false), "\(name) is declined")
                continue
            }
            #expect(variants.map(\.name).prefix(2) == ["plain", "nhwc"], "\(name)")
        }
    }
}
