import Testing
import WeftProvider

@Suite struct PoolTests {
    /// A pooling over two spatial axes.
    struct Case: Sendable {
        var x: [Int]
        var kernel: [Int]
        var strides = [1, 1]
        var pads = [0, 0, 0, 0]
        var dilations = [1, 1]
        var ceil = false
        var countsPadding = false

        var attributes: [String: Attribute] {
            func ints(_ values: [Int]) -> Attribute { .ints(values.map { Int64($0) }) }
            return [
                "kernel_shape": ints(kernel), "strides": ints(strides), "pads": ints(pads),
                "dilations": ints(dilations), "ceil_mode": .int(ceil ? 1 : 0),
            ]
        }

        var output: [Int] {
            [x[0], x[1]]
                + (0..<2).map { axis in
                    let room = x[axis + 2] + pads[axis] + pads[axis + 2] - (kernel[axis] - 1) * dilations[axis] - 1
                    var size = (ceil ? room + strides[axis] - 1 : room) / strides[axis] + 1
                    if ceil, (size - 1) * strides[axis] >= x[axis + 2] + pads[axis] { size -= 1 }
                    return size
                }
        }

        /// For every output, its taps: the offset in x, or nil for one in the padding. What is past that is left out.
        var windows: [[Int?]] {
            indices(output).map { index in
                var window: [Int?] = []
                for tap in indices(kernel) {
                    var (isCounted, isInside) = (true, true)
                    var place = [index[0], index[1]]
                    for axis in 0..<2 {
                        let position = index[axis + 2] * strides[axis] + tap[axis] * dilations[axis] - pads[axis]
                        isCounted = isCounted && position < x[axis + 2] + pads[axis + 2]
                        isInside = isInside && position >= 0 && position < x[axis + 2]
                        place.append(position)
                    }
                    if isCounted { window.append(isInside ? offset(place, x) : nil) }
                }
                return window
            }
        }
    }

    static let cases = [
        Case(x: [1, 3, 7, 6], kernel: [2, 2]),
        Case(x: [2, 8, 9, 8], kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1]),
        Case(x: [1, 17, 6, 7], kernel: [3, 2], strides: [2, 3], pads: [1, 0, 2, 1], ceil: true),
        Case(x: [1, 5, 10, 10], kernel: [2, 3], dilations: [3, 2], countsPadding: true),
        Case(x: [1, 9, 8, 8], kernel: [5, 5], pads: [2, 2, 2, 2], countsPadding: true),
        Case(x: [1, 2, 5, 5], kernel: [3, 3], strides: [3, 3], pads: [1, 1, 1, 1], ceil: true, countsPadding: true),
    ]

    @Test(arguments: cases, ["plain", "pixels"]) func maximaAndTheirIndicesMatchEveryWindow(
        _ item: Case, _ variant: String
    ) throws {
        var noise = Noise(3)
        let x = noise.floats(item.x)
        let values = try x.doubles()
        let best = item.windows.map { window in
            window.compactMap { $0 }.max { values[$0] < values[$1] }
        }
        let y = try CaseRunner(variant: variant)("MaxPool", [x], item.attributes)[0]
        #expect(y.shape == item.output)
        #expect(try y.doubles() == best.map { $0.map { values[$0] } ?? -.infinity })
        let both = try CaseRunner()("MaxPool", [x], item.attributes, outputs: 2)
        #expect(try both[1].array(as: Int64.self) == best.map { Int64($0 ?? -1) })
    }

    @Test(arguments: cases, ["plain", "pixels"]) func averagesDivideByTheTapsThatCount(
        _ item: Case, _ variant: String
    ) throws {
        var noise = Noise(4)
        let x = noise.floats(item.x)
        let values = try x.doubles()
        let expected = item.windows.map { window -> Double in
            let inside = window.compactMap { $0 }
            let count = item.countsPadding ? window.count : inside.count
            return count == 0 ? 0 : inside.reduce(0) { $0 + values[$1] } / Double(count)
        }
        var attributes = item.attributes
        attributes["count_include_pad"] = .int(item.countsPadding ? 1 : 0)
        let y = try CaseRunner(variant: variant)("AveragePool", [x], attributes)[0]
        #expect(y.shape == item.output)
        #expect(try y.distance(to: expected) < 1e-6)
    }

    @Test(arguments: ["plain", "pixels", "pixels to plain"], [1, 8, 70]) func globalAveragesMatchTheMean(
        _ variant: String, _ channels: Int
    ) throws {
        var noise = Noise(5)
        let x = noise.floats([2, channels, 5, 3])
        let values = try x.doubles()
        let expected = (0..<2 * channels).map { plane in values[plane * 15..<plane * 15 + 15].reduce(0, +) / 15 }
        let y = try CaseRunner(variant: variant)("GlobalAveragePool", [x])[0]
        #expect(y.shape == [2, channels, 1, 1])
        #expect(try y.distance(to: expected) < 1e-6)
    }

    @Test(arguments: ["plain", "pixels"]) func nearestPixelsAreRepeated(_ variant: String) throws {
        var noise = Noise(6)
        let x = noise.floats([2, 11, 3, 4])
        let values = try x.doubles()
        let scales = Tensor([Float(1), 1, 2, 3], shape: [4])
        let y = try CaseRunner(variant: variant)(
            "Resize", [x, nil, scales],
            ["coordinate_transformation_mode": .string("asymmetric"), "nearest_mode": .string("floor")])[0]
        #expect(y.shape == [2, 11, 6, 12])
        let expected = indices(y.shape).map { values[offset([$0[0], $0[1], $0[2] / 2, $0[3] / 3], x.shape)] }
        #expect(try y.doubles() == expected)
    }

    @Test func windowsInThePaddingOfEveryAxisAreRefusedWhereTheyDoNotFit() {
        var noise = Noise(7)
        let x = noise.floats([1, 1, 2, 2])
        #expect(throws: WeftError.self) {
            try CaseRunner()("MaxPool", [x], ["kernel_shape": .ints([3, 3])])
        }
    }
}
