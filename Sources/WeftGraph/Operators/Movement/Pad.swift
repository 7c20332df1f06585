import WeftProvider

extension Operator {
    private static let modes = ["constant", "edge", "reflect", "wrap"]

    /// The input with elements added before and after along its axes, or taken away where the count is negative.
    ///
    /// Opsets below 11 have the counts and the value as attributes. The resolved attribute `pads` has two entries for
    /// every axis: all the counts before, then all those after.
    package static let pad = Operator(
        "Pad", since: 25, inputs: 2...4, attributes: [.string("mode", "constant")], hostInputs: [1, 3],
        lift: { draft, opset, builder throws(WeftError) in
            guard opset < 11, let x = draft.inputs.first else { return false }
            if let old = draft.attributes.removeValue(forKey: "paddings") { draft.attributes["pads"] = old }
            Lifting.input("pads", at: 1, &draft, &builder)
            if case .float(let value)? = draft.attributes.removeValue(forKey: "value"), value != 0 {
                let constant = ConstantFactory.constant(Tensor(scalar: value))
                draft.inputs.append(try Lifting.typed(constant, like: x, name: "\(draft.name).value", &builder))
            }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        if inference.has(2), try inference.elementType(2) != type {
            throw WeftError(.invalidModel, "the value is of type \(try inference.elementType(2)), the input of \(type)")
        }
        let mode = inference.string("mode") ?? ""
        guard modes.contains(mode) else { throw WeftError(.invalidModel, "attribute 'mode' is no mode: \"\(mode)\"") }
        let named = try inference.ints(3)
        guard let x = inference.shape(0), let given = try inference.ints(1), !inference.has(3) || named != nil else {
            return try inference.set(type, nil)
        }
        let axes = try inference.resolve(axes: named ?? Array(x.indices), rank: x.count)
        guard given.count == 2 * axes.count else {
            throw WeftError(.invalidModel, "pads \(given) should have two entries for each of \(axes.count) axes")
        }
        var pads = [Int](repeating: 0, count: 2 * x.count)
        var shape = x
        for (index, axis) in axes.enumerated() {
            let (before, after) = (given[index], given[index + axes.count])
            pads[axis] = before
            pads[x.count + axis] = after
            shape[axis] = try Inference.sum(try Inference.sum(before, after), x[axis])
            guard mode == "constant" || x[axis] > 0 || shape[axis] == 0 else {
                throw WeftError(.invalidModel, "axis \(axis) is empty and cannot be padded in mode \(mode)")
            }
        }
        inference.attributes["pads"] = .ints(pads.map { Int64($0) })
        try inference.set(type, shape)
    }
}

extension Lifting {
    /// A float32 constant as an operand of the type that another value has.
    static func typed(
        _ constant: Constant, like value: Int, name: String, _ builder: inout GraphBuilder
    ) throws(WeftError) -> Int {
        let plain = builder.constant(constant, name: name)
        guard value >= 0, builder.values[value].type?.elementType != .float32 else { return plain }
        let typed = builder.value(name + ".typed")
        try builder.append(NodeDraft("CastLike", inputs: [plain, value], outputs: [typed]), opset: 24)
        return typed
    }
}
