import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let nonMaxSuppression = dynamic(
        "NonMaxSuppression", types: TypeConstraint([.float32], operands: [2: [.int64]])
    ) { node, invocation throws(WeftError) in
        let (shape, count) = (node.inputShape(1), node.inputShape(0)[1])
        let boxes = invocation.input(0, as: Float.self)
        let scores = invocation.input(1, as: Float.self)
        let centred = try node.flag("center_point_box")
        func has(_ index: Int) -> Bool { node.has(input: index) && node.inputShape(index).elementCount > 0 }
        let limit = has(2) ? Int(Swift.max(0, invocation.input(2, as: Int64.self)[0])) : 0
        let overlap = has(3) ? invocation.input(3, as: Float.self)[0] : 0
        let least = has(4) ? invocation.input(4, as: Float.self)[0] : -.infinity
        var selected: [Int64] = []
        for batch in 0..<shape[0] {
            let corners = (0..<count).map { Corners(boxes + (batch * count + $0) * 4, centred: centred) }
            for group in 0..<shape[1] {
                let row = scores + (batch * shape[1] + group) * count
                let candidates = (0..<count).filter { row[$0] > least || (row[$0] == least && !has(4)) }
                    .sorted { row[$0] > row[$1] || (row[$0] == row[$1] && $0 < $1) }
                var kept: [Int] = []
                for box in candidates {
                    guard kept.count < limit else { break }
                    if kept.allSatisfy({ corners[$0].overlap(corners[box]) <= overlap }) { kept.append(box) }
                }
                for box in kept { selected += [Int64(batch), Int64(group), Int64(box)] }
            }
        }
        let target = try invocation.allocate(output: 0, shape: [selected.count / 3, 3], as: Int64.self)
        for (index, value) in selected.enumerated() { target[index] = value }
    }
}

/// A box by its corners.
private struct Corners {
    let left, top, right, bottom: Float

    /// From y1, x1, y2, x2 of two opposite corners, or from a centre's x and y, width and height.
    init(_ box: UnsafePointer<Float>, centred: Bool) {
        if centred {
            (left, right) = (box[0] - box[2] / 2, box[0] + box[2] / 2)
            (top, bottom) = (box[1] - box[3] / 2, box[1] + box[3] / 2)
        } else {
            (left, right) = (Swift.min(box[1], box[3]), Swift.max(box[1], box[3]))
            (top, bottom) = (Swift.min(box[0], box[2]), Swift.max(box[0], box[2]))
        }
    }

    private var area: Float { (right - left) * (bottom - top) }

    /// Intersection over union; 0 where either box or what they share has no area.
    func overlap(_ other: Corners) -> Float {
        let width = Swift.min(right, other.right) - Swift.max(left, other.left)
        let height = Swift.min(bottom, other.bottom) - Swift.max(top, other.top)
        guard width > 0, height > 0, area > 0, other.area > 0 else { return 0 }
        let shared = width * height
        return shared / (area + other.area - shared)
    }
}
