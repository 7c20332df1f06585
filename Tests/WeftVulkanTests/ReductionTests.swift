#if Vulkan
    import Foundation
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    /// Rows of a tensor along an axis: for each (outer, inner), the elements in order.
    private func rows(_ values: [Float], _ shape: [Int], axis: Int) -> [(at: [Int], elements: [Double])] {
        let inner = shape.dropFirst(axis + 1).reduce(1, *)
        let outer = shape.prefix(axis).reduce(1, *)
        return (0..<outer * inner).map { row in
            let at = (0..<shape[axis]).map { (row / inner * shape[axis] + $0) * inner + row % inner }
            return (at, at.map { Double(values[$0]) })
        }
    }

    @Suite(Vulkan.required, .serialized) struct ReductionTests {
        @Test(arguments: Vulkan.drivers) func softmaxMatchesItsDefinitionOnEveryAxis(_ device: TestDevice) throws {
            for (shape, axis) in [
                ([3, 70], 1), ([2, 5, 33], 1), ([4, 3, 2, 7], -1), ([6], 0), ([9, 4], 0), ([2, 1], 1),
            ] {
                let x = TestTensor.noise(shape, seed: 31, in: -90...90)
                let at = axis < 0 ? axis + shape.count : axis
                for opType in ["Softmax", "LogSoftmax"] {
                    let y = try runNode(opType, [x], shape, ["axis": .int(Int64(axis))], on: device)
                    var expected = [Double](repeating: 0, count: y.count)
                    for row in rows(x.floats, shape, axis: at) {
                        let top = row.elements.max() ?? 0
                        let sum = row.elements.reduce(0) { $0 + exp($1 - top) }
                        for (index, value) in zip(row.at, row.elements) {
                            expected[index] = opType == "Softmax" ? exp(value - top) / sum : value - top - log(sum)
                        }
                    }
                    expectClose(y, expected, 3e-6, "\(opType) \(shape) \(axis)")
                }
            }
        }

        @Test(arguments: Vulkan.drivers) func reductionsMatchTheirDefinitions(_ device: TestDevice) throws {
            let functions: [(String, ([Double]) -> Double)] = [
                ("ReduceSum", { $0.reduce(0, +) }), ("ReduceMean", { $0.reduce(0, +) / Double($0.count) }),
                ("ReduceMax", { $0.max() ?? 0 }), ("ReduceMin", { $0.min() ?? 0 }), ("ReduceProd", { $0.reduce(1, *) }),
                ("ReduceL1", { $0.reduce(0) { $0 + abs($1) } }),
                ("ReduceL2", { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }),
                ("ReduceSumSquare", { $0.reduce(0) { $0 + $1 * $1 } }), ("ReduceLogSum", { log($0.reduce(0, +)) }),
                ("ReduceLogSumExp", { log($0.reduce(0) { $0 + exp($1) }) }),
            ]
            for (opType, f) in functions {
                let shape = [3, 40, 5]
                let x = TestTensor.noise(shape, seed: 41, in: 0.2...1.1)
                for axis in 0..<3 {
                    let y = try runNode(
                        opType, [x, .sizes([axis - (axis == 1 ? 3 : 0)])],
                        shape.enumerated().map { $0.offset == axis ? 1 : $0.element }, ["keepdims": .int(1)], on: device
                    )
                    expectClose(y, rows(x.floats, shape, axis: axis).map { f($0.elements) }, 1e-5, "\(opType) \(axis)")
                }
                let last = try runNode(opType, [x, .sizes([2, 1])], [3], ["keepdims": .int(0)], on: device)
                expectClose(last, rows(x.floats, [3, 200], axis: 1).map { f($0.elements) }, 1e-4, opType)
                let all = try runNode(opType, [x], [], ["keepdims": .int(0)], on: device)
                expectClose(all, [f(x.floats.map(Double.init))], 1e-4, opType)
            }
        }

        @Test func axesApartAreDeclined() throws {
            let device = try #require(Vulkan.devices.first)
            let node = NodeView(
                id: 0, name: "", opType: "ReduceSum",
                inputs: [Operand(value: 0, type: .tensor(.float32, .fixed([2, 3, 4])))],
                outputs: [Operand(value: 1, type: .tensor(.float32, .fixed([3])))], attributes: ["axes": .ints([0, 2])])
            guard case .declined = VulkanProvider().support(node, on: device.device.description) else {
                Issue.record("claimed")
                return
            }
        }

        @Test(arguments: Vulkan.drivers) func globalPoolsReduceEveryPlane(_ device: TestDevice) throws {
            let x = TestTensor.noise([2, 3, 9, 7])
            let planes = rows(x.floats, [6, 63], axis: 1)
            expectClose(
                try runNode("GlobalAveragePool", [x], [2, 3, 1, 1], on: device),
                planes.map { $0.elements.reduce(0, +) / 63 })
            expectClose(
                try runNode("GlobalMaxPool", [x], [2, 3, 1, 1], on: device), planes.map { $0.elements.max() ?? 0 }, 0)
        }

        @Test(arguments: Vulkan.drivers) func normalisationsMatchTheirDefinitions(_ device: TestDevice) throws {
            func normal(_ row: [Double], centered: Bool = true) -> [Double] {
                let mean = centered ? row.reduce(0, +) / Double(row.count) : 0
                let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
                return row.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
            }
            let x = TestTensor.noise([2, 6, 5, 7], seed: 51, in: 2...5)
            let row = TestTensor.noise([5, 7], seed: 52)
            let shift = TestTensor.noise([5, 7], seed: 53)
            let layer = try runNode("LayerNormalization", [x, row, shift], x.shape, ["axis": .int(2)], on: device)
            let planes = rows(x.floats, [12, 35], axis: 1)
            expectClose(
                layer,
                planes.flatMap { plane in
                    zip(normal(plane.elements), zip(row.floats, shift.floats)).map { $0 * Double($1.0) + Double($1.1) }
                }, 2e-5)
            let rms = try runNode("RMSNormalization", [x, row], x.shape, ["axis": .int(2)], on: device)
            expectClose(
                rms,
                planes.flatMap { plane in
                    zip(normal(plane.elements, centered: false), row.floats).map { $0 * Double($1) }
                }, 2e-5)

            let scale = TestTensor.noise([6], seed: 54).constant
            let bias = TestTensor.noise([6], seed: 55).constant
            let instance = try runNode("InstanceNormalization", [x, scale, bias], x.shape, on: device)
            expectClose(
                instance,
                planes.enumerated().flatMap { index, plane in
                    normal(plane.elements).map { $0 * Double(scale.floats[index % 6]) + Double(bias.floats[index % 6]) }
                }, 2e-5)
            let group = try runNode(
                "GroupNormalization", [x, scale, bias], x.shape, ["num_groups": .int(2)], on: device)
            expectClose(
                group,
                rows(x.floats, [4, 105], axis: 1).enumerated().flatMap { index, elements in
                    normal(elements.elements).enumerated().map { at, value in
                        let channel = index % 2 * 3 + at / 35
                        return value * Double(scale.floats[channel]) + Double(bias.floats[channel])
                    }
                }, 2e-5)

            let mean = TestTensor.noise([6], seed: 56).constant
            let variance = TestTensor.noise([6], seed: 57, in: 0.5...2).constant
            let batch = try runNode("BatchNormalization", [x, scale, bias, mean, variance], x.shape, on: device)
            expectClose(
                batch,
                planes.enumerated().flatMap { index, plane in
                    let c = index % 6
                    let factor = Double(scale.floats[c]) / (Double(variance.floats[c]) + 1e-5).squareRoot()
                    return plane.elements.map { ($0 - Double(mean.floats[c])) * factor + Double(bias.floats[c]) }
                })
        }
    }
#endif
