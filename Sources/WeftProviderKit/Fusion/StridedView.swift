public import WeftProvider

/// Where a tensor's elements lie in memory: an offset and a stride for each dimension, in elements.
public struct StridedView: Hashable, Sendable {
    /// Elements from the start of the memory to the tensor's first.
    public private(set) var offset = 0
    /// The size of each dimension.
    public private(set) var shape: [Int]
    /// Elements from one index to the next, for each dimension.
    public private(set) var strides: [Int]

    /// The view of a dense row-major tensor.
    public init(dense shape: [Int]) {
        self.shape = shape
        strides = shape.rowMajorStrides
    }

    /// The operators whose outputs are views of their first input.
    public static let moves: Set<String> = [
        "Flatten", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze",
    ]

    /// The view of an output of a node that reads this view; nil if strides cannot describe it.
    public func after(_ node: NodeView, output index: Int) -> StridedView? {
        var view = self
        view.shape = node.outputShape(index)
        switch node.opType {
        case "Transpose":
            guard let order = try? node.ints("perm"), order.count == strides.count else { return nil }
            view.strides = order.map { strides[$0] }
        case "Slice":
            guard let starts = try? node.ints("starts"), let steps = try? node.ints("steps"),
                starts.count == strides.count, steps.count == strides.count
            else { return nil }
            view.offset &+= zip(starts, strides).reduce(0) { $0 &+ $1.0 &* $1.1 }
            view.strides = zip(strides, steps).map { $0 &* $1 }
        case "Split":
            guard let axis = try? node.axis("axis"), axis < strides.count else { return nil }
            for before in 0..<index { view.offset &+= node.outputShape(before)[axis] &* strides[axis] }
        case "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze":
            guard let reshaped = reshapedStrides(view.shape) else { return nil }
            view.strides = reshaped
        default: return nil
        }
        return view
    }

    /// The strides of the same elements in the same order under another shape; nil if there are none.
    private func reshapedStrides(_ target: [Int]) -> [Int]? {
        let count = shape.elementCount
        guard count > 0, target.elementCount == count else { return nil }
        // Merge dimensions whose stride is the next one's size times its stride.
        var runs: [(size: Int, step: Int)] = []
        for (size, step) in zip(shape, strides) where size != 1 {
            if let last = runs.last, last.step == size &* step {
                runs[runs.count - 1] = (last.size &* size, step)
            } else {
                runs.append((size, step))
            }
        }
        var result = [Int](repeating: 0, count: target.count)
        var run = runs.popLast() ?? (1, 1)
        for axis in target.indices.reversed() where target[axis] != 1 {
            while run.size == 1 {
                guard let next = runs.popLast() else { return nil }
                run = next
            }
            guard run.size % target[axis] == 0 else { return nil }
            result[axis] = run.step
            run = (run.size / target[axis], run.step &* target[axis])
        }
        return result
    }
}

/// A batch of matrices in a tensor's memory: the last two dimensions of a view, and where each matrix begins.
public struct MatrixView: Hashable, Sendable {
    /// Elements from the tensor's first element to the first one of each matrix.
    public let offsets: [Int]
    /// Elements from row to row; 0 if there is one row.
    public let row: Int
    /// Elements from column to column; 1 if there is one column.
    public let column: Int

    /// The matrices of a view, one for each index of `batch`, to which the view's leading dimensions are broadcast.
    ///
    /// Nil if they cannot be broadcast, or if the view has fewer than two dimensions.
    public init?(_ view: StridedView, over batch: [Int]) {
        let (shape, strides) = (view.shape, view.strides)
        let leading = shape.count - 2
        guard leading >= 0, leading <= batch.count else { return nil }
        row = shape[leading] == 1 ? 0 : strides[leading]
        column = shape[leading + 1] == 1 ? 1 : strides[leading + 1]
        var offsets = [view.offset]
        for (axis, size) in batch.enumerated() {
            let own = axis - (batch.count - leading)
            let isOne = own < 0 || shape[own] == 1
            guard isOne || shape[own] == size else { return nil }
            let step = isOne ? 0 : strides[own]
            offsets = offsets.flatMap { base in (0..<size).map { base &+ $0 &* step } }
        }
        self.offsets = offsets
    }

    /// The matrices that a node's attribute describes, in the form of `attribute`. Throws if it has another form.
    public init(_ node: NodeView, _ name: String) throws(WeftError) {
        let numbers = try node.ints(name)
        guard numbers.count >= 2 else {
            throw WeftError(.internalInconsistency, "'\(name)' describes no matrices", node: node.label)
        }
        (row, column, offsets) = (numbers[0], numbers[1], Array(numbers[2...]))
    }

    /// The matrices as a list of integers: row, column, then the offsets.
    public var attribute: Attribute { .ints(([row, column] + offsets).map { Int64($0) }) }
}
