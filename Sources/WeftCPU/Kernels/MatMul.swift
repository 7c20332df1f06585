import WeftProvider

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

/// Where the matrices of a batched product lie: one (left, right) pair of offsets for each matrix of the output.
struct MatMulShape: Sendable {
    let rows: Int
    let columns: Int
    let depth: Int
    /// Matrices of the output.
    let batch: Int
    /// Offsets of the operands' matrices in elements, for each matrix of the output.
    let left: [Int]
    let right: [Int]

    init(_ node: NodeView) { self.init(node.inputShape(0), node.inputShape(1)) }

    init(_ first: [Int], _ second: [Int]) {
        let a = first.count == 1 ? [1] + first : first
        let b = second.count == 1 ? second + [1] : second
        rows = a[a.count - 2]
        depth = a[a.count - 1]
        columns = b[b.count - 1]
        let rank = Swift.max(a.count, b.count) - 2
        func leading(_ shape: [Int]) -> [Int] {
            [Int](repeating: 1, count: rank + 2 - shape.count) + shape.dropLast(2)
        }
        let (outerA, outerB) = (leading(a), leading(b))
        let shape = zip(outerA, outerB).map { $0 == 1 ? $1 : $0 }
        batch = shape.elementCount
        left = MatMulShape.offsets(outerA, over: shape, step: rows * depth)
        right = MatMulShape.offsets(outerB, over: shape, step: depth * columns)
    }

    /// Offsets of the blocks of `shape` (block size `step`) for every index of the shape that it broadcasts to.
    private static func offsets(_ shape: [Int], over broad: [Int], step: Int) -> [Int] {
        var strides = shape.rowMajorStrides
        for axis in shape.indices where shape[axis] == 1 { strides[axis] = 0 }
        var offsets = [0]
        for axis in broad.indices {
            offsets = offsets.flatMap { base in (0..<broad[axis]).map { base + $0 * strides[axis] } }
        }
        return offsets.map { $0 * step }
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
