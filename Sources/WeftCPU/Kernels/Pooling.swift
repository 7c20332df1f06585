import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let averagePool = pool(
        "AveragePool", .floating, AveragePoolReference.kernel.with("pixels", PixelKernels.makePool), pixels: true)
    static let lpPool = pool("LpPool", .floating, LpPoolReference.kernel)
    static let maxPool = pool(
        "MaxPool", ElementTypes.floating.union([.int8, .uint8]),
        MaxPoolReference.kernel.with("pixels", PixelKernels.makePool), pixels: true)

    private static func pool(
        _ name: String, _ types: ElementTypes, _ kernel: HostKernel, pixels: Bool = false
    ) -> SupportRow {
        SupportRow(
            name, types: TypeConstraint(types), if: .rank(3...5),
            variants: { node, _ in
                (pixels ? PixelKernels.pool(node) : []) + [Variant("plain", work: poolWork(node, rate: .reference))]
            }, kernel: kernel)
    }

    /// The work of a pooling node: one operation a tap.
    static func poolWork(_ node: NodeView, rate: RateKey) -> Work {
        let window = ((try? node.ints("kernel_shape")) ?? []).reduce(1.0) { $0 * Double($1) }
        return .elements(of: node, flopsPerElement: window, rate: rate)
    }
}

extension Windows {
    /// Calls `body` for every window of the planes in `range`: its number, where in the grids it begins (without the
    /// taps), and the taps along each axis that lie inside.
    @inline(__always)
    func forEachWindow(
        _ range: Range<Int>,
        _ body: (_ output: Int, _ window: Int, _ d: Range<Int>, _ h: Range<Int>, _ w: Range<Int>) -> Void
    ) {
        for plane in range {
            var output = plane * steps
            for d in 0..<depth.steps {
                let first = (d * depth.stride - depth.begin) * height.grid
                let planes = depth.taps(step: d)
                for h in 0..<height.steps {
                    let line = (first + h * height.stride - height.begin) * width.grid
                    let lines = height.taps(step: h)
                    for w in 0..<width.steps {
                        body(
                            output, plane * grid + line + w * width.stride - width.begin, planes, lines,
                            width.taps(step: w))
                        output += 1
                    }
                }
            }
        }
    }

    /// Calls `body` with the offset in the grid of every tap of a window.
    @inline(__always)
    func forEachTap(
        _ window: Int, _ d: Range<Int>, _ h: Range<Int>, _ w: Range<Int>, _ body: (_ offset: Int) -> Void
    ) {
        for kd in d {
            for kh in h {
                let line = window + (kd * depth.dilation * height.grid + kh * height.dilation) * width.grid
                for kw in w { body(line + kw * width.dilation) }
            }
        }
    }
}

private enum MaxPoolReference: NumberKernel {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view)
        let hasIndices = node.view.has(output: 1)
        let columnMajor = try node.view.int("storage_order") == 1
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            let indices = hasIndices ? invocation.output(1, as: Int64.self) : nil
            try invocation.workers.forEachRange(of: shape.batch * shape.channels) { range, _ in
                shape.windows.forEachWindow(range) { output, window, d, h, w in
                    var (best, found) = (-1, E.Work.lowest)
                    shape.windows.forEachTap(window, d, h, w) { offset in
                        let value = x[offset].work
                        if best < 0 || value > found { (best, found) = (offset, value) }
                    }
                    y[output] = E(work: found)
                    indices?[output] = Int64(columnMajor && best >= 0 ? columnMajorOffset(best, shape.windows) : best)
                }
            }
        }
    }

    /// The offset of the same element if the first spatial axis were the innermost.
    private static func columnMajorOffset(_ offset: Int, _ windows: Windows) -> Int {
        let (plane, inner) = (offset / windows.grid, offset % windows.grid)
        let (w, rest) = (inner % windows.width.grid, inner / windows.width.grid)
        let (h, d) = (rest % windows.height.grid, rest / windows.height.grid)
        return plane * windows.grid + (w * windows.height.grid + h) * windows.depth.grid + d
    }
}

private enum AveragePoolReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view)
        let padded = try node.view.flag("count_include_pad")
        // How many taps of each output's window count, along each axis.
        let counts = shape.windows.axes.map { axis in
            (0..<axis.steps).map { step in
                guard padded else { return axis.taps(step: step).count }
                let room = axis.grid + axis.end - (step * axis.stride - axis.begin)
                return Swift.max(0, Swift.min(axis.kernel, (room + axis.dilation - 1) / axis.dilation))
            }
        }
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: shape.batch * shape.channels) { range, _ in
                shape.windows.forEachWindow(range) { output, window, d, h, w in
                    var sum = E.Work.zero
                    shape.windows.forEachTap(window, d, h, w) { sum += x[$0].work }
                    let inner = output % shape.windows.steps
                    let (column, rest) = (inner % shape.windows.width.steps, inner / shape.windows.width.steps)
                    let count =
                        counts[2][column] * counts[1][rest % shape.windows.height.steps]
                        * counts[0][rest / shape.windows.height.steps]
                    y[output] = E(work: count == 0 ? 0 : sum / E.Work(count))
                }
            }
        }
    }
}

private enum LpPoolReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view)
        let p = Double(try node.view.int("p"))
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: shape.batch * shape.channels) { range, _ in
                shape.windows.forEachWindow(range) { output, window, d, h, w in
                    var sum = 0.0
                    shape.windows.forEachTap(window, d, h, w) { sum += x[$0].work.magnitude.double.power(p) }
                    y[output] = E(work: E.Work(sum.power(1 / p)))
                }
            }
        }
    }
}
