import WeftProvider

/// Axes of size 1 that come and go. Opsets below 13 name them in an attribute.
extension Operator {
    /// Without the axes that the second input names, or without all that are of size 1.
    package static let squeeze = Operator(
        "Squeeze", since: 25, inputs: 1...2, hostInputs: [1], lift: Lifting.axes
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        let contents = try inference.ints(1)
        guard let x = inference.shape(0), !inference.has(1) || contents != nil else {
            return try inference.set(type, nil)
        }
        var gone = Set(x.indices.filter { x[$0] == 1 })
        if let contents {
            gone = []
            for axis in contents { gone.insert(try inference.resolve(axis: axis, rank: x.count)) }
            for axis in gone where x[axis] != 1 {
                throw WeftError(.invalidModel, "axis \(axis) of shape \(x) is not of size 1")
            }
        }
        try inference.set(type, x.indices.filter { !gone.contains($0) }.map { x[$0] })
    }

    /// With an axis of size 1 at each place, in the result, that the second input names.
    package static let unsqueeze = Operator(
        "Unsqueeze", since: 25, inputs: 2...2, hostInputs: [1], lift: Lifting.axes
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0), let contents = try inference.ints(1) else {
            return try inference.set(type, nil)
        }
        let rank = x.count + contents.count
        let fresh = Set(try inference.resolve(axes: contents, rank: rank))
        var rest = x[...]
        try inference.set(type, (0..<rank).map { fresh.contains($0) ? 1 : rest.popFirst() ?? 1 })
    }
}

extension Lifting {
    fileprivate static let axes: @Sendable (inout NodeDraft, Int, inout GraphBuilder) throws(WeftError) -> Bool = {
        draft, opset, builder throws(WeftError) in
        if opset < 13 { input("axes", at: 1, &draft, &builder) }
        return false
    }
}
