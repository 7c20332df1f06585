import WeftProvider

extension Operator {
    /// Each box [image, x1, y1, x2, y2] cut into bins, each its greatest element.
    ///
    /// Takes x [N, C, H, W] and boxes [K, 5]; gives [K, C, pooled_shape].
    package static let maxRoiPool = Operator(
        "MaxRoiPool", since: 22, inputs: 2...2,
        attributes: [.required("pooled_shape", .ints), .float("spatial_scale", 1)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        guard let size = inference.ints(attribute: "pooled_shape"), size.count == 2, size.allSatisfy({ $0 >= 1 })
        else { throw WeftError(.invalidModel, "pooled_shape should be two positive sizes") }
        guard let x = inference.shape(0), let boxes = inference.shape(1) else { return try inference.set(type, nil) }
        guard x.count == 4, boxes.count == 2, boxes[1] == 5 else {
            throw WeftError(.invalidModel, "boxes of shape \(boxes) do not fit an input of shape \(x)")
        }
        try inference.set(type, [boxes[0], x[1]] + size)
    }
}
