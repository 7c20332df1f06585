import WeftProvider

extension Operator {
    /// The inputs one after the other along `axis`.
    package static let concat = Operator(
        "Concat", since: 13, inputs: 1...Int.max, attributes: [.required("axis", .int)],
        lift: { draft, opset, _ throws(WeftError) in
            if opset < 4, draft.attributes["axis"] == nil { draft.attributes["axis"] = .int(1) }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try Rules.sameType(inference)
        var result: [Int] = []
        for index in inference.inputs.indices {
            guard let shape = inference.shape(index) else { return try inference.set(type, nil) }
            let axis = try inference.resolve(axis: try inference.int("axis"), rank: shape.count)
            guard index > 0 else {
                result = shape
                continue
            }
            guard shape.count == result.count, shape.indices.allSatisfy({ $0 == axis || shape[$0] == result[$0] })
            else {
                throw WeftError(
                    .invalidModel, "input \(index) of shape \(shape) does not fit \(result) beside axis \(axis)")
            }
            result[axis] = try Inference.sum(result[axis], shape[axis])
        }
        let axis = try inference.resolve(axis: try inference.int("axis"), rank: result.count)
        inference.attributes["axis"] = .int(Int64(axis))
        try inference.set(type, result)
    }
}
