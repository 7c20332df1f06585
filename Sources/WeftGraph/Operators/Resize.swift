package import WeftProvider

extension Operator {
    /// The input sampled on another grid along some axes: nearest, linear or cubic.
    ///
    /// Inference leaves the scale of every axis of the input in the attribute `resolved_scales`.
    package static let resize = Operator(
        "Resize", since: 19, inputs: 1...4,
        attributes: [
            .int("antialias", 0), .optional("axes", .ints),
            .string("coordinate_transformation_mode", "half_pixel"), .float("cubic_coeff_a", -0.75),
            .int("exclude_outside", 0), .float("extrapolation_value", 0),
            .string("keep_aspect_ratio_policy", "stretch"), .string("mode", "nearest"),
            .string("nearest_mode", "round_prefer_floor"),
        ],
        hostInputs: [1, 2, 3],
        lift: { draft, opset, _ throws(WeftError) in
            if opset < 11, draft.inputs.count == 2 { Lifting.sampledAsymmetrically(&draft, scales: draft.inputs[1]) }
            return false
        }, infer: Rules.resize)

    /// Resize as opsets before 11 had it; always lifted to it.
    package static let upsample = Operator(
        "Upsample", since: 9, inputs: 1...2,
        lift: { draft, opset, builder throws(WeftError) in
            guard draft.inputs.count >= 1 else { return false }
            var scales = draft.has(input: 1) ? draft.inputs[1] : Node.absent
            if scales == Node.absent {
                var values: [Float]
                if case .floats(let given)? = draft.attributes["scales"] {
                    values = given
                } else if case .float(let height)? = draft.attributes["height_scale"],
                    case .float(let width)? = draft.attributes["width_scale"]
                {
                    values = [1, 1, height, width]
                } else {
                    throw WeftError(.invalidModel, "scales are missing")
                }
                let constant = ConstantFactory.constant(Tensor(values, shape: [values.count]))
                scales = builder.constant(constant, name: draft.name + ".scales")
            }
            for name in ["scales", "height_scale", "width_scale"] { draft.attributes[name] = nil }
            if case .string("bilinear")? = draft.attributes["mode"] { draft.attributes["mode"] = .string("linear") }
            draft.opType = "Resize"
            Lifting.sampledAsymmetrically(&draft, scales: scales)
            try builder.append(draft, opset: 19)
            return true
        }
    ) { inference throws(WeftError) in
        throw WeftError(.unsupportedVersion, "Upsample should have become Resize")
    }
}

extension Lifting {
    /// What opsets before 11 meant: the pixel at or before the position divided by the scale.
    fileprivate static func sampledAsymmetrically(_ draft: inout NodeDraft, scales: Int) {
        draft.inputs = [draft.inputs[0], Node.absent, scales]
        draft.attributes["coordinate_transformation_mode"] = .string("asymmetric")
        draft.attributes["nearest_mode"] = .string("floor")
    }
}

extension Rules {
    fileprivate static let resize: @Sendable (inout Inference) throws(WeftError) -> Void = {
        inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        var axes = Array(x.indices)
        if let given = inference.ints(attribute: "axes") {
            axes = []
            for axis in given { axes.append(try inference.resolve(axis: axis, rank: x.count)) }
            guard Set(axes).count == axes.count else {
                throw WeftError(.invalidModel, "axes \(given) name an axis twice")
            }
        }
        inference.attributes["axes"] = .ints(axes.map { Int64($0) })
        let sized = inference.shape(3).map { $0 != [0] } ?? inference.has(3)
        let scaled = inference.shape(2).map { $0 != [0] } ?? inference.has(2)
        guard sized || scaled else { throw WeftError(.invalidModel, "neither scales nor sizes are given") }
        var shape = x
        var scales = [Float](repeating: 1, count: x.count)
        if sized {
            guard let sizes = try inference.ints(3) else { return try inference.set(type, nil) }
            try fit(sizes, axes, x, inference.string("keep_aspect_ratio_policy") ?? "stretch", &shape, &scales)
        } else {
            guard let given = try inference.floats(2) else { return try inference.set(type, nil) }
            guard given.count == axes.count, given.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                throw WeftError(.invalidModel, "scales should have \(axes.count) positive elements, are \(given)")
            }
            for (axis, scale) in zip(axes, given) {
                let size = (Float(x[axis]) * scale).rounded(.down)
                guard size < 0x1p40 else {
                    throw WeftError(.invalidModel, "scale \(scale) of axis \(axis) is too large")
                }
                shape[axis] = Int(size)
                scales[axis] = scale
            }
        }
        guard !shape.indices.contains(where: { x[$0] == 0 && shape[$0] != 0 }) else {
            throw WeftError(.invalidModel, "an input of shape \(x) has nothing to sample for shape \(shape)")
        }
        inference.attributes["resolved_scales"] = .floats(scales)
        try inference.set(type, shape)
    }

    private static func fit(
        _ sizes: [Int], _ axes: [Int], _ x: [Int], _ policy: String, _ shape: inout [Int], _ scales: inout [Float]
    ) throws(WeftError) {
        guard sizes.count == axes.count, sizes.allSatisfy({ $0 >= 0 && $0 < 1 << 40 }) else {
            throw WeftError(.invalidModel, "sizes should have \(axes.count) elements from 0 on, are \(sizes)")
        }
        var ratios: [Double] = []
        for (axis, size) in zip(axes, sizes) { ratios.append(x[axis] == 0 ? 1 : Double(size) / Double(x[axis])) }
        let common: Double?
        switch policy {
        case "stretch": common = nil
        case "not_larger": common = ratios.min()
        case "not_smaller": common = ratios.max()
        default: throw WeftError(.invalidModel, "keep_aspect_ratio_policy is '\(policy)', which is none")
        }
        for (index, axis) in axes.enumerated() {
            scales[axis] = Float(common ?? ratios[index])
            guard let common else {
                shape[axis] = sizes[index]
                continue
            }
            let size = (common * Double(x[axis]) + 0.5).rounded(.down)
            guard size < 0x1p40 else { throw WeftError(.invalidModel, "sizes \(sizes) are too large") }
            shape[axis] = Int(size)
        }
    }
}

extension Inference {
    /// The contents of a float32, float64 or float16 input; nil where they are not known yet, or it is absent.
    package func floats(_ index: Int) throws(WeftError) -> [Float]? {
        guard index < contents.count, let constant = contents[index] else { return nil }
        let tensor = try constant.tensor()
        switch constant.elementType {
        case .float32: return try tensor.array(as: Float.self)
        case .float64: return try tensor.array(as: Double.self).map { Float($0) }
        case .float16: return try tensor.array(as: Float16.self).map { Float($0) }
        default: throw WeftError(.invalidModel, "input \(index) should hold numbers, is \(constant.elementType)")
        }
    }
}
