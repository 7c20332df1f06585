import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// The matrix product of every element type; rows in parallel. Float32 has the packed panel too.
    static let matMul = SupportRow(
        "MatMul", types: TypeConstraint(.sums),
        variants: { node, _ in (PanelProduct(node).map { [$0.variant(node)] } ?? []) + [.product(node)] },
        kernel: MatMulReference.kernel.with("panel", PanelProduct.make))
}

extension Variant {
    /// Plain loops over a product of matrices.
    static func product(_ node: NodeView) -> Variant {
        let depth = Double(node.inputShape(0).last ?? 1)
        var work = Work.elements(of: node, flopsPerElement: 2 * depth, rate: .reference)
        work.bytes *= 2
        return Variant("plain", work: work)
    }
}

private enum MatMulReference: NumberKernel {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = MatMulShape(node.view)
        let (rows, columns, depth) = (shape.rows, shape.columns, shape.depth)
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: E.self)
            let b = invocation.input(1, as: E.self)
            let c = invocation.output(0, as: E.self)
            let grain = Swift.max(1, 20_000 / Swift.max(1, depth * columns))
            try invocation.workers.forEachRange(of: shape.batch * rows, grain: grain) { range, _ in
                withUnsafeTemporaryAllocation(of: E.Work.self, capacity: columns) { sums in
                    for row in range {
                        let (matrix, i) = (row / rows, row % rows)
                        let line = a + shape.left[matrix] + i * depth
                        let right = b + shape.right[matrix]
                        for j in 0..<columns { sums[j] = .zero }
                        for k in 0..<depth {
                            let factor = line[k].work
                            let other = right + k * columns
                            for j in 0..<columns { sums[j] = .sum(sums[j], .product(factor, other[j].work)) }
                        }
                        let target = c + row * columns
                        for j in 0..<columns { target[j] = E(work: sums[j]) }
                    }
                }
            }
        }
    }
}
