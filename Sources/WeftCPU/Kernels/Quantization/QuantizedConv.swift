import WeftProvider
import WeftProviderKit

extension CPUKernels {
    private static let bytes: ElementTypes = [.int8, .uint8]

    static let convInteger = SupportRow(
        "ConvInteger", types: TypeConstraint(bytes), if: .rank(3...5),
        variants: { node, _ in variants(node, 0, 1) },
        kernel: HostKernel { node throws(WeftError) in
            let convolution = try IntegerConvolution(node.view, x: 0, xZero: 2, w: 1, wZero: 3)
            return { invocation throws(WeftError) in
                let y = invocation.output(0, as: Int32.self)
                try convolution.run(invocation) { _, element, sum in y[element] = sum }
            }
        })

    static let qLinearConv = SupportRow(
        "QLinearConv",
        types: TypeConstraint(bytes, operands: [1: [.float32], 4: [.float32], 6: [.float32], 8: [.int32]]),
        if: .rank(3...5), variants: { node, _ in variants(node, 0, 3) },
        kernel: HostKernel { node throws(WeftError) in
            let convolution = try IntegerConvolution(node.view, x: 0, xZero: 2, w: 3, wZero: 5)
            let perFilter = node.view.inputShape(4).elementCount > 1
            let readZero = try ElementAccess.read(node.view.inputType(7))
            let write = try ElementAccess.quantize(node.view.outputType(0), saturate: true)
            return { invocation throws(WeftError) in
                let scale = invocation.input(1, as: Float.self)[0]
                let scales = invocation.input(4, as: Float.self)
                let target = invocation.input(6, as: Float.self)[0]
                let zero = readZero(UnsafeRawPointer(invocation.input(7, as: UInt8.self)), 0)
                let bias = invocation.optionalInput(8, as: Int32.self)
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                try convolution.run(invocation) { filter, element, sum in
                    let factor = Double(scale * scales[perFilter ? filter : 0] / target)
                    write(y, element, Double(sum &+ (bias?[filter] ?? 0)) * factor + zero)
                }
            }
        })

    private static func variants(_ node: NodeView, _ x: Int, _ w: Int) -> [Variant] {
        let window = node.inputShape(w).dropFirst().reduce(1.0) { $0 * Double($1) }
        return [
            Variant(
                "plain", work: .elements(of: node, flopsPerElement: 2 * window, rate: .reference),
                scratch: QuantizedOperand.scratch(node, [x, w]))
        ]
    }
}

/// The convolution of 8-bit integers less their zero points.
private struct IntegerConvolution: Sendable {
    private let shape: ConvShape
    private let x: QuantizedOperand
    private let w: QuantizedOperand

    init(_ node: NodeView, x: Int, xZero: Int, w: Int, wZero: Int) throws(WeftError) {
        shape = try ConvShape(node)
        let perFilter = node.inputShape(w).dropFirst().reduce(1, &*)
        self.x = QuantizedOperand(node, input: x, zero: xZero, sharing: .rows(length: 1))
        self.w = QuantizedOperand(node, input: w, zero: wZero, sharing: .rows(length: Swift.max(1, perFilter)))
    }

    /// Calls `store` with every sum, its filter and where the output has it.
    func run(
        _ invocation: borrowing HostInvocation, _ store: (_ filter: Int, _ element: Int, _ sum: Int32) -> Void
    ) throws(WeftError) {
        let inputs = invocation.scratch(as: Int32.self)
        let weights = inputs + x.count
        x.widen(invocation, to: inputs)
        w.widen(invocation, to: weights)
        let (perGroup, depth) = (shape.perGroup, shape.depth)
        let width = shape.windows.width.steps
        try invocation.workers.forEachRange(of: shape.batch * shape.filters) { range, _ in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { sums in
                for plane in range {
                    let (image, filter) = plane.quotientAndRemainder(dividingBy: shape.filters)
                    let first = image * shape.channels + filter / perGroup * depth
                    for row in 0..<shape.windows.depth.steps * shape.windows.height.steps {
                        for j in 0..<width { sums[j] = 0 }
                        for c in 0..<depth {
                            shape.accumulate(
                                sums, inputs + (first + c) * shape.windows.grid,
                                weights + (filter * depth + c) * shape.windows.taps, row: row
                            ) { $0 &+= $1 &* $2 }
                        }
                        for j in 0..<width { store(filter, plane * shape.windows.steps + row * width + j, sums[j]) }
                    }
                }
            }
        }
    }
}
