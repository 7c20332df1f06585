#if Vulkan
    import Testing
    import WeftProvider

    @testable import WeftVulkan

    /// The flat index of each element of `shape` in a tensor with other strides.
    private func walk(_ shape: [Int], _ start: Int, _ strides: [Int]) -> [Int] {
        (0..<shape.reduce(1, *)).map { flat in
            var rest = flat
            var at = start
            for axis in shape.indices.reversed() {
                at += rest % shape[axis] * strides[axis]
                rest /= shape[axis]
            }
            return at
        }
    }

    @Suite(Vulkan.required, .serialized) struct MovementTests {
        @Test(arguments: Vulkan.drivers) func transposeTakesEveryPermutation(_ device: TestDevice) throws {
            for (shape, order) in [
                ([3, 5], [1, 0]), ([2, 3, 4], [2, 0, 1]), ([2, 3, 4], [0, 2, 1]), ([2, 3, 4, 5], [0, 2, 3, 1]),
                ([2, 3, 2, 3, 2, 3], [5, 3, 1, 4, 2, 0]), ([4, 1, 3], [1, 0, 2]),
            ] {
                let x = TestTensor.noise(shape)
                let out = order.map { shape[$0] }
                let y = try runNode("Transpose", [x], out, ["perm": .ints(order.map { Int64($0) })], on: device)
                let at = walk(out, 0, order.map { shape.rowMajorStrides[$0] })
                expectClose(y, at.map { Double(x.floats[$0]) }, 0, "\(shape) \(order)")
            }
        }

        @Test(arguments: Vulkan.devices) func concatAndSplitAreInverse(_ device: TestDevice) throws {
            for (shape, axis, sizes) in [
                ([1, 7, 3, 5], 1, [2, 4, 1]), ([2, 3, 6], 2, [1, 5]), ([9], 0, [4, 5]),
                ([2, 5, 3], -2, [2, 3]),
            ] {
                let x = TestTensor.noise(shape)
                let at = axis < 0 ? axis + shape.count : axis
                let parts = sizes.map { size -> [Int] in
                    var part = shape
                    part[at] = size
                    return part
                }
                var graph = TestGraph()
                graph.feed("x", x)
                graph.feed("sizes", .sizes(sizes))
                let names = sizes.indices.map { "part\($0)" }
                graph.add("Split", ["x", "sizes"], Array(zip(names, parts)), ["axis": .int(Int64(axis))])
                graph.add("Concat", names, [("y", shape)], ["axis": .int(Int64(axis))])
                let results = try graph.run(outputs: names + ["y"], on: device.device)
                #expect(results[names.count] == x.floats)
                var start = 0
                for (index, part) in parts.enumerated() {
                    let at = walk(part, start * shape.rowMajorStrides[at], shape.rowMajorStrides)
                    #expect(results[index] == at.map { x.floats[$0] })
                    start += sizes[index]
                }
                Vulkan.expectSilence()
            }
        }

        @Test(arguments: Vulkan.drivers) func sliceStepsBothWays(_ device: TestDevice) throws {
            let x = TestTensor.noise([4, 9, 6])
            for (starts, ends, axes, steps, out) in [
                ([1], [3], [0], [1], [2, 9, 6]), ([-2, 1], [100, 6], [2, 1], [1, 2], [4, 3, 2]),
                ([8], [-100], [1], [-1], [4, 9, 6]), ([100, 3], [0, -100], [1, 0], [-3, -2], [2, 3, 6]),
            ] {
                let inputs = [x, .sizes(starts), .sizes(ends), .sizes(axes), .sizes(steps)]
                let y = try runNode("Slice", inputs, out, on: device)
                var begin = [0, 0, 0]
                var step = [1, 1, 1]
                for (index, axis) in axes.enumerated() {
                    let start = starts[index] < 0 ? starts[index] + x.shape[axis] : starts[index]
                    begin[axis] = min(start, x.shape[axis] - (steps[index] < 0 ? 1 : 0))
                    step[axis] = steps[index]
                }
                let strides = x.shape.rowMajorStrides
                let at = walk(out, zip(begin, strides).reduce(0) { $0 + $1.0 * $1.1 }, zip(strides, step).map(*))
                expectClose(y, at.map { Double(x.floats[$0]) }, 0, "\(starts) \(steps)")
            }
        }

        @Test(arguments: Vulkan.drivers) func reshapesKeepBytesAndExpandRepeats(_ device: TestDevice) throws {
            let x = TestTensor.noise([2, 3, 1, 5])
            #expect(try runNode("Reshape", [x, .sizes([6, 5])], [6, 5], on: device) == x.floats)
            #expect(try runNode("Flatten", [x], [2, 15], ["axis": .int(1)], on: device) == x.floats)
            #expect(try runNode("Squeeze", [x, .sizes([2])], [2, 3, 5], on: device) == x.floats)
            #expect(try runNode("Unsqueeze", [x, .sizes([0])], [1, 2, 3, 1, 5], on: device) == x.floats)
            #expect(try runNode("Identity", [x], x.shape, on: device) == x.floats)
            let y = try runNode("Expand", [x, .sizes([2, 3, 4, 5])], [2, 3, 4, 5], on: device)
            expectClose(y, broadcast(x.floats, x.shape, to: [2, 3, 4, 5]), 0)
        }

        @Test(arguments: Vulkan.drivers) func padFillsAndCropsInEveryMode(_ device: TestDevice) throws {
            let x = TestTensor.noise([2, 5, 4])
            let (begin, end) = ([0, 3, -1], [1, 2, 3])
            let shape = [3, 10, 6]
            for mode in ["constant", "edge", "reflect", "wrap"] where mode != "reflect" || begin[0] == 0 {
                let filler = TestTensor([Float(7)], []).constant
                let y = try runNode(
                    "Pad", [x, .sizes(begin + end), filler], shape, ["mode": .string(mode)], on: device)
                let expected = (0..<180).map { flat -> Double in
                    var at = 0
                    for (axis, position) in [flat / 60, flat / 6 % 10, flat % 6].enumerated() {
                        let size = x.shape[axis]
                        var source = position - begin[axis]
                        if !(0..<size).contains(source) {
                            switch mode {
                            case "constant": return 7
                            case "edge": source = max(0, min(size - 1, source))
                            case "wrap": source = (source % size + size) % size
                            default: source = source < 0 ? -source : 2 * (size - 1) - source
                            }
                        }
                        at += source * x.shape.rowMajorStrides[axis]
                    }
                    return Double(x.floats[at])
                }
                expectClose(y, expected, 0, mode)
            }
            let tiled = try runNode("Tile", [x, .sizes([2, 1, 3])], [4, 5, 12], on: device)
            expectClose(
                tiled, (0..<240).map { Double(x.floats[$0 / 60 % 2 * 20 + $0 / 12 % 5 * 4 + $0 % 4]) }, 0)
        }

        @Test(arguments: Vulkan.drivers) func blocksMoveBetweenPlaneAndChannels(_ device: TestDevice) throws {
            let (n, c, h, w, size) = (2, 3, 4, 5, 2)
            let deep = TestTensor.noise([n, c * size * size, h, w])
            for mode in ["DCR", "CRD"] {
                let flat = try runNode(
                    "DepthToSpace", [deep], [n, c, h * size, w * size],
                    ["blocksize": .int(Int64(size)), "mode": .string(mode)], on: device)
                let expected = flat.indices.map { index -> Double in
                    let (x, y) = (index % (w * size), index / (w * size) % (h * size))
                    let (channel, batch) = (index / (w * h * size * size) % c, index / (w * h * size * size * c))
                    let block = y % size * size + x % size
                    let from = mode == "DCR" ? block * c + channel : channel * size * size + block
                    return Double(deep.floats[((batch * c * size * size + from) * h + y / size) * w + x / size])
                }
                expectClose(flat, expected, 0, mode)
                let back = try runNode(
                    "SpaceToDepth", [TestTensor(flat, [n, c, h * size, w * size])], deep.shape,
                    ["blocksize": .int(Int64(size)), "mode": .string(mode)], on: device)
                #expect(back == deep.floats)
            }
        }

        @Test(arguments: Vulkan.drivers) func gatherTakesIndicesOfBothWidths(_ device: TestDevice) throws {
            let x = TestTensor.noise([3, 5, 4])
            for axis in 0..<3 {
                let picks = [2, -1, 0, -3]
                var out = x.shape
                out.replaceSubrange(axis...axis, with: [2, 2])
                let inner = x.shape.dropFirst(axis + 1).reduce(1, *)
                let outer = x.shape.prefix(axis).reduce(1, *)
                var expected: [Double] = []
                for o in 0..<outer {
                    for pick in picks {
                        let index = pick < 0 ? pick + x.shape[axis] : pick
                        for i in 0..<inner {
                            expected.append(Double(x.floats[(o * x.shape[axis] + index) * inner + i]))
                        }
                    }
                }
                let attributes = ["axis": Attribute.int(Int64(axis))]
                let wide = TestTensor(picks.map { Int64($0) }, [2, 2])
                let narrow = TestTensor(picks.map { Int32($0) }, [2, 2])
                expectClose(try runNode("Gather", [x, wide], out, attributes, on: device), expected, 0)
                expectClose(try runNode("Gather", [x, narrow.constant], out, attributes, on: device), expected, 0)
            }
        }

        @Test(arguments: Vulkan.drivers) func gatherElementsTakesOneIndexAnElement(_ device: TestDevice) throws {
            let x = TestTensor.noise([3, 4, 5], seed: 61)
            for axis in 0..<3 {
                let shape = [2, 3, 4]
                let picks = (0..<24).map { ($0 * 7) % x.shape[axis] - ($0 % 3 == 0 ? x.shape[axis] : 0) }
                let strides = [20, 5, 1]
                let expected = (0..<24).map { i -> Double in
                    var at = [i / 12, i / 4 % 3, i % 4]
                    at[axis] = (picks[i] + x.shape[axis]) % x.shape[axis]
                    return Double(x.floats[zip(at, strides).reduce(0) { $0 + $1.0 * $1.1 }])
                }
                for indices in [TestTensor(picks.map { Int64($0) }, shape), TestTensor(picks.map { Int32($0) }, shape)]
                {
                    let y = try runNode(
                        "GatherElements", [x, indices], shape, ["axis": .int(Int64(axis))], on: device)
                    expectClose(y, expected, 0, "axis \(axis)")
                }
            }
            let wrong = TestTensor([Int64(0), 1 << 40], [2])
            #expect(throws: WeftError.self) {
                try runNode("GatherElements", [.noise([2]), wrong], [2], ["axis": .int(0)], on: device)
            }
        }

        @Test(arguments: Vulkan.drivers) func trianglesKeepTheirSide(_ device: TestDevice) throws {
            let x = TestTensor.noise([2, 3, 4], seed: 62)
            for k in [-2, 0, 1, 9] {
                for upper in [0, 1] {
                    let expected = (0..<24).map { i -> Double in
                        let (row, column) = (i / 4 % 3, i % 4)
                        let stays = upper != 0 ? column - row >= k : column - row <= k
                        return stays ? Double(x.floats[i]) : 0
                    }
                    var position = TestTensor([Int64(k)], [])
                    position.isConstant = true
                    position.wantsHost = true
                    let y = try runNode(
                        "Trilu", [x, position], x.shape, ["upper": .int(Int64(upper))], on: device)
                    expectClose(y, expected, 0, "k \(k) upper \(upper)")
                }
            }
        }

        @Test(arguments: Vulkan.drivers) func indexOutOfRangeIsADataFault(_ device: TestDevice) throws {
            for bad in [3, -4, 1 << 32, Int64.min] {
                var graph = TestGraph()
                graph.feed("x", .noise([3, 2]))
                graph.feed("i", TestTensor([Int64(0), bad], [2]))
                graph.add("Gather", ["x", "i"], [("y", [2, 2])], ["axis": .int(0)])
                let run = try graph.bind(outputs: ["y"], on: device.device)
                let point = try run.submit()
                let error = #expect(throws: WeftError.self) { try device.device.wait(TimelinePoint(point.value)) }
                #expect(error?.code == .invalidData)
                // The fault belongs to that run alone.
                try run.write(graph.value("i"), TestTensor([Int64(0), 2], [2]).bytes)
                _ = try run.run()
            }
            Vulkan.expectSilence()
        }
    }
#endif
