import WeftProvider

extension Operator {
    /// Every `step`th element from `start` up to `end` along some axes; a negative step walks backwards.
    ///
    /// Opsets below 10 have starts, ends and axes as attributes. The resolved attributes `starts` and `steps` have an
    /// entry for every axis.
    package static let slice = Operator(
        "Slice", since: 13, inputs: 3...5, hostInputs: [1, 2, 3, 4],
        lift: { draft, opset, builder throws(WeftError) in
            guard opset < 10 else { return false }
            Lifting.input("starts", at: 1, &draft, &builder)
            Lifting.input("ends", at: 2, &draft, &builder)
            Lifting.input("axes", at: 3, &draft, &builder)
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        for index in 3...4 where inference.has(index) {
            guard try inference.ints(index) != nil else { return try inference.set(type, nil) }
        }
        guard let x = inference.shape(0), let starts = try inference.ints(1), let ends = try inference.ints(2) else {
            return try inference.set(type, nil)
        }
        let axes = try inference.ints(3) ?? Array(starts.indices)
        let steps = try inference.ints(4) ?? starts.map { _ in 1 }
        guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count else {
            throw WeftError(.invalidModel, "starts, ends, axes and steps should be of one length")
        }
        var shape = x
        var first = [Int64](repeating: 0, count: x.count)
        var stride = [Int64](repeating: 1, count: x.count)
        for (index, axis) in try inference.resolve(axes: axes, rank: x.count).enumerated() {
            let (start, count) = try range(starts[index], ends[index], steps[index], size: x[axis])
            shape[axis] = count
            first[axis] = Int64(start)
            stride[axis] = Int64(steps[index])
        }
        inference.attributes["starts"] = .ints(first)
        inference.attributes["steps"] = .ints(stride)
        try inference.set(type, shape)
    }

    /// Where a slice of an axis starts, and how many elements it has.
    private static func range(
        _ start: Int, _ end: Int, _ step: Int, size: Int
    ) throws(WeftError) -> (start: Int, count: Int) {
        guard step != 0, step != Int.min else { throw WeftError(.invalidModel, "a step of a slice is \(step)") }
        let low = step > 0 ? 0 : -1
        let high = step > 0 ? size : size - 1
        func clamp(_ position: Int) -> Int {
            let counted = position < 0 ? (position < -size ? low : position + size) : position
            return Swift.max(low, Swift.min(counted, high))
        }
        let (first, last) = (clamp(start), clamp(end))
        let distance = step > 0 ? last - first : first - last
        guard distance > 0 else { return (0, 0) }
        return (first, (distance - 1) / Int(step.magnitude) + 1)
    }
}
