import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Every window's elements are added to the image's; planes in parallel.
    static let col2Im = SupportRow(
        "Col2Im", types: TypeConstraint(.numeric),
        variants: { node, _ in [Variant("plain", work: .elements(of: node, flopsPerElement: 4, rate: .reference))] },
        kernel: Col2ImReference.kernel)
}

private enum Col2ImReference: NumberKernel {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let (view, y) = (node.view, node.view.outputShape(0))
        let image = Array(y[2...])
        let block = try view.ints("kernel_shape")
        let (strides, dilations) = (try view.ints("strides"), try view.ints("dilations"))
        let pads = try view.ints("pads")
        let windows = image.indices.map { axis in
            WindowAxis(
                fitting: image[axis], kernel: block[axis], stride: strides[axis], dilation: dilations[axis],
                begin: pads[axis], end: pads[image.count + axis])?.steps ?? 0
        }
        let (taps, places, plane) = (block.elementCount, windows.elementCount, image.elementCount)
        let (planes, steps) = (y[0] * y[1], image.rowMajorStrides)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: planes) { range, _ in
                withUnsafeTemporaryAllocation(of: E.Work.self, capacity: plane) { sums in
                    for channel in range {
                        for index in 0..<plane { sums[index] = .zero }
                        for tap in 0..<taps {
                            let row = x + (channel * taps + tap) * places
                            for place in 0..<places {
                                guard let to = target(tap, place) else { continue }
                                sums[to] = .sum(sums[to], row[place].work)
                            }
                        }
                        for index in 0..<plane { y[channel * plane + index] = E(work: sums[index]) }
                    }
                }
            }
        }

        /// Where a tap of a window lies in the image; nil for the padding.
        @Sendable func target(_ tap: Int, _ place: Int) -> Int? {
            var (tap, place, to) = (tap, place, 0)
            for axis in image.indices.reversed() {
                let at = place % windows[axis] * strides[axis] + tap % block[axis] * dilations[axis] - pads[axis]
                guard at >= 0, at < image[axis] else { return nil }
                to += at * steps[axis]
                (tap, place) = (tap / block[axis], place / windows[axis])
            }
            return to
        }
    }
}
