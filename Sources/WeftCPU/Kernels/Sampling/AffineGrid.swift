import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Positions from -1 to 1 along each axis, taken through theta; the last axis comes first.
    static let affineGrid = SupportRow(
        "AffineGrid", types: TypeConstraint(.floating, operands: [1: [.int64]]),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 8, rate: .reference))] },
        kernel: AffineGridReference.kernel)
}

private enum AffineGridReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let y = node.view.outputShape(0)
        let sizes = Array(y[1..<(y.count - 1)])
        let aligned = try node.view.flag("align_corners")
        let (axes, points) = (sizes.count, sizes.elementCount)
        let positions = sizes.map { size in
            (0..<size).map { index -> Double in
                guard aligned else { return Double(2 * index + 1) / Double(size) - 1 }
                return size == 1 ? -1 : -1 + 2 * Double(index) / Double(size - 1)
            }
        }
        return { invocation throws(WeftError) in
            let theta = invocation.input(0, as: E.self)
            let grid = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: y[0] * points, grain: 1024) { range, _ in
                for point in range {
                    let matrix = theta + point / points * axes * (axes + 1)
                    for row in 0..<axes {
                        let line = matrix + row * (axes + 1)
                        var sum = line[axes].work.double
                        var rest = point % points
                        for axis in sizes.indices.reversed() {
                            sum += line[axes - 1 - axis].work.double * positions[axis][rest % sizes[axis]]
                            rest /= sizes[axis]
                        }
                        grid[point * axes + row] = E(work: E.Work(sum))
                    }
                }
            }
        }
    }
}
