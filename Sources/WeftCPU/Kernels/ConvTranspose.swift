import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Transposed convolution over one to three spatial axes.
    static let convTranspose = SupportRow(
        "ConvTranspose", types: TypeConstraint(.floating), if: .rank(3...5),
        variants: { node, _ in
            let window = node.inputShape(1).dropFirst().reduce(1.0) { $0 * Double($1) }
            let inputs = node.inputShape(0).reduce(1.0) { $0 * Double($1) }
            var work = Work.elements(of: node, rate: .reference)
            work.flops = 2 * window * inputs
            // A plane of sums for each worker, in numbers of at most 8 bytes.
            let plane = node.outputShape(0).dropFirst(2).reduce(8, *)
            return [Variant("plain", work: work, scratchPerWorker: plane)]
        }, kernel: ConvTransposeReference.kernel)
}

/// Every input element spreads its window over the output: sums of one output plane at a time.
private enum ConvTransposeReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view, transposed: true)
        let perGroup = shape.perGroup
        let depth = shape.depth
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let w = invocation.input(1, as: E.self)
            let bias = invocation.optionalInput(2, as: E.self)
            let y = invocation.output(0, as: E.self)
            guard shape.windows.grid > 0 else { return }
            let parts = invocation.workers.count
            var scratch: [UnsafeMutablePointer<E.Work>] = []
            for worker in 0..<parts { scratch.append(invocation.scratch(worker: worker, as: E.Work.self)) }
            try invocation.workers.forEachRange(of: shape.batch * shape.filters) { range, worker in
                let sums = scratch[worker]
                for plane in range {
                    let (image, filter) = (plane / shape.filters, plane % shape.filters)
                    let first = filter / perGroup * depth
                    let start = bias?[filter].work ?? 0
                    for i in 0..<shape.windows.grid { sums[i] = start }
                    for c in first..<first + depth {
                        spread(
                            x + (image * shape.channels + c) * shape.windows.steps,
                            w + (c * perGroup + filter % perGroup) * shape.windows.taps, shape.windows, sums)
                    }
                    let target = y + plane * shape.windows.grid
                    for i in 0..<shape.windows.grid { target[i] = E(work: sums[i]) }
                }
            }
        }
    }

    /// Adds one input channel's part to a plane of sums.
    private static func spread<E: KernelFloat>(
        _ x: UnsafePointer<E>, _ w: UnsafePointer<E>, _ windows: Windows, _ sums: UnsafeMutablePointer<E.Work>
    ) {
        let (depth, height, width) = (windows.depth, windows.height, windows.width)
        for kd in 0..<depth.kernel {
            for kh in 0..<height.kernel {
                for kw in 0..<width.kernel {
                    let factor = w[(kd * height.kernel + kh) * width.kernel + kw].work
                    let columns = width.inside(tap: kw)
                    for d in depth.inside(tap: kd) {
                        let plane = d * depth.stride + kd * depth.dilation - depth.begin
                        for h in height.inside(tap: kh) {
                            let line = h * height.stride + kh * height.dilation - height.begin
                            let source = x + (d * height.steps + h) * width.steps
                            let target =
                                (plane * height.grid + line) * width.grid + kw * width.dilation - width.begin
                            for column in columns {
                                sums[target + column * width.stride] += factor * source[column].work
                            }
                        }
                    }
                }
            }
        }
    }
}
