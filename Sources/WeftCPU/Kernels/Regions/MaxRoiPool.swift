import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// The greatest element of each bin; zero where a bin has none.
    static let maxRoiPool = SupportRow(
        "MaxRoiPool", types: TypeConstraint(.floating), if: .rank(4...4) && .boxesLikeInput,
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 40, rate: .reference))] },
        kernel: MaxRoiPoolReference.kernel)
}

private enum MaxRoiPoolReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let view = node.view
        let (x, y) = (view.inputShape(0), view.outputShape(0))
        let scale = Double(try view.float("spatial_scale"))
        let plane = x[2] * x[3]
        return { invocation throws(WeftError) in
            let pixels = invocation.input(0, as: E.self)
            let boxes = invocation.input(1, as: E.self)
            let output = invocation.output(0, as: E.self)
            for box in 0..<y[0] {
                let numbers = (0..<5).map { boxes[5 * box + $0].work.double }
                guard let image = Int(exactly: numbers[0]), (0..<x[0]).contains(image) else {
                    throw WeftError(.invalidData, "box \(box) is of image \(numbers[0]), there are \(x[0])")
                }
                let corners = numbers[1...].map { ($0 * scale).rounded() }
                guard corners.allSatisfy({ $0.magnitude < 0x1p40 }) else {
                    throw WeftError(.invalidData, "box \(box) has corners \(corners)")
                }
                let columns = bins(Int(corners[0]), Int(corners[2]), count: y[3], size: x[3])
                let rows = bins(Int(corners[1]), Int(corners[3]), count: y[2], size: x[2])
                try invocation.workers.forEachRange(of: x[1]) { range, _ in
                    for channel in range {
                        let source = pixels + (image * x[1] + channel) * plane
                        let target = output + (box * x[1] + channel) * y[2] * y[3]
                        for (i, row) in rows.enumerated() {
                            for (j, column) in columns.enumerated() {
                                var best = -E.Work.infinity
                                for line in row {
                                    for place in column { best = Swift.max(best, source[line * x[3] + place].work) }
                                }
                                target[i * y[3] + j] = E(work: row.isEmpty || column.isEmpty ? 0 : best)
                            }
                        }
                    }
                }
            }
        }
    }

    /// The elements of each bin along an axis.
    private static func bins(_ first: Int, _ last: Int, count: Int, size: Int) -> [Range<Int>] {
        let bin = Double(Swift.max(last - first + 1, 1)) / Double(count)
        return (0..<count).map { index in
            let low = Int((Double(index) * bin).rounded(.down)) + first
            let high = Int((Double(index + 1) * bin).rounded(.up)) + first
            let start = Swift.max(0, Swift.min(size, low))
            return start..<Swift.max(start, Swift.min(size, high))
        }
    }
}
