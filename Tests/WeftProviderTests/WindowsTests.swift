import Testing
import WeftProvider

@Suite struct WindowsTests {
    /// Grid, kernel, stride, dilation, begin, end.
    private static let axes = [
        [7, 3, 1, 1, 1, 1], [7, 3, 2, 1, 0, 1], [5, 2, 3, 2, 2, 0], [1, 3, 1, 1, 1, 1], [9, 4, 2, 3, 5, 4],
        [6, 2, 1, 1, -1, -2],
    ]

    private static func axis(_ sizes: [Int], ceil: Bool = false) -> WindowAxis? {
        WindowAxis(
            fitting: sizes[0], kernel: sizes[1], stride: sizes[2], dilation: sizes[3], begin: sizes[4], end: sizes[5],
            ceil: ceil)
    }

    @Test(arguments: axes) func windowsAndTapsInsideTheGridAreThoseOfTheDefinition(_ sizes: [Int]) throws {
        let axis = try #require(Self.axis(sizes))
        func isInside(_ step: Int, _ tap: Int) -> Bool {
            (0..<axis.grid).contains(step * axis.stride + tap * axis.dilation - axis.begin)
        }
        for step in 0..<axis.steps {
            #expect(Array(axis.taps(step: step)) == (0..<axis.kernel).filter { isInside(step, $0) })
        }
        for tap in 0..<axis.kernel {
            #expect(Array(axis.inside(tap: tap)) == (0..<axis.steps).filter { isInside($0, tap) })
        }
    }

    @Test func asManyWindowsAsFitAreThere() {
        #expect(Self.axis([7, 3, 2, 1, 0, 0])?.steps == 3)
        #expect(Self.axis([8, 3, 2, 1, 0, 0])?.steps == 3)
        #expect(Self.axis([8, 3, 2, 1, 0, 0], ceil: true)?.steps == 4)
        // The last window would start in the padding.
        #expect(Self.axis([4, 2, 2, 1, 0, 1], ceil: true)?.steps == 2)
        #expect(Self.axis([2, 3, 1, 1, 0, 0]) == nil)
        #expect(Self.axis([2, 3, 1, 1, 0, 1])?.steps == 1)
    }

    private func node(_ attributes: [String: [Int]], _ shape: [Int], _ output: [Int]) -> NodeView {
        NodeView(
            id: 0, name: "", domain: "", opType: "Conv",
            inputs: [shape, [4, 2, 3, 3]].enumerated().map {
                Operand(value: $0, type: .tensor(.float32, .fixed($1)))
            },
            outputs: [Operand(value: 2, type: .tensor(.float32, .fixed(output)))],
            attributes: attributes.mapValues { .ints($0.map { Int64($0) }) })
    }

    @Test func attributesThatAreAbsentHaveTheirDefaults() throws {
        let windows = try Windows(node([:], [1, 2, 5, 6], [1, 4, 3, 4]))
        #expect(windows.depth == .one)
        #expect(windows.height == WindowAxis(grid: 5, steps: 3, kernel: 3))
        #expect(windows.width == WindowAxis(grid: 6, steps: 4, kernel: 3))
        #expect((windows.grid, windows.steps, windows.taps) == (30, 12, 9))
        #expect(!windows.isIdentity)
        let turned = try Windows(node([:], [1, 2, 5, 6], [1, 4, 7, 8]), transposed: true)
        #expect((turned.width.grid, turned.width.steps) == (8, 6))
    }

    @Test(arguments: [
        ["strides": [0, 1]], ["strides": [1]], ["pads": [1, 1]], ["dilations": [1, 1 << 31]],
        ["kernel_shape": [3, 3, 3]], ["pads": [0, 0, 0, Int.max]],
    ]) func attributesThatDoNotFitAreRefused(_ attributes: [String: [Int]]) {
        let error = #expect(throws: WeftError.self) { try Windows(node(attributes, [1, 2, 5, 6], [1, 4, 3, 4])) }
        #expect(error?.code == .internalInconsistency)
    }
}
