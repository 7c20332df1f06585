import Testing
import WeftProvider

/// A convolution or a transposed one: its operands' sizes and attributes.
struct ConvCase: CustomTestStringConvertible, Sendable {
    var x: [Int]
    var filters: Int
    var kernel: [Int]
    var group = 1
    var strides: [Int]?
    var dilations: [Int]?
    var pads: [Int]?
    var outputPadding: [Int]?
    var bias = true
    var testDescription: String {
        "x \(x) m \(filters) k \(kernel) g \(group) s \(strides ?? []) d \(dilations ?? []) p \(pads ?? [])"
    }

    var axes: Int { x.count - 2 }
    var attributes: [String: Attribute] {
        var list: [String: Attribute] = ["group": .int(Int64(group))]
        let named = [("strides", strides), ("dilations", dilations), ("pads", pads), ("output_padding", outputPadding)]
        for case (let name, let values?) in named { list[name] = .ints(values.map { Int64($0) }) }
        return list
    }

    func operands(transposed: Bool) -> [Tensor] {
        var noise = Noise(UInt64(x.elementCount + filters + 7))
        let weights = transposed ? [x[1], filters / group] : [filters, x[1] / group]
        return ([x, weights + kernel] + (bias ? [[filters]] : [])).map { noise.tensor($0) }
    }

    /// Calls `body` for every product that a convolution sums: positions in the grid, the windows, the weights.
    ///
    /// The grid is a convolution's input or a transposed one's output, windows are the other.
    func forEachProduct(
        grid: [Int], windows: [Int], _ body: (_ grid: [Int], _ window: [Int], _ tap: [Int]) -> Void
    ) {
        let ones = [Int](repeating: 1, count: axes)
        let (strides, dilations) = (strides ?? ones, dilations ?? ones)
        let pads = pads ?? [Int](repeating: 0, count: axes)
        for window in indices(windows) {
            for tap in indices(kernel) {
                let position = (0..<axes).map { axis -> Int in
                    window[axis] * strides[axis] + tap[axis] * dilations[axis] - pads[axis]
                }
                if zip(position, grid).allSatisfy({ $0 >= 0 && $0 < $1 }) { body(position, window, tap) }
            }
        }
    }

    /// The sums that define the operator, in double precision.
    func expected(_ operands: [Tensor], _ shape: [Int], transposed: Bool) throws -> [Double] {
        let values = try operands.map { try $0.doubles() }
        let inner = shape.dropFirst(2).reduce(1, *)
        var y = (0..<shape.elementCount).map { bias ? values[2][$0 / inner % filters] : 0 }
        let (perGroup, depth) = (filters / group, x[1] / group)
        let (input, output) = (Array(x.dropFirst(2)), Array(shape.dropFirst(2)))
        let (from, to, taps) = (input.reduce(1, *), output.reduce(1, *), kernel.reduce(1, *))
        forEachProduct(grid: transposed ? output : input, windows: transposed ? input : output) { grid, window, tap in
            let source = offset(transposed ? window : grid, input)
            let target = offset(transposed ? grid : window, output)
            let at = offset(tap, kernel)
            for image in 0..<x[0] {
                for filter in 0..<filters {
                    var sum = 0.0
                    for c in 0..<depth {
                        let channel = filter / perGroup * depth + c
                        let weight = transposed ? channel * perGroup + filter % perGroup : filter * depth + c
                        sum += values[0][(image * x[1] + channel) * from + source] * values[1][weight * taps + at]
                    }
                    y[(image * filters + filter) * to + target] += sum
                }
            }
        }
        return y
    }
}

@Suite(.enabled(if: CaseGraph.available)) struct ConvTests {
    static let cases = [
        ConvCase(x: [1, 3, 8, 9], filters: 4, kernel: [3, 3], pads: [1, 1, 1, 1]),
        ConvCase(x: [2, 5, 7, 6], filters: 3, kernel: [1, 1], bias: false),
        ConvCase(x: [1, 40, 17, 19], filters: 70, kernel: [1, 1]),
        ConvCase(x: [2, 5, 7, 6], filters: 3, kernel: [1, 1], strides: [2, 2]),
        ConvCase(x: [1, 5, 7, 6], filters: 3, kernel: [1, 1], pads: [1, 0, 0, 2]),
        ConvCase(x: [1, 4, 11, 10], filters: 6, kernel: [3, 2], group: 2, strides: [2, 3], pads: [0, 1, 2, 1]),
        ConvCase(x: [1, 6, 9, 9], filters: 6, kernel: [3, 3], group: 6, strides: [2, 2], pads: [1, 1, 1, 1]),
        ConvCase(x: [1, 17, 13, 12], filters: 17, kernel: [5, 5], group: 17, pads: [2, 2, 2, 2]),
        ConvCase(x: [1, 3, 10, 10], filters: 2, kernel: [3, 3], dilations: [2, 3], pads: [2, 3, 2, 3]),
        ConvCase(x: [1, 2, 9], filters: 3, kernel: [4], strides: [2], pads: [1, 2]),
        ConvCase(x: [1, 2, 4, 5, 6], filters: 2, kernel: [2, 3, 2], strides: [1, 2, 1], pads: [1, 0, 1, 0, 1, 0]),
        ConvCase(x: [2, 2, 5, 4, 6], filters: 5, kernel: [3, 3, 3], dilations: [2, 1, 1], pads: [2, 1, 1, 2, 1, 1]),
        ConvCase(x: [1, 17, 37, 31], filters: 40, kernel: [3, 3], pads: [1, 1, 1, 1]),
        ConvCase(x: [3, 9, 20, 20], filters: 20, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1]),
        ConvCase(x: [1, 64, 7, 7], filters: 96, kernel: [3, 3], pads: [1, 1, 1, 1], bias: false),
        ConvCase(x: [1, 8, 1, 1], filters: 9, kernel: [1, 1]),
        ConvCase(x: [1, 4, 3, 3], filters: 8, kernel: [3, 3], group: 4, pads: [4, 4, 4, 4]),
        ConvCase(x: [0, 4, 3, 3], filters: 8, kernel: [3, 3]),
        ConvCase(x: [1, 0, 4, 4], filters: 3, kernel: [2, 2]),
    ]

    @Test(arguments: cases) func convolutionsMatchDirectSums(_ item: ConvCase) throws {
        try check(item, transposed: false)
    }

    static let transposedCases = [
        ConvCase(x: [1, 3, 4, 5], filters: 4, kernel: [3, 3]),
        ConvCase(x: [2, 3, 4, 5], filters: 2, kernel: [3, 2], strides: [2, 3], pads: [1, 0, 1, 1]),
        ConvCase(
            x: [1, 6, 5, 5], filters: 4, kernel: [3, 3], group: 2, strides: [2, 2], pads: [1, 1, 1, 1],
            outputPadding: [1, 1]),
        ConvCase(x: [1, 4, 6, 6], filters: 4, kernel: [2, 2], group: 4, strides: [2, 2], bias: false),
        ConvCase(x: [1, 3, 6, 7], filters: 2, kernel: [3, 3], dilations: [2, 3], pads: [1, 2, 2, 1]),
        ConvCase(x: [1, 2, 9], filters: 3, kernel: [4], strides: [2], pads: [1, 2]),
        ConvCase(x: [1, 2, 3, 4, 3], filters: 5, kernel: [2, 3, 2], strides: [1, 2, 3]),
        ConvCase(x: [1, 32, 19, 23], filters: 40, kernel: [4, 4], strides: [2, 2], pads: [1, 1, 1, 1]),
        ConvCase(x: [0, 4, 3, 3], filters: 8, kernel: [3, 3]),
    ]

    @Test(arguments: transposedCases) func transposedConvolutionsMatchDirectSums(_ item: ConvCase) throws {
        try check(item, transposed: true)
    }

    private func check(_ item: ConvCase, transposed: Bool) throws {
        let operands = item.operands(transposed: transposed)
        var graph = CaseGraph()
        let numbers = operands.enumerated().map { graph.input($1, constant: $0 > 0) }
        let y = try graph.node(transposed ? "ConvTranspose" : "Conv", numbers, item.attributes)
        let expected = try item.expected(operands, graph.shape(y), transposed: transposed)
        for threads in [1, 3] {
            let found = try graph.run(y, threads: threads)
            #expect(try found.distance(to: expected) < 1e-5, "\(threads) threads")
        }
    }
}
