#if Vulkan
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    /// A convolution's shape, for cases.
    struct ConvCase: Sendable, CustomTestStringConvertible {
        var batch = 1
        var channels = 3
        var outputs = 5
        var groups = 1
        var size = [7, 6]
        var kernel = [3, 3]
        var strides = [1, 1]
        var dilations = [1, 1]
        /// begin h, begin w, end h, end w
        var pads = [1, 1, 1, 1]
        var bias = true
        var transposed = false

        var testDescription: String {
            "\(transposed ? "transposed " : "")\(batch)x\(channels)x\(size) -> \(outputs) k\(kernel) s\(strides) "
                + "d\(dilations) p\(pads) g\(groups)"
        }

        var outputSize: [Int] {
            (0..<2).map { axis in
                let reach = (kernel[axis] - 1) * dilations[axis] + 1
                let pad = pads[axis] + pads[axis + 2]
                return transposed
                    ? (size[axis] - 1) * strides[axis] + reach - pad : (size[axis] + pad - reach) / strides[axis] + 1
            }
        }

        var x: TestTensor { .noise([batch, channels] + size, seed: 3) }
        var w: TestTensor {
            let shape = transposed ? [channels, outputs / groups] : [outputs, channels / groups]
            return TestTensor.noise(shape + kernel, seed: 4).constant
        }
        var b: TestTensor { TestTensor.noise([outputs], seed: 5).constant }

        var attributes: [String: Attribute] {
            func ints(_ values: [Int]) -> Attribute { .ints(values.map { Int64($0) }) }
            return [
                "group": .int(Int64(groups)), "strides": ints(strides), "dilations": ints(dilations),
                "pads": ints(pads),
                "kernel_shape": ints(kernel), "auto_pad": .string("NOTSET"),
            ]
        }

        /// By the definition: every input pixel scattered or gathered one at a time.
        var reference: [Double] {
            let out = outputSize
            let (cg, mg) = (channels / groups, outputs / groups)
            let x = x.floats, w = w.floats, b = b.floats
            var y = [Double](repeating: 0, count: batch * outputs * out[0] * out[1])
            for n in 0..<batch {
                for m in 0..<outputs {
                    let g = m / mg
                    for oy in 0..<out[0] {
                        for ox in 0..<out[1] {
                            var sum = bias ? Double(b[m]) : 0
                            for c in 0..<cg {
                                for ky in 0..<kernel[0] {
                                    for kx in 0..<kernel[1] {
                                        var iy: Int
                                        var ix: Int
                                        if transposed {
                                            iy = oy + pads[0] - ky * dilations[0]
                                            ix = ox + pads[1] - kx * dilations[1]
                                            guard iy >= 0, ix >= 0, iy % strides[0] == 0, ix % strides[1] == 0 else {
                                                continue
                                            }
                                            iy /= strides[0]
                                            ix /= strides[1]
                                        } else {
                                            iy = oy * strides[0] + ky * dilations[0] - pads[0]
                                            ix = ox * strides[1] + kx * dilations[1] - pads[1]
                                        }
                                        guard (0..<size[0]).contains(iy), (0..<size[1]).contains(ix) else { continue }
                                        let at =
                                            transposed
                                            ? ((g * cg + c) * mg + m % mg) * kernel[0] * kernel[1]
                                            : (m * cg + c) * kernel[0] * kernel[1]
                                        sum +=
                                            Double(x[((n * channels + g * cg + c) * size[0] + iy) * size[1] + ix])
                                            * Double(w[at + ky * kernel[1] + kx])
                                    }
                                }
                            }
                            y[((n * outputs + m) * out[0] + oy) * out[1] + ox] = sum
                        }
                    }
                }
            }
            return y
        }

        static let all: [ConvCase] = [
            ConvCase(),
            ConvCase(bias: false),
            ConvCase(channels: 16, outputs: 33, size: [13, 11]),
            ConvCase(batch: 2, channels: 8, outputs: 16, size: [9, 9], kernel: [1, 1], pads: [0, 0, 0, 0]),
            ConvCase(channels: 4, outputs: 8, size: [10, 11], strides: [2, 2]),
            ConvCase(channels: 4, outputs: 6, size: [12, 9], strides: [2, 3], pads: [0, 1, 2, 0]),
            ConvCase(channels: 4, outputs: 4, size: [15, 15], dilations: [2, 3], pads: [2, 3, 2, 3]),
            ConvCase(channels: 8, outputs: 12, groups: 4, size: [7, 5]),
            ConvCase(batch: 2, channels: 6, outputs: 6, groups: 6, size: [9, 8]),
            ConvCase(
                channels: 3, outputs: 6, groups: 3, size: [33, 31], kernel: [5, 5], strides: [2, 2], pads: [2, 2, 2, 2]),
            ConvCase(channels: 3, outputs: 16, size: [40, 40], kernel: [7, 7], strides: [2, 2], pads: [3, 3, 3, 3]),
            ConvCase(channels: 1, outputs: 4, size: [1, 1], kernel: [1, 1], pads: [0, 0, 0, 0]),
            ConvCase(channels: 2, outputs: 3, size: [5, 4], strides: [2, 2], transposed: true),
            ConvCase(
                batch: 2, channels: 4, outputs: 6, groups: 2, size: [4, 5], kernel: [2, 2], strides: [2, 2],
                pads: [0, 0, 0, 0], transposed: true),
            ConvCase(channels: 3, outputs: 2, size: [6, 6], dilations: [2, 2], pads: [0, 0, 0, 0], transposed: true),
        ]
    }

    @Suite(Vulkan.required, .serialized) struct ConvTests {
        @Test(arguments: Vulkan.drivers, ConvCase.all)
        func convolutionMatchesItsDefinition(_ device: TestDevice, _ c: ConvCase) throws {
            let y = try runNode(
                c.transposed ? "ConvTranspose" : "Conv", c.bias ? [c.x, c.w, c.b] : [c.x, c.w],
                [c.batch, c.outputs] + c.outputSize, c.attributes, on: device)
            expectClose(y, c.reference)
        }

        @Test(arguments: Vulkan.drivers) func oneSpatialDimensionIsARow(_ device: TestDevice) throws {
            let c = ConvCase(channels: 4, outputs: 5, size: [1, 19], kernel: [1, 3], pads: [0, 1, 0, 1])
            let x = TestTensor(c.x.floats, [1, 4, 19])
            let w = TestTensor(c.w.floats, [5, 4, 3]).constant
            let y = try runNode("Conv", [x, w, c.b], [1, 5, 19], ["pads": .ints([1, 1])], on: device)
            expectClose(y, c.reference)
        }

        @Test func convolutionWithRunTimeWeightsIsDeclined() throws {
            let device = try #require(Vulkan.devices.first)
            let type = ValueType.tensor(.float32, .fixed([1, 1, 3, 3]))
            let operands = [Operand(value: 0, type: type), Operand(value: 1, type: type)]
            let node = NodeView(
                id: 0, name: "", opType: "Conv", inputs: operands, outputs: [Operand(value: 2, type: type)])
            guard case .declined(let reason) = VulkanProvider().support(node, on: device.device.description) else {
                Issue.record("claimed")
                return
            }
            #expect(reason == .runtimeOperand(1))
        }
    }
#endif
