import WeftProvider

extension Operator {
    /// The input held between two scalars, each of which may be absent.
    ///
    /// Opsets below 11 have the bounds as attributes, float32 whatever the input's type.
    package static let clip = Operator(
        "Clip", since: 13, inputs: 1...3,
        lift: { draft, opset, builder throws(WeftError) in
            guard opset < 11, let x = draft.inputs.first, x >= 0 else { return false }
            var bounds: [Int] = []
            for name in ["min", "max"] {
                guard case .float(let value)? = draft.attributes.removeValue(forKey: name) else {
                    bounds.append(Node.absent)
                    continue
                }
                let constant = ConstantFactory.constant(Tensor(scalar: value))
                let bound = try Lifting.typed(constant, like: x, name: "\(draft.name).\(name)", &builder)
                bounds.append(bound)
            }
            draft.inputs = [x] + bounds
            return false
        }
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: .numeric)
        let type = try Rules.sameType(inference)
        for index in 1...2 {
            if let bound = inference.shape(index), bound.elementCount != 1 {
                throw WeftError(.invalidModel, "input \(index) should be a scalar, has shape \(bound)")
            }
        }
        try inference.set(type, inference.shape(0))
    }
}
