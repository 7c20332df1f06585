import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// alpha A B + beta C of every element type; rows in parallel. Float32 has the packed panel too.
    static let gemm = SupportRow(
        "Gemm", types: TypeConstraint(.sums),
        variants: { node, _ in
            let shape = GemmShape(node)
            var work = Work.elements(of: node, flopsPerElement: 2 * Double(shape.depth), rate: .reference)
            work.bytes *= 2
            return (PanelProduct(node).map { [$0.variant(node)] } ?? []) + [Variant("plain", work: work)]
        }, kernel: GemmReference.kernel.with("panel", PanelProduct.make))
}

private enum GemmReference: NumberKernel {
    static func make<E: KernelNumber>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let shape = GemmShape(node.view)
        let (rows, columns, depth) = (shape.rows, shape.columns, shape.depth)
        let (stepA, lineA) = shape.transA ? (rows, 1) : (1, depth)
        let (columnB, stepB) = shape.transB ? (depth, 1) : (1, columns)
        let (alpha, beta) = (E.Work(double: Double(shape.alpha)), E.Work(double: Double(shape.beta)))
        return { invocation throws(WeftError) in
            let a = invocation.input(0, as: E.self)
            let b = invocation.input(1, as: E.self)
            let c = invocation.optionalInput(2, as: E.self)
            let y = invocation.output(0, as: E.self)
            let grain = Swift.max(1, 20_000 / Swift.max(1, depth * columns))
            try invocation.workers.forEachRange(of: rows, grain: grain) { range, _ in
                withUnsafeTemporaryAllocation(of: E.Work.self, capacity: columns) { sums in
                    for i in range {
                        for j in 0..<columns { sums[j] = .zero }
                        for k in 0..<depth {
                            let factor = a[i * lineA + k * stepA].work
                            let other = b + k * stepB
                            for j in 0..<columns {
                                sums[j] = .sum(sums[j], .product(factor, other[j * columnB].work))
                            }
                        }
                        for j in 0..<columns {
                            var value = E.Work.product(alpha, sums[j])
                            if let c {
                                value = .sum(value, .product(beta, c[i * shape.rowC + j * shape.columnC].work))
                            }
                            y[i * columns + j] = E(work: value)
                        }
                    }
                }
            }
        }
    }
}
