import WeftProvider

/// How a reduction walks its input: neighbouring axes of one kind merged, sizes and strides in elements.
struct ReductionPlan: Sendable {
    private struct Axis: Sendable {
        var size: Int
        var stride: Int
    }

    private let kept: [Axis]
    private let reduced: [Axis]
    /// The innermost reduced axis, walked without arithmetic on indices.
    private let innermost: Axis
    let keptCount: Int
    let reducedCount: Int

    /// `axes` are those that are reduced, not negative.
    init(_ shape: [Int], axes: [Int]) {
        let strides = shape.rowMajorStrides
        var (kept, reduced): ([Axis], [Axis]) = ([], [])
        var last: Bool?
        for (index, size) in shape.enumerated() {
            let isReduced = axes.contains(index)
            let axis = Axis(size: size, stride: strides[index])
            if last == isReduced {
                let merged = { (list: inout [Axis]) in
                    list[list.count - 1] = Axis(size: list[list.count - 1].size * size, stride: axis.stride)
                }
                if isReduced { merged(&reduced) } else { merged(&kept) }
            } else if isReduced {
                reduced.append(axis)
            } else {
                kept.append(axis)
            }
            last = isReduced
        }
        keptCount = kept.reduce(1) { $0 * $1.size }
        reducedCount = reduced.reduce(1) { $0 * $1.size }
        innermost = reduced.popLast() ?? Axis(size: 1, stride: 1)
        self.kept = kept
        self.reduced = reduced
    }

    /// Whether the elements of a group lie side by side.
    var isContiguous: Bool { reduced.isEmpty && innermost.stride == 1 }

    /// The offset of the first element of a group.
    @inline(__always)
    func start(_ index: Int) -> Int {
        var (rest, offset) = (index, 0)
        for axis in kept.reversed() {
            offset += rest % axis.size * axis.stride
            rest /= axis.size
        }
        return offset
    }

    /// Calls `body` with the offsets of a group's elements from its first, in order.
    @inline(__always)
    func forEachElement(_ body: (_ offset: Int) -> Void) {
        guard innermost.size > 0 else { return }
        for block in 0..<reducedCount / innermost.size {
            var (rest, offset) = (block, 0)
            for axis in reduced.reversed() {
                offset += rest % axis.size * axis.stride
                rest /= axis.size
            }
            for i in 0..<innermost.size { body(offset + i * innermost.stride) }
        }
    }
}
