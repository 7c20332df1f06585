import WeftProvider

extension Operator {
    /// Each box [x1, y1, x2, y2] of an image cut into bins, each the mean or greatest of samples between its elements.
    ///
    /// Takes x [N, C, H, W], boxes [K, 4] and the image [K] of each; gives [K, C, output_height, output_width].
    package static let roiAlign = Operator(
        "RoiAlign", since: 22, inputs: 3...3,
        attributes: [
            .string("coordinate_transformation_mode", "half_pixel"), .string("mode", "avg"), .int("output_height", 1),
            .int("output_width", 1), .int("sampling_ratio", 0), .float("spatial_scale", 1),
        ],
        lift: { draft, opset, _ throws(WeftError) in
            let name = "coordinate_transformation_mode"
            if opset < 16, draft.attributes[name] == nil { draft.attributes[name] = .string("output_half_pixel") }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        _ = try inference.elementType(2, among: [.int64])
        for (name, allowed) in [
            ("mode", ["avg", "max"]), ("coordinate_transformation_mode", ["half_pixel", "output_half_pixel"]),
        ] {
            let value = inference.string(name) ?? ""
            guard allowed.contains(value) else {
                throw WeftError(.invalidModel, "\(name) '\(value)' is none of \(allowed)")
            }
        }
        let size = [try inference.int("output_height"), try inference.int("output_width")]
        let ratio = try inference.int("sampling_ratio")
        guard size.allSatisfy({ $0 >= 1 }), (0...1 << 16).contains(ratio) else {
            throw WeftError(.invalidModel, "an output of \(size) with sampling_ratio \(ratio) is not possible")
        }
        guard let x = inference.shape(0), let boxes = inference.shape(1) else { return try inference.set(type, nil) }
        guard x.count == 4, boxes.count == 2, boxes[1] == 4 else {
            throw WeftError(.invalidModel, "boxes of shape \(boxes) do not fit an input of shape \(x)")
        }
        if let images = inference.shape(2), images != [boxes[0]] {
            throw WeftError(.invalidModel, "batch_indices of shape \(images) do not fit \(boxes[0]) boxes")
        }
        try inference.set(type, [boxes[0], x[1]] + size)
    }
}
