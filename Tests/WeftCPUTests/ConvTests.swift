import Testing
import WeftProvider

@Suite struct ConvTests {
    /// A convolution, its operands' sizes and attributes.
    struct Case: CustomTestStringConvertible, Sendable {
        var x: [Int]
        var filters: Int
        var kernel: [Int]
        var group = 1
        var strides: [Int]?
        var dilations: [Int]?
        var pads: [Int]?
        var autoPad = "NOTSET"
        var bias = true
        var testDescription: String {
            "x \(x) m \(filters) k \(kernel) g \(group) s \(strides ?? []) d \(dilations ?? []) p \(pads ?? []) \(autoPad)"
        }

        var axes: Int { x.count - 2 }
        var weights: [Int] { [filters, x[1] / group] + kernel }
        var attributes: [String: Attribute] {
            var list: [String: Attribute] = ["group": .int(Int64(group)), "auto_pad": .string(autoPad)]
            if let strides { list["strides"] = .ints(strides.map { Int64($0) }) }
            if let dilations { list["dilations"] = .ints(dilations.map { Int64($0) }) }
            if let pads { list["pads"] = .ints(pads.map { Int64($0) }) }
            return list
        }
    }

    static let cases = [
        Case(x: [1, 3, 8, 9], filters: 4, kernel: [3, 3], pads: [1, 1, 1, 1]),
        Case(x: [2, 5, 7, 6], filters: 3, kernel: [1, 1], bias: false),
        Case(x: [1, 4, 11, 10], filters: 6, kernel: [3, 2], group: 2, strides: [2, 3], pads: [0, 1, 2, 1]),
        Case(x: [1, 6, 9, 9], filters: 6, kernel: [3, 3], group: 6, strides: [2, 2], pads: [1, 1, 1, 1]),
        Case(x: [1, 17, 13, 12], filters: 17, kernel: [5, 5], group: 17, pads: [2, 2, 2, 2]),
        Case(x: [1, 3, 10, 10], filters: 2, kernel: [3, 3], dilations: [2, 3], pads: [2, 3, 2, 3]),
        Case(x: [1, 2, 9], filters: 3, kernel: [4], strides: [2], autoPad: "SAME_UPPER"),
        Case(x: [1, 2, 9, 8], filters: 3, kernel: [4, 3], strides: [2, 2], autoPad: "SAME_LOWER"),
        Case(x: [1, 2, 9, 8], filters: 3, kernel: [4, 3], strides: [2, 2], autoPad: "VALID"),
        Case(x: [1, 2, 4, 5, 6], filters: 2, kernel: [2, 3, 2], strides: [1, 2, 1], pads: [1, 0, 1, 0, 1, 0]),
        Case(x: [1, 17, 5, 7], filters: 15, kernel: [3, 3], pads: [1, 1, 1, 1]),
        Case(x: [2, 9, 10, 10], filters: 20, kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1]),
        Case(x: [1, 8, 1, 1], filters: 9, kernel: [1, 1]),
        Case(x: [1, 4, 3, 3], filters: 8, kernel: [3, 3], group: 4, pads: [2, 2, 2, 2]),
        Case(x: [0, 4, 3, 3], filters: 8, kernel: [3, 3]),
    ]

    @Test(arguments: cases) func plainConvolutionMatchesDirectSums(_ item: Case) throws {
        for double in [false, true] {
            let (operands, expected, shape) = try Self.expected(item, double: double)
            let y = try CaseRunner(variant: "plain")("Conv", operands, item.attributes)[0]
            #expect(y.shape == shape)
            #expect(try y.distance(to: expected) < (double ? 1e-13 : 1e-5))
        }
    }

    @Test func mismatchedChannelsAreNamed() throws {
        var noise = Noise(1)
        let error = #expect(throws: WeftError.self) {
            try CaseRunner()("Conv", [noise.floats([1, 8, 5, 5]), noise.floats([4, 3, 3, 3])])
        }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("expect 3 x 1 input channels, the input has 8") == true)
    }

    @Test func windowsLargerThanTheirInputAreRefused() throws {
        var noise = Noise(1)
        #expect(throws: WeftError.self) {
            try CaseRunner()("Conv", [noise.floats([1, 1, 2, 5]), noise.floats([1, 1, 3, 3])])
        }
        #expect(throws: WeftError.self) {
            try CaseRunner()(
                "Conv", [noise.floats([1, 1, 5, 5]), noise.floats([1, 1, 3, 3])], ["strides": .ints([0, 1])])
        }
    }

    /// Operands, and the sums that define a convolution, in double precision.
    static func expected(_ item: Case, double: Bool) throws -> ([Tensor?], [Double], [Int]) {
        var noise = Noise(UInt64(item.x.elementCount + item.filters + 7))
        var operands: [Tensor?] = []
        for shape in [item.x, item.weights] + (item.bias ? [[item.filters]] : []) {
            operands.append(double ? noise.doubles(shape) : noise.floats(shape))
        }
        let values = try operands.map { try $0?.doubles() ?? [] }
        let axes = item.axes
        let strides = item.strides ?? [Int](repeating: 1, count: axes)
        let dilations = item.dilations ?? [Int](repeating: 1, count: axes)
        var begins = [Int](repeating: 0, count: axes)
        var sizes: [Int] = []
        for axis in 0..<axes {
            let input = item.x[axis + 2]
            let extent = (item.kernel[axis] - 1) * dilations[axis] + 1
            if item.autoPad.hasPrefix("SAME") {
                let size = (input + strides[axis] - 1) / strides[axis]
                let total = max((size - 1) * strides[axis] + extent - input, 0)
                begins[axis] = item.autoPad == "SAME_UPPER" ? total / 2 : (total + 1) / 2
                sizes.append(size)
            } else {
                begins[axis] = item.pads?[axis] ?? 0
                sizes.append((input + begins[axis] + (item.pads?[axes + axis] ?? 0) - extent) / strides[axis] + 1)
            }
        }
        let shape = [item.x[0], item.filters] + sizes
        let (depth, perGroup) = (item.x[1] / item.group, item.filters / item.group)
        let outputs = indices(shape).map { index -> Double in
            var sum = item.bias ? values[2][index[1]] : 0
            for tap in indices([depth] + item.kernel) {
                var position = [index[0], index[1] / perGroup * depth + tap[0]]
                for axis in 0..<axes {
                    position.append(index[axis + 2] * strides[axis] + tap[axis + 1] * dilations[axis] - begins[axis])
                }
                guard zip(position, item.x).allSatisfy({ $0 >= 0 && $0 < $1 }) else { continue }
                sum += values[0][offset(position, item.x)] * values[1][offset([index[1]] + tap, item.weights)]
            }
            return sum
        }
        return (operands, outputs, shape)
    }
}

/// Every index of a shape, in row-major order.
func indices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { list, size in list.flatMap { head in (0..<size).map { head + [$0] } } }
}

/// The row-major offset of an index.
func offset(_ index: [Int], _ shape: [Int]) -> Int { zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 } }
