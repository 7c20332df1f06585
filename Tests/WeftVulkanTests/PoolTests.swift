#if Vulkan
    import Foundation
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    @Suite(Vulkan.required, .serialized) struct PoolTests {
        @Test(arguments: Vulkan.drivers) func poolsMatchTheirDefinitions(_ device: TestDevice) throws {
            for (kernel, stride, dilation, pads, out) in [
                ([2, 2], [2, 2], [1, 1], [0, 0, 0, 0], [4, 3]), ([3, 3], [1, 1], [1, 1], [1, 1, 1, 1], [9, 7]),
                ([5, 5], [1, 1], [1, 1], [2, 2, 2, 2], [9, 7]), ([3, 2], [2, 3], [2, 1], [1, 0, 2, 1], [4, 3]),
            ] {
                let x = TestTensor.noise([2, 3, 9, 7], seed: 61)
                var greatest: [Double] = []
                var means: [Double] = []
                var padded: [Double] = []
                for plane in 0..<6 {
                    for oy in 0..<out[0] {
                        for ox in 0..<out[1] {
                            var seen: [Double] = []
                            var all = 0
                            for ky in 0..<kernel[0] {
                                for kx in 0..<kernel[1] {
                                    let iy = oy * stride[0] + ky * dilation[0] - pads[0]
                                    let ix = ox * stride[1] + kx * dilation[1] - pads[1]
                                    if iy < 9 + pads[2], ix < 7 + pads[3] { all += 1 }
                                    guard (0..<9).contains(iy), (0..<7).contains(ix) else { continue }
                                    seen.append(Double(x.floats[plane * 63 + iy * 7 + ix]))
                                }
                            }
                            greatest.append(seen.max() ?? 0)
                            means.append(seen.reduce(0, +) / Double(seen.count))
                            padded.append(seen.reduce(0, +) / Double(all))
                        }
                    }
                }
                func ints(_ values: [Int]) -> Attribute { .ints(values.map { Int64($0) }) }
                let attributes = [
                    "kernel_shape": ints(kernel), "strides": ints(stride), "dilations": ints(dilation),
                    "pads": ints(pads),
                ]
                let shape = [2, 3] + out
                expectClose(try runNode("MaxPool", [x], shape, attributes, on: device), greatest, 0)
                expectClose(try runNode("AveragePool", [x], shape, attributes, on: device), means, 1e-6)
                let counting = attributes.merging(["count_include_pad": .int(1)]) { $1 }
                expectClose(try runNode("AveragePool", [x], shape, counting, on: device), padded, 1e-6)
            }
        }

        @Test(arguments: Vulkan.drivers) func nearestRepeatsPixels(_ device: TestDevice) throws {
            let x = TestTensor.noise([1, 2, 3, 4])
            let scales = TestTensor([Float(1), 1, 2, 2], [4]).constant
            let attributes: [String: Attribute] = [
                "mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"),
                "nearest_mode": .string("floor"),
            ]
            let y = try runNode("Resize", [x, nil, scales], [1, 2, 6, 8], attributes, on: device)
            let expected = (0..<96).map { flat -> Double in
                let (plane, row, column) = (flat / 48, flat / 8 % 6, flat % 8)
                return Double(x.floats[plane * 12 + row / 2 * 4 + column / 2])
            }
            expectClose(y, expected, 0)
        }

        /// Results of the standard's examples for a ramp of 1 ... 16.
        @Test(arguments: Vulkan.drivers) func interpolationsMatchTheStandardsExamples(_ device: TestDevice) throws {
            let ramp = TestTensor((1...4).map { Float($0) }, [1, 1, 2, 2])
            let twice = TestTensor([Float(1), 1, 2, 2], [4]).constant
            let linear = try runNode(
                "Resize", [ramp, nil, twice], [1, 1, 4, 4], ["mode": .string("linear")], on: device)
            expectClose(
                linear,
                [
                    1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4,
                ])
            let corners = try runNode(
                "Resize", [ramp, nil, twice], [1, 1, 4, 4],
                ["mode": .string("linear"), "coordinate_transformation_mode": .string("align_corners")], on: device)
            expectClose(
                corners,
                (0..<16).map { flat -> Double in
                    1 + Double(flat / 4) * 2 / 3 + Double(flat % 4) / 3
                })
            // Corners align with the scaled size, 2.4, and not with the 2 that it is rounded to.
            let four = TestTensor((1...4).map { Float($0) }, [1, 1, 1, 4])
            let fraction = TestTensor([Float(1), 1, 1, 0.6], [4]).constant
            let shrunk = try runNode(
                "Resize", [four, nil, fraction], [1, 1, 1, 2],
                ["mode": .string("linear"), "coordinate_transformation_mode": .string("align_corners")], on: device)
            expectClose(shrunk, [1, 1 + 3 / 1.4])
            let square = TestTensor((1...16).map { Float($0) }, [1, 1, 4, 4])
            let cubic = try runNode(
                "Resize", [square, nil, TestTensor([Float(1), 1, 0.8, 0.8], [4]).constant], [1, 1, 3, 3],
                ["mode": .string("cubic")], on: device)
            expectClose(
                cubic,
                [
                    1.47119141, 2.78125, 4.08251953, 6.71142578, 8.02148438, 9.32275391, 11.91650391, 13.2265625,
                    14.52783203,
                ])
            let sized = try runNode(
                "Resize", [square, nil, nil, .sizes([1, 1, 1, 3])], [1, 1, 1, 3],
                ["mode": .string("linear"), "coordinate_transformation_mode": .string("pytorch_half_pixel")], on: device
            )
            expectClose(sized, (0..<3).map { (Double($0) + 0.5) * 4 / 3 + 0.5 })
        }
    }
#endif
