import WeftProvider

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
        let shape = try ConvShape(node.view)
        let perGroup = shape.filters / shape.group
        let depth = shape.channels / shape.group
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let w = invocation.input(1, as: E.self)
            let bias = invocation.optionalInput(2, as: E.self)
            let y = invocation.output(0, as: E.self)
            guard shape.outputPlane > 0 else { return }
            let parts = invocation.workers.count
            var scratch: [UnsafeMutablePointer<E.Work>] = []
            for worker in 0..<parts { scratch.append(invocation.scratch(worker: worker, as: E.Work.self)) }
            try invocation.workers.forEachRange(of: shape.batch * shape.filters) { range, worker in
                let sums = scratch[worker]
                for plane in range {
                    let (image, filter) = (plane / shape.filters, plane % shape.filters)
                    let first = filter / perGroup * depth
                    let start = bias?[filter].work ?? 0
                    for i in 0..<shape.outputPlane { sums[i] = start }
                    for c in first..<first + depth {
                        spread(
                            x + (image * shape.channels + c) * shape.inputPlane,
                            w + (c * perGroup + filter % perGroup) * shape.window, shape, sums)
                    }
                    let target = y + plane * shape.outputPlane
                    for i in 0..<shape.outputPlane { target[i] = E(work: sums[i]) }
                }
            }
        }
    }

    /// Adds one input channel's part to a plane of sums.
    private static func spread<E: KernelFloat>(
        _ x: UnsafePointer<E>, _ w: UnsafePointer<E>, _ shape: ConvShape, _ sums: UnsafeMutablePointer<E.Work>
    ) {
        for kd in 0..<shape.kernel[0] {
            for kh in 0..<shape.kernel[1] {
                for kw in 0..<shape.kernel[2] {
                    let factor = w[(kd * shape.kernel[1] + kh) * shape.kernel[2] + kw].work
                    let columns = spreading(shape, 2, tap: kw)
                    for d in spreading(shape, 0, tap: kd) {
                        let depth = d * shape.strides[0] + kd * shape.dilations[0] - shape.padBegin[0]
                        for h in spreading(shape, 1, tap: kh) {
                            let line = h * shape.strides[1] + kh * shape.dilations[1] - shape.padBegin[1]
                            let source = x + (d * shape.input[1] + h) * shape.input[2]
                            let target =
                                (depth * shape.output[1] + line) * shape.output[2]
                                + kw * shape.dilations[2] - shape.padBegin[2]
                            for column in columns {
                                sums[target + column * shape.strides[2]] += factor * source[column].work
                            }
                        }
                    }
                }
            }
        }
    }

    /// The inputs along an axis whose tap `tap` falls inside the output.
    @inline(__always)
    private static func spreading(_ shape: ConvShape, _ axis: Int, tap: Int) -> Range<Int> {
        let offset = tap * shape.dilations[axis] - shape.padBegin[axis]
        let stride = shape.strides[axis]
        let low = offset >= 0 ? 0 : (-offset + stride - 1) / stride
        let room = shape.output[axis] - offset
        let high = Swift.min(shape.input[axis], room <= 0 ? 0 : (room + stride - 1) / stride)
        return Swift.min(low, high)..<high
    }
}
