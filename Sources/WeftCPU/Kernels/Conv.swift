import WeftProvider

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

/// Sizes of a convolution or pooling over three spatial axes; missing ones in front have size 1.
struct ConvShape: Sendable {
    let batch: Int
    let channels: Int
    let filters: Int
    let group: Int
    let input: [Int]
    let output: [Int]
    let kernel: [Int]
    let strides: [Int]
    let dilations: [Int]
    let padBegin: [Int]
    let padEnd: [Int]

    var inputPlane: Int { input[0] * input[1] * input[2] }
    var outputPlane: Int { output[0] * output[1] * output[2] }
    var window: Int { kernel[0] * kernel[1] * kernel[2] }

    /// `filters` are the channels of the output, for pooling those of the input.
    init(_ node: NodeView) throws(WeftError) {
        let (x, y) = (node.inputShape(0), node.outputShape(0))
        let axes = x.count - 2
        guard axes >= 0, axes <= 3, y.count == x.count else {
            throw WeftError(.internalInconsistency, "a window over \(axes) spatial axes", node: node.label)
        }
        func fill(_ values: [Int], _ standard: Int) -> [Int] {
            [Int](repeating: standard, count: 3 - values.count) + values
        }
        batch = x[0]
        channels = x[1]
        filters = y[1]
        if case .int(let value)? = node.attributes["group"] { group = Int(value) } else { group = 1 }
        input = fill(Array(x[2...]), 1)
        output = fill(Array(y[2...]), 1)
        kernel = fill(try node.ints("kernel_shape"), 1)
        strides = fill(try node.ints("strides"), 1)
        dilations = fill(try node.ints("dilations"), 1)
        padBegin = fill(Array(try node.ints("pads").prefix(axes)), 0)
        padEnd = fill(Array(try node.ints("pads").suffix(axes)), 0)
    }

    /// The work of a convolution node, every operand read once.
    static func work(_ node: NodeView, rate: RateKey) -> Work {
        let window = node.inputShape(1).dropFirst().reduce(1.0) { $0 * Double($1) }
        return .elements(of: node, flopsPerElement: 2 * window, rate: rate)
    }

    /// The taps along an axis that lie inside the input for one output.
    @inline(__always)
    func taps(_ axis: Int, output: Int) -> Range<Int> {
        let start = output * strides[axis] - padBegin[axis]
        let step = dilations[axis]
        let low = start >= 0 ? 0 : (-start + step - 1) / step
        let room = input[axis] - start
        let high = Swift.min(kernel[axis], room <= 0 ? 0 : (room + step - 1) / step)
        return Swift.min(low, high)..<high
    }

    /// The outputs along an axis whose window has its tap `tap` inside the input.
    @inline(__always)
    func inside(_ axis: Int, tap: Int) -> Range<Int> {
        let offset = tap * dilations[axis] - padBegin[axis]
        let stride = strides[axis]
        let low = offset >= 0 ? 0 : (-offset + stride - 1) / stride
        let room = input[axis] - offset
        let high = Swift.min(output[axis], room <= 0 ? 0 : (room + stride - 1) / stride)
        return Swift.min(low, Swift.max(high, 0))..<Swift.max(high, 0)
    }

    /// Adds one input channel's part to a row of outputs; `add` takes a sum, a weight and an input.
    @inline(__always)
    func accumulate<Sum, Element>(
        _ sums: UnsafeMutableBufferPointer<Sum>, _ x: UnsafePointer<Element>, _ w: UnsafePointer<Element>,
        depth: Int, height: Int, _ add: (inout Sum, Element, Element) -> Void
    ) {
        let stride = strides[2]
        for kd in 0..<kernel[0] {
            let d = depth * strides[0] + kd * dilations[0] - padBegin[0]
            guard d >= 0, d < input[0] else { continue }
            for kh in 0..<kernel[1] {
                let h = height * strides[1] + kh * dilations[1] - padBegin[1]
                guard h >= 0, h < input[1] else { continue }
                let line = (d * input[1] + h) * input[2]
                for kw in 0..<kernel[2] {
                    let factor = w[(kd * kernel[1] + kh) * kernel[2] + kw]
                    let offset = line + kw * dilations[2] - padBegin[2]
                    for j in inside(2, tap: kw) { add(&sums[j], factor, x[offset + j * stride]) }
                }
            }
        }
    }
}

private enum ConvReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view)
        let perGroup = shape.filters / shape.group
        let depth = shape.channels / shape.group
        let width = shape.output[2]
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
                        let taps = w + filter * depth * shape.window
                        let start = bias?[filter].work ?? 0
                        for row in 0..<shape.output[0] * shape.output[1] {
                            for j in 0..<width { sums[j] = start }
                            for c in 0..<depth {
                                shape.accumulate(
                                    sums, x + (first + c) * shape.inputPlane, taps + c * shape.window,
                                    depth: row / shape.output[1], height: row % shape.output[1]
                                ) { $0 += $1.work * $2.work }
                            }
                            let target = y + plane * shape.outputPlane + row * width
                            for j in 0..<width { target[j] = E(work: sums[j]) }
                        }
                    }
                }
            }
        }
    }
}
