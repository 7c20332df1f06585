import WeftProvider

/// A shape seen from one axis: what is before it, itself, what is behind it.
struct AxisSplit: Sendable {
    let outer: Int
    let length: Int
    let inner: Int

    init(_ shape: [Int], axis: Int) {
        outer = Array(shape[..<axis]).elementCount
        length = shape[axis]
        inner = Array(shape[(axis + 1)...]).elementCount
    }

    /// Slices along the axis.
    var lines: Int { outer * inner }

    /// The offset of a slice's first element; the others follow `inner` apart.
    @inline(__always)
    func start(_ line: Int) -> Int { line / inner * length * inner + line % inner }
}
