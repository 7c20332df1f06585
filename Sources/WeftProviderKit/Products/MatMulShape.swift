public import WeftProvider

/// The sizes of a batched product, and where its matrices lie.
public struct MatMulShape: Sendable {
    /// Rows of each left matrix.
    public private(set) var rows: Int
    /// Columns of each right matrix.
    public let columns: Int
    /// The length of the sums.
    public let depth: Int
    /// For each matrix of the output, elements from the left operand's first to those of its matrix.
    public private(set) var left: [Int]
    /// The same for the right operand.
    public private(set) var right: [Int]
    /// The number of matrices of the right operand.
    public let rightCount: Int

    /// The number of matrices of the output.
    public var batch: Int { left.count }

    /// The product of a node's first two inputs.
    public init(_ node: NodeView) { self.init(node.inputShape(0), node.inputShape(1)) }

    /// The product of operands with these shapes, which the caller has checked to match.
    ///
    /// A left operand of rank 1 counts as a matrix of one row, a right one as a matrix of one column.
    public init(_ first: [Int], _ second: [Int]) {
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
        rightCount = outerB.elementCount
        left = MatMulShape.offsets(outerA, over: shape, step: rows &* depth)
        right = MatMulShape.offsets(outerB, over: shape, step: depth &* columns)
    }

    /// The same product with all left matrices as one, if the right operand has one matrix; else unchanged.
    public var merged: MatMulShape {
        guard rightCount == 1, batch != 1 else { return self }
        var shape = self
        shape.rows = batch &* rows
        (shape.left, shape.right) = ([0], [0])
        return shape
    }

    /// Offsets of matrices of `step` elements in an operand with leading dimensions `shape`, for each index of `broad`.
    private static func offsets(_ shape: [Int], over broad: [Int], step: Int) -> [Int] {
        let strides = shape.rowMajorStrides
        var offsets = [0]
        for axis in broad.indices {
            let stride = shape[axis] == 1 ? 0 : strides[axis] &* step
            offsets = offsets.flatMap { base in (0..<broad[axis]).map { base + $0 * stride } }
        }
        return offsets
    }
}
