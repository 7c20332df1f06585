#if Vulkan
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    /// a (rows x k) times b (k x columns), either read transposed.
    private func product(
        _ a: ArraySlice<Float>, _ b: ArraySlice<Float>, _ m: Int, _ n: Int, _ k: Int, ta: Bool = false, tb: Bool = false
    ) -> [Double] {
        let (a, b) = (Array(a), Array(b))
        return (0..<m * n).map { flat in
            let (row, column) = (flat / n, flat % n)
            return (0..<k).reduce(0.0) { sum, step in
                sum + Double(a[ta ? step * m + row : row * k + step])
                    * Double(b[tb ? column * k + step : step * n + column])
            }
        }
    }

    @Suite(Vulkan.required, .serialized) struct MatMulTests {
        @Test(arguments: Vulkan.drivers) func matricesOfManySizesMultiply(_ device: TestDevice) throws {
            for (m, n, k) in [(1, 1, 1), (3, 5, 7), (1, 33, 64), (17, 40, 12), (64, 70, 32), (9, 1, 130), (33, 31, 20)]
            {
                let a = TestTensor.noise([m, k], seed: 71)
                let b = TestTensor.noise([k, n], seed: 72)
                let expected = product(a.floats[...], b.floats[...], m, n, k)
                expectClose(try runNode("MatMul", [a, b], [m, n], on: device), expected, 1e-5, "\(m) \(n) \(k)")
                expectClose(
                    try runNode("MatMul", [a, b.constant], [m, n], on: device), expected, 1e-5, "\(m) \(n) \(k)")
            }
        }

        @Test(arguments: Vulkan.drivers) func batchesBroadcast(_ device: TestDevice) throws {
            let (m, n, k) = (5, 6, 8)
            for (left, right, batch) in [
                ([3], [3], [3]), ([2, 1], [3], [2, 3]), ([2, 3], [], [2, 3]), ([], [4], [4]), ([1], [2, 2], [2, 2]),
            ] {
                let a = TestTensor.noise(left + [m, k], seed: 73)
                let b = TestTensor.noise(right + [k, n], seed: 74)
                let y = try runNode("MatMul", [a, b], batch + [m, n], on: device)
                let aIndex = broadcast((0..<left.reduce(1, *)).map { Float($0) }, left, to: batch)
                let bIndex = broadcast((0..<right.reduce(1, *)).map { Float($0) }, right, to: batch)
                let expected = zip(aIndex, bIndex).flatMap { i, j in
                    product(a.floats[(Int(i) * m * k)...], b.floats[(Int(j) * k * n)...], m, n, k)
                }
                expectClose(y, expected, 1e-5, "\(left) \(right)")
            }
        }

        @Test(arguments: Vulkan.drivers) func vectorsAreRowsAndColumns(_ device: TestDevice) throws {
            let v = TestTensor.noise([6], seed: 75)
            let matrix = TestTensor.noise([6, 4], seed: 76)
            expectClose(
                try runNode("MatMul", [v, matrix], [4], on: device), product(v.floats[...], matrix.floats[...], 1, 4, 6)
            )
            let other = TestTensor.noise([4, 6], seed: 77)
            expectClose(
                try runNode("MatMul", [other, v], [4], on: device), product(other.floats[...], v.floats[...], 4, 1, 6))
            expectClose(try runNode("MatMul", [v, v], [], on: device), product(v.floats[...], v.floats[...], 1, 1, 6))
        }

        @Test(arguments: Vulkan.drivers) func gemmTransposesScalesAndAdds(_ device: TestDevice) throws {
            let (m, n, k) = (7, 10, 12)
            for (ta, tb) in [(false, false), (true, false), (false, true), (true, true)] {
                for bias in [[], [1], [n], [m, 1], [m, n]] {
                    let a = TestTensor.noise(ta ? [k, m] : [m, k], seed: 81)
                    let b = TestTensor.noise(tb ? [n, k] : [k, n], seed: 82)
                    let c = TestTensor.noise(bias, seed: 83)
                    let plain = product(a.floats[...], b.floats[...], m, n, k, ta: ta, tb: tb)
                    let expected = zip(plain, broadcast(c.floats, bias, to: [m, n])).map { 0.5 * $0 + 2 * $1 }
                    let attributes: [String: Attribute] = [
                        "alpha": .float(0.5), "beta": .float(2), "transA": .int(ta ? 1 : 0), "transB": .int(tb ? 1 : 0),
                    ]
                    expectClose(try runNode("Gemm", [a, b, c], [m, n], attributes, on: device), expected)
                    expectClose(
                        try runNode("Gemm", [a, b.constant, c.constant], [m, n], attributes, on: device), expected)
                }
            }
        }

        @Test(arguments: Vulkan.drivers) func everyTileGivesTheSameProduct(_ device: TestDevice) throws {
            for (m, n, k) in [(37, 44, 20), (37, 43, 21), (8, 512, 33)] {
                var graph = TestGraph()
                graph.feed("a", .noise([m, k], seed: 71))
                graph.feed("b", TestTensor.noise([k, n], seed: 72).constant)
                graph.feed("c", TestTensor.noise([n], seed: 73).constant)
                graph.add("Gemm", ["a", "b", "c"], [("y", [m, n])])
                try expectEveryVariantAgrees(graph, on: device)
            }
        }

        @Test(arguments: Vulkan.drivers) func everyTileGivesTheSameConvolution(_ device: TestDevice) throws {
            for c in [
                ConvCase(batch: 2, channels: 20, outputs: 33, size: [12, 10], kernel: [1, 1], pads: [0, 0, 0, 0]),
                ConvCase(channels: 8, outputs: 36, groups: 2, size: [20, 22], kernel: [1, 1], pads: [0, 0, 0, 0]),
                ConvCase(channels: 7, outputs: 18, size: [21, 23]),
            ] {
                var graph = TestGraph()
                graph.feed("x", c.x)
                graph.feed("w", c.w)
                graph.feed("b", c.b)
                graph.feed("r", .noise([c.batch, c.outputs] + c.outputSize, seed: 6))
                graph.add("Conv", ["x", "w", "b"], [("c", [c.batch, c.outputs] + c.outputSize)], c.attributes)
                graph.add("Add", ["r", "c"], [("a", [c.batch, c.outputs] + c.outputSize)])
                graph.add("Relu", ["a"], [("y", [c.batch, c.outputs] + c.outputSize)])
                let fused = graph.fused(outputs: ["y"], on: device.device.description)
                #expect(fused.nodes.count == 1)
                try expectEveryVariantAgrees(fused, on: device)
                let plain = try graph.run(outputs: ["y"], on: device.device)[0]
                expectClose(try fused.run(outputs: ["y"], on: device.device)[0], plain.map(Double.init), 1e-6)
            }
        }

        private func expectEveryVariantAgrees(_ graph: TestGraph, on device: TestDevice) throws {
            guard case .variants(let variants) = VulkanProvider().support(graph.nodes[0], on: device.device.description)
            else {
                Issue.record("declined")
                return
            }
            #expect(variants.count > 1)
            let first = try graph.run(outputs: ["y"], on: device.device)[0]
            for variant in variants {
                let bytes = try graph.bind(outputs: ["y"], on: device.device, variant: variant.name).run()[0]
                let y = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
                expectClose(y, first.map(Double.init), 1e-6, variant.name)
            }
            Vulkan.expectSilence()
        }
    }
#endif
