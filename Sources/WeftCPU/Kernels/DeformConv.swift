import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Taps read between four elements; output rows in parallel.
    static let deformConv = SupportRow(
        "DeformConv", types: TypeConstraint(.floating), if: .rank(4...4) && .oneType,
        variants: { node, _ in
            var work = ConvShape.work(node, rate: .reference)
            work.flops *= 8
            return [Variant("plain", work: work)]
        }, kernel: DeformConvReference.kernel)
}

/// A plane of elements that is zero outside, and linear between them.
struct SampledPlane<E: KernelFloat> {
    let elements: UnsafePointer<E>
    let height: Int
    let width: Int

    /// The plane's value at a row and a column.
    @inline(__always)
    func value(_ row: Double, _ column: Double) -> Double {
        guard row > -1, column > -1, row < Double(height), column < Double(width) else { return 0 }
        let (top, left) = (Int(row.rounded(.down)), Int(column.rounded(.down)))
        let (down, across) = (row - Double(top), column - Double(left))
        return (1 - down) * ((1 - across) * at(top, left) + across * at(top, left + 1))
            + down * ((1 - across) * at(top + 1, left) + across * at(top + 1, left + 1))
    }

    @inline(__always)
    private func at(_ row: Int, _ column: Int) -> Double {
        guard row >= 0, row < height, column >= 0, column < width else { return 0 }
        return elements[row * width + column].work.double
    }
}

private enum DeformConvReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view)
        let sets = try node.view.int("offset_group")
        let (rows, columns, window) = (shape.windows.height, shape.windows.width, shape.windows.taps)
        let (height, width) = (rows.steps, columns.steps)
        let (depth, perGroup) = (shape.depth, shape.perGroup)
        let perSet = shape.channels / sets
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let w = invocation.input(1, as: E.self)
            let offsets = invocation.input(2, as: E.self)
            let bias = invocation.optionalInput(3, as: E.self)
            let mask = invocation.optionalInput(4, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: shape.batch * height) { range, _ in
                withUnsafeTemporaryAllocation(of: Double.self, capacity: shape.channels * window) { samples in
                    for line in range {
                        let (image, row) = line.quotientAndRemainder(dividingBy: height)
                        for column in 0..<width {
                            sample(x, offsets, mask, image, row, column, into: samples)
                            for filter in 0..<shape.filters {
                                let taps = samples.baseAddress.map { $0 + filter / perGroup * depth * window }
                                let weights = w + filter * depth * window
                                var sum = bias?[filter].work.double ?? 0
                                for tap in 0..<depth * window {
                                    sum += weights[tap].work.double * (taps?[tap] ?? 0)
                                }
                                y[((image * shape.filters + filter) * height + row) * width + column] = E(
                                    work: E.Work(sum))
                            }
                        }
                    }
                }
            }
        }

        /// Every channel's taps for one output, weighted by the mask.
        @Sendable func sample(
            _ x: UnsafePointer<E>, _ offsets: UnsafePointer<E>, _ mask: UnsafePointer<E>?, _ image: Int, _ row: Int,
            _ column: Int, into samples: UnsafeMutableBufferPointer<Double>
        ) {
            let (plane, place) = (height * width, row * width + column)
            for channel in 0..<shape.channels {
                let pixels = SampledPlane(
                    elements: x + (image * shape.channels + channel) * shape.windows.grid, height: rows.grid,
                    width: columns.grid)
                for tap in 0..<window {
                    let moved = (image * sets + channel / perSet) * window + tap
                    let (down, across) = tap.quotientAndRemainder(dividingBy: columns.kernel)
                    let y = Double(row * rows.stride - rows.begin + down * rows.dilation)
                    let x = Double(column * columns.stride - columns.begin + across * columns.dilation)
                    let value = pixels.value(
                        y + offsets[2 * moved * plane + place].work.double,
                        x + offsets[(2 * moved + 1) * plane + place].work.double)
                    samples[channel * window + tap] = value * (mask?[moved * plane + place].work.double ?? 1)
                }
            }
        }
    }
}
