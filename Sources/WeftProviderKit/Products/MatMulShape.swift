public import WeftProvider

/// Where the matrices of a batched product lie: one (left, right) pair of offsets for each matrix of the output.
public struct MatMulShape: Sendable {
    public private(set) var rows: Int
    public let columns: Int
    public let depth: Int
    /// Offsets of the operands' matrices in elements, for each matrix of the output.
    public private(set) var left: [Int]
    public private(set) var right: [Int]
    /// Matrices that the right operand has.
    public let rightCount: Int

    /// Matrices of the output.
    public var batch: Int { left.count }

    public init(_ node: NodeView) { self.init(node.inputShape(0), node.inputShape(1)) }

    /// Vectors count as matrices of one row or column; the shapes have been found to match.
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

    /// All of A's rows as one matrix where B is one: A's matrices follow one another.
    public var merged: MatMulShape {
        guard rightCount == 1, batch != 1 else { return self }
        var shape = self
        shape.rows = batch &* rows
        (shape.left, shape.right) = ([0], [0])
        return shape
    }

    /// Offsets of the blocks of `shape`, each of `step` elements, for every index of what it broadcasts to.
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
