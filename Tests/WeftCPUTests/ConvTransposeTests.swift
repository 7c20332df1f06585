import Testing
import WeftProvider

@Suite struct ConvTransposeTests {
    struct Case: Sendable {
        var y: [Int]
        var filters: Int
        var kernel: [Int]
        var group = 1
        var strides: [Int64]
        var pads: [Int64]
        var dilations: [Int64]
        var outputPadding: [Int64]
    }

    static let cases = [
        Case(
            y: [1, 4, 5, 6], filters: 3, kernel: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1],
            outputPadding: [0, 0]),
        Case(
            y: [2, 6, 4, 3], filters: 4, kernel: [3, 2], group: 2, strides: [2, 3], pads: [1, 0, 0, 1],
            dilations: [1, 1], outputPadding: [1, 2]),
        Case(y: [1, 2, 4], filters: 5, kernel: [4], strides: [3], pads: [2, 1], dilations: [2], outputPadding: [0]),
        Case(
            y: [1, 2, 3, 2, 4], filters: 2, kernel: [2, 3, 2], strides: [2, 1, 1], pads: [0, 1, 0, 0, 1, 0],
            dilations: [1, 1, 2], outputPadding: [0, 0, 0]),
    ]

    /// A transposed convolution is a convolution's adjoint: <conv(x), y> = <x, transposed(y)> for all x and y.
    @Test(arguments: cases) func transposedConvolutionIsTheAdjoint(_ item: Case) throws {
        var noise = Noise(31)
        let y = noise.doubles(item.y)
        let weights = noise.doubles([item.y[1], item.filters / item.group] + item.kernel)
        let shared: [String: Attribute] = [
            "group": .int(Int64(item.group)), "strides": .ints(item.strides), "pads": .ints(item.pads),
            "dilations": .ints(item.dilations),
        ]
        var attributes = shared
        attributes["output_padding"] = .ints(item.outputPadding)
        let back = try CaseRunner()("ConvTranspose", [y, weights], attributes)[0]
        let x = noise.doubles(back.shape)
        let forth = try CaseRunner(variant: "plain")("Conv", [x, weights], shared)[0]
        #expect(forth.shape == item.y)
        let (left, right) = (try dot(forth, y), try dot(x, back))
        #expect(abs(left - right) < 1e-10 * Swift.max(1, abs(left)))
    }

    @Test func outputShapesChoosePadding() throws {
        var noise = Noise(32)
        let (x, w) = (noise.floats([1, 1, 3, 3]), noise.floats([1, 2, 3, 3]))
        let y = try CaseRunner()(
            "ConvTranspose", [x, w], ["strides": .ints([3, 2]), "output_shape": .ints([10, 8])])[0]
        #expect(y.shape == [1, 2, 10, 8])
        let same = try CaseRunner()(
            "ConvTranspose", [x, w], ["strides": .ints([2, 2]), "auto_pad": .string("SAME_UPPER")])[0]
        #expect(same.shape == [1, 2, 6, 6])
    }

    private func dot(_ a: Tensor, _ b: Tensor) throws -> Double {
        zip(try a.doubles(), try b.doubles()).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
