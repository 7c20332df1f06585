extension AxisSplit {
    /// Slices along the axis.
    var lines: Int { outer * inner }

    /// The offset of a slice's first element; the others follow `inner` apart.
    @inline(__always)
    func start(_ line: Int) -> Int { line / inner * length * inner + line % inner }
}
