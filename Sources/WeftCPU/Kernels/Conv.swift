import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Convolution over one to three spatial axes, any groups, strides, dilations and pads.
    static let conv = SupportRow(
        "Conv", types: TypeConstraint(.floating), if: .rank(3...5),
        variants: { node, _ in
            [Variant("plain", work: ConvShape.work(node, rate: .reference))] + ConvPixels.variants(node)
        },
        kernel: HostKernel { node throws(WeftError) in
            node.variant == "plain" || node.variant.isEmpty
                ? try ConvReference.kernel.make(node) : try ConvPixels.make(node)
        })
}

extension ConvShape {
    /// The work of a convolution node, every operand read once.
    static func work(_ node: NodeView, rate: RateKey) -> Work {
        let window = node.inputShape(1).dropFirst().reduce(1.0) { $0 * Double($1) }
        return .elements(of: node, flopsPerElement: 2 * window, rate: rate)
    }

    /// Adds one input channel's part to a row of outputs; `add` takes a sum, a weight and an input.
    @inline(__always)
    func accumulate<Sum, Element>(
        _ sums: UnsafeMutableBufferPointer<Sum>, _ x: UnsafePointer<Element>, _ w: UnsafePointer<Element>,
        row: Int, _ add: (inout Sum, Element, Element) -> Void
    ) {
        let (depth, height, width) = (windows.depth, windows.height, windows.width)
        for kd in 0..<depth.kernel {
            let d = row / height.steps * depth.stride + kd * depth.dilation - depth.begin
            guard d >= 0, d < depth.grid else { continue }
            for kh in 0..<height.kernel {
                let h = row % height.steps * height.stride + kh * height.dilation - height.begin
                guard h >= 0, h < height.grid else { continue }
                let line = (d * height.grid + h) * width.grid
                for kw in 0..<width.kernel {
                    let factor = w[(kd * height.kernel + kh) * width.kernel + kw]
                    let offset = line + kw * width.dilation - width.begin
                    for j in width.inside(tap: kw) { add(&sums[j], factor, x[offset + j * width.stride]) }
                }
            }
        }
    }
}

private enum ConvReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view)
        let perGroup = shape.perGroup
        let depth = shape.depth
        let width = shape.windows.width.steps
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let w = invocation.input(1, as: E.self)
            let bias = invocation.optionalInput(2, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: shape.batch * shape.filters) { range, _ in
                withUnsafeTemporaryAllocation(of: E.Work.self, capacity: width) { sums in
                    for plane in range {
                        let (image, filter) = (plane / shape.filters, plane % shape.filters)
                        let first = image * shape.channels + filter / perGroup * depth
                        let taps = w + filter * depth * shape.windows.taps
                        let start = bias?[filter].work ?? 0
                        for row in 0..<shape.windows.depth.steps * shape.windows.height.steps {
                            for j in 0..<width { sums[j] = start }
                            for c in 0..<depth {
                                shape.accumulate(
                                    sums, x + (first + c) * shape.windows.grid, taps + c * shape.windows.taps,
                                    row: row
                                ) { $0 += $1.work * $2.work }
                            }
                            let target = y + plane * shape.windows.steps + row * width
                            for j in 0..<width { target[j] = E(work: sums[j]) }
                        }
                    }
                }
            }
        }
    }
}
