import WeftProvider

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

extension ConvShape {
    /// Calls `body` for every output of the planes in `range`: its offset in the output, its window's offset in the
    /// input (without the taps), and the taps along each axis that lie inside.
    @inline(__always)
    func forEachWindow(
        _ range: Range<Int>,
        _ body: (_ output: Int, _ window: Int, _ d: Range<Int>, _ h: Range<Int>, _ w: Range<Int>) -> Void
    ) {
        for plane in range {
            var output = plane * outputPlane
            for d in 0..<self.output[0] {
                let depth = (d * strides[0] - padBegin[0]) * input[1]
                for h in 0..<self.output[1] {
                    let line = (depth + h * strides[1] - padBegin[1]) * input[2]
                    for w in 0..<self.output[2] {
                        body(
                            output, plane * inputPlane + line + w * strides[2] - padBegin[2], taps(0, output: d),
                            taps(1, output: h), taps(2, output: w))
                        output += 1
                    }
                }
            }
        }
    }

    /// Calls `body` with the offset in the input of every tap of a window.
    @inline(__always)
    func forEachTap(
        _ window: Int, _ d: Range<Int>, _ h: Range<Int>, _ w: Range<Int>, _ body: (_ offset: Int) -> Void
    ) {
        for kd in d {
            for kh in h {
                let line = window + (kd * dilations[0] * input[1] + kh * dilations[1]) * input[2]
                for kw in w { body(line + kw * dilations[2]) }
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
                shape.forEachWindow(range) { output, window, d, h, w in
                    var (best, found) = (-1, E.Work.lowest)
                    shape.forEachTap(window, d, h, w) { offset in
                        let value = x[offset].work
                        if best < 0 || value > found { (best, found) = (offset, value) }
                    }
                    y[output] = E(work: found)
                    indices?[output] = Int64(columnMajor && best >= 0 ? columnMajorOffset(best, shape) : best)
                }
            }
        }
    }

    /// The offset of the same element if the first spatial axis were the innermost.
    private static func columnMajorOffset(_ offset: Int, _ shape: ConvShape) -> Int {
        let (plane, inner) = (offset / shape.inputPlane, offset % shape.inputPlane)
        let (w, rest) = (inner % shape.input[2], inner / shape.input[2])
        let (h, d) = (rest % shape.input[1], rest / shape.input[1])
        return plane * shape.inputPlane + (w * shape.input[1] + h) * shape.input[0] + d
    }
}

private enum AveragePoolReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view)
        let padded = try node.view.flag("count_include_pad")
        // How many taps of each output's window count, along each axis.
        let counts = (0..<3).map { axis in
            (0..<shape.output[axis]).map { output in
                guard padded else { return shape.taps(axis, output: output).count }
                let start = output * shape.strides[axis] - shape.padBegin[axis]
                let room = shape.input[axis] + shape.padEnd[axis] - start
                let step = shape.dilations[axis]
                return Swift.max(0, Swift.min(shape.kernel[axis], (room + step - 1) / step))
            }
        }
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: E.self)
            let y = invocation.output(0, as: E.self)
            try invocation.workers.forEachRange(of: shape.batch * shape.channels) { range, _ in
                shape.forEachWindow(range) { output, window, d, h, w in
                    var sum = E.Work.zero
                    shape.forEachTap(window, d, h, w) { sum += x[$0].work }
                    let inner = output % shape.outputPlane
                    let (column, rest) = (inner % shape.output[2], inner / shape.output[2])
                    let count =
                        counts[2][column] * counts[1][rest % shape.output[1]] * counts[0][rest / shape.output[1]]
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
                shape.forEachWindow(range) { output, window, d, h, w in
                    var sum = 0.0
                    shape.forEachTap(window, d, h, w) { sum += x[$0].work.magnitude.double.power(p) }
                    y[output] = E(work: E.Work(sum.power(1 / p)))
                }
            }
        }
    }
}
