import WeftProvider

/// A tensor with some elements replaced, or combined with others.
extension Operator {
    /// Each update goes to the place along `axis` that its index says, at the update's own other coordinates.
    package static let scatterElements = Operator(
        "ScatterElements", since: 18, inputs: 3...3, attributes: [.int("axis", 0), .string("reduction", "none")]
    ) { inference throws(WeftError) in
        let type = try scattered(inference)
        if let x = inference.shape(0), let indices = inference.shape(1) {
            let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
            inference.attributes["axis"] = .int(Int64(axis))
            try Rules.fits(indices, x, beside: axis)
            if let updates = inference.shape(2), updates != indices {
                throw WeftError(.invalidModel, "updates of shape \(updates) should have shape \(indices)")
            }
        }
        try inference.set(type, inference.shape(0))
    }

    /// What ScatterElements was called before opset 11.
    package static let scatter = Operator(
        "Scatter", since: 11, inputs: 3...3, attributes: [.int("axis", 0)],
        lift: { draft, opset, builder throws(WeftError) in
            draft.opType = "ScatterElements"
            try builder.append(draft, opset: 18)
            return true
        }
    ) { inference throws(WeftError) in
        try inference.set(try inference.elementType(0), inference.shape(0))
    }

    /// Each slice of updates goes to the coordinates that the last axis of the indices holds.
    package static let scatterND = Operator(
        "ScatterND", since: 18, inputs: 3...3, attributes: [.string("reduction", "none")]
    ) { inference throws(WeftError) in
        let type = try scattered(inference)
        if let x = inference.shape(0), let indices = inference.shape(1) {
            guard let depth = indices.last, depth <= x.count else {
                throw WeftError(.invalidModel, "indices of shape \(indices) do not fit shape \(x)")
            }
            let wanted = Array(indices.dropLast()) + Array(x[depth...])
            if let updates = inference.shape(2), updates != wanted {
                throw WeftError(.invalidModel, "updates of shape \(updates) should have shape \(wanted)")
            }
        }
        try inference.set(type, inference.shape(0))
    }

    private static func scattered(_ inference: Inference) throws(WeftError) -> ElementType {
        let type = try inference.elementType(0)
        _ = try inference.elementType(1, among: [.int32, .int64])
        guard try inference.elementType(2) == type else {
            throw WeftError(.invalidModel, "updates should be of type \(type), are \(try inference.elementType(2))")
        }
        let reduction = inference.string("reduction") ?? ""
        guard ["none", "add", "mul", "max", "min"].contains(reduction) else {
            throw WeftError(.invalidModel, "attribute 'reduction' is no reduction: \"\(reduction)\"")
        }
        return type
    }
}
