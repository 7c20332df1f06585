import WeftProvider

extension Operator {
    /// The same elements under the shape that the second input holds: 0 keeps a dimension, -1 is what is left.
    ///
    /// Opsets below 5 have the shape as an attribute.
    package static let reshape = Operator(
        "Reshape", since: 25, inputs: 2...2, attributes: [.int("allowzero", 0)], hostInputs: [1],
        lift: { draft, opset, builder throws(WeftError) in
            if opset < 5 { Lifting.input("shape", at: 1, &draft, &builder) }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0), let wanted = try inference.ints(1) else {
            return try inference.set(type, nil)
        }
        let keeps = try inference.int("allowzero") == 0
        var shape: [Int] = []
        var open: Int?
        for (axis, size) in wanted.enumerated() {
            if size == 0, keeps {
                guard axis < x.count else {
                    throw WeftError(.invalidModel, "dimension \(axis) of \(wanted) should be that of shape \(x)")
                }
                shape.append(x[axis])
            } else if size == -1 {
                guard open == nil else { throw WeftError(.invalidModel, "\(wanted) has more than one -1") }
                open = axis
                shape.append(1)
            } else {
                shape.append(size)
            }
        }
        guard let count = x.checkedElementCount, let known = shape.checkedElementCount else {
            throw WeftError(.invalidModel, "shape \(x) cannot become \(wanted)")
        }
        if let open {
            guard known == 0 ? count == 0 : count % known == 0 else {
                throw WeftError(.invalidModel, "shape \(x) cannot become \(wanted)")
            }
            shape[open] = known == 0 ? 0 : count / known
        } else if known != count {
            throw WeftError(.invalidModel, "shape \(x) has \(count) elements, \(wanted) wants \(known)")
        }
        try inference.set(type, shape)
    }
}

extension Lifting {
    /// Makes an input of an attribute that older operator sets have: a list of integers, or one.
    static func input(_ name: String, at index: Int, _ draft: inout NodeDraft, _ builder: inout GraphBuilder) {
        let values: [Int]
        switch draft.attributes[name] {
        case .ints(let list): values = list.map { Int($0) }
        case .int(let one): values = [Int(one)]
        default: return
        }
        draft.attributes[name] = nil
        let constant = builder.constant(ConstantFactory.constant(ints: values), name: "\(draft.name).\(name)")
        while draft.inputs.count <= index { draft.inputs.append(Node.absent) }
        draft.inputs[index] = constant
    }
}
