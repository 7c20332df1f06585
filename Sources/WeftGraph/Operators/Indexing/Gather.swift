import WeftProvider

extension Operator {
    /// Slices of the input along `axis`, one for each index.
    package static let gather = Operator(
        "Gather", since: 13, inputs: 2...2, attributes: [.int("axis", 0)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        _ = try inference.elementType(1, among: [.int32, .int64])
        guard let x = inference.shape(0), let indices = inference.shape(1) else { return try inference.set(type, nil) }
        let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
        inference.attributes["axis"] = .int(Int64(axis))
        try inference.set(type, Array(x[..<axis]) + indices + Array(x[(axis + 1)...]))
    }

    /// The element whose place along `axis` an index says, all other coordinates being the index's own.
    package static let gatherElements = Operator(
        "GatherElements", since: 13, inputs: 2...2, attributes: [.int("axis", 0)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        _ = try inference.elementType(1, among: [.int32, .int64])
        if let x = inference.shape(0), let indices = inference.shape(1) {
            let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
            inference.attributes["axis"] = .int(Int64(axis))
            try Rules.fits(indices, x, beside: axis)
        }
        try inference.set(type, inference.shape(1))
    }

    /// Slices of the input at the coordinates that the last axis of the indices holds.
    package static let gatherND = Operator(
        "GatherND", since: 13, inputs: 2...2, attributes: [.int("batch_dims", 0)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        _ = try inference.elementType(1, among: [.int64, .int32])
        guard let x = inference.shape(0), let indices = inference.shape(1) else { return try inference.set(type, nil) }
        let batch = try inference.int("batch_dims")
        guard let depth = indices.last, batch >= 0, batch < indices.count, depth >= 1, batch <= x.count,
            depth <= x.count - batch, x[..<batch] == indices[..<batch]
        else {
            throw WeftError(
                .invalidModel, "indices of shape \(indices) do not fit shape \(x) with batch_dims \(batch)")
        }
        try inference.set(type, Array(indices.dropLast()) + Array(x[(batch + depth)...]))
    }
}

extension Rules {
    /// Throws where indices reach past a shape along any axis but one.
    static func fits(_ indices: [Int], _ shape: [Int], beside axis: Int) throws(WeftError) {
        guard indices.count == shape.count, indices.indices.allSatisfy({ $0 == axis || indices[$0] <= shape[$0] })
        else {
            throw WeftError(.invalidModel, "indices of shape \(indices) do not fit shape \(shape) beside axis \(axis)")
        }
    }
}
