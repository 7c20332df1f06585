import WeftProvider
import WeftProviderKit

extension CPUKernels {
    private static let bytes: ElementTypes = [.int8, .uint8]

    static let matMulInteger = SupportRow(
        "MatMulInteger", types: TypeConstraint(bytes),
        variants: { node, _ in variants(node, 0, 1) },
        kernel: HostKernel { node throws(WeftError) in
            let product = IntegerProduct(node.view, a: 0, aZero: 2, b: 1, bZero: 3)
            return { invocation throws(WeftError) in
                let y = invocation.output(0, as: Int32.self)
                try product.run(invocation) { row, column, sum in y[row * product.shape.columns + column] = sum }
            }
        })

    static let qLinearMatMul = SupportRow(
        "QLinearMatMul", types: TypeConstraint(bytes, operands: [1: .floating, 4: .floating, 6: .floating]),
        variants: { node, _ in variants(node, 0, 3) },
        kernel: HostKernel { node throws(WeftError) in
            let product = IntegerProduct(node.view, a: 0, aZero: 2, b: 3, bZero: 5)
            let (rows, columns) = (product.shape.rows, product.shape.columns)
            let depth = Swift.max(1, product.shape.depth)
            let round = ElementAccess.rounding(node.view.inputType(1))
            var readers: [ElementAccess.Read] = []
            for index in 1...7 { readers.append(try ElementAccess.read(node.view.inputType(index))) }
            let read = readers
            let (left, right) = (node.view.inputShape(1).elementCount, node.view.inputShape(4).elementCount)
            let write = try ElementAccess.quantize(node.view.outputType(0), saturate: true)
            return { invocation throws(WeftError) in
                let y = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
                let scale = read[5](UnsafeRawPointer(invocation.input(6, as: UInt8.self)), 0)
                let zero = read[6](UnsafeRawPointer(invocation.input(7, as: UInt8.self)), 0)
                let scales = UnsafeRawPointer(invocation.input(1, as: UInt8.self))
                let others = UnsafeRawPointer(invocation.input(4, as: UInt8.self))
                try product.run(invocation) { row, column, sum in
                    let (matrix, i) = row.quotientAndRemainder(dividingBy: rows)
                    let first = left == 1 ? 0 : left == rows ? i : product.shape.left[matrix] / depth + i
                    let second =
                        right == 1 ? 0 : right == columns ? column : product.shape.right[matrix] / depth + column
                    let factor = round(round(read[0](scales, first) * read[3](others, second)) / scale)
                    write(y, row * columns + column, Double(sum) * factor + zero)
                }
            }
        })

    private static func variants(_ node: NodeView, _ a: Int, _ b: Int) -> [Variant] {
        let depth = Double(node.inputShape(a).last ?? 1)
        return [
            Variant(
                "plain", work: .elements(of: node, flopsPerElement: 2 * depth, rate: .reference),
                scratch: QuantizedOperand.scratch(node, [a, b]))
        ]
    }
}

/// The product of two 8-bit matrices less their zero points.
private struct IntegerProduct: Sendable {
    let shape: MatMulShape
    private let a: QuantizedOperand
    private let b: QuantizedOperand

    init(_ node: NodeView, a: Int, aZero: Int, b: Int, bZero: Int) {
        shape = MatMulShape(node.inputShape(a), node.inputShape(b))
        self.a = QuantizedOperand(node, input: a, zero: aZero, sharing: .rows(length: shape.depth))
        self.b = QuantizedOperand(
            node, input: b, zero: bZero, sharing: .columns(length: shape.columns, depth: shape.depth))
    }

    /// Calls `store` with every sum; rows of all matrices are counted through.
    func run(
        _ invocation: borrowing HostInvocation, _ store: (_ row: Int, _ column: Int, _ sum: Int32) -> Void
    ) throws(WeftError) {
        let left = invocation.scratch(as: Int32.self)
        let right = left + a.count
        a.widen(invocation, to: left)
        b.widen(invocation, to: right)
        let (rows, columns, depth) = (shape.rows, shape.columns, shape.depth)
        try invocation.workers.forEachRange(of: shape.batch * rows) { range, _ in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: columns) { sums in
                for row in range {
                    let (matrix, i) = row.quotientAndRemainder(dividingBy: rows)
                    let line = left + shape.left[matrix] + i * depth
                    let other = right + shape.right[matrix]
                    for j in 0..<columns { sums[j] = 0 }
                    for k in 0..<depth {
                        for j in 0..<columns { sums[j] &+= line[k] &* other[k * columns + j] }
                    }
                    for j in 0..<columns { store(row, j, sums[j]) }
                }
            }
        }
    }
}
