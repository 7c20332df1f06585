import WeftProvider

extension Operator {
    /// Axes cut to, or filled with zeros up to, the sizes of `shape`, evenly at both ends.
    package static let centerCropPad = Operator(
        "CenterCropPad", since: 18, inputs: 2...2, attributes: [.optional("axes", .ints)], hostInputs: [1]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0), let sizes = try inference.ints(1) else { return try inference.set(type, nil) }
        let axes = try inference.resolve(axes: inference.ints(attribute: "axes") ?? Array(x.indices), rank: x.count)
        guard axes.count == sizes.count else {
            throw WeftError(.invalidModel, "shape \(sizes) should have one size for each of axes \(axes)")
        }
        var y = x
        for (axis, size) in zip(axes, sizes) { y[axis] = size }
        try inference.set(type, y)
    }
}
