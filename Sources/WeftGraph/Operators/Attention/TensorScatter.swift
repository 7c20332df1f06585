import WeftProvider

extension Operator {
    /// A cache with an update written into each batch entry, from a position of its own on along `axis`.
    package static let tensorScatter = Operator(
        "TensorScatter", since: 24, inputs: 2...3, attributes: [.int("axis", -2), .string("mode", "linear")]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard try inference.elementType(1) == type else {
            throw WeftError(.invalidModel, "the cache and its update should have one type")
        }
        if inference.has(2) { _ = try inference.elementType(2, among: [.int64]) }
        let mode = inference.string("mode") ?? ""
        guard ["linear", "circular"].contains(mode) else {
            throw WeftError(.invalidModel, "mode '\(mode)' is none of linear and circular")
        }
        if let cache = inference.shape(0) {
            let axis = try inference.resolve(axis: try inference.int("axis"), rank: cache.count)
            guard axis > 0 else { throw WeftError(.invalidModel, "axis 0 is that of the batch") }
            inference.attributes["axis"] = .int(Int64(axis))
            if let update = inference.shape(1) {
                var fitted = cache
                if update.count == cache.count { fitted[axis] = Swift.min(update[axis], cache[axis]) }
                guard update == fitted else {
                    throw WeftError(
                        .invalidModel, "an update of shape \(update) does not fit a cache of shape \(cache)")
                }
            }
            if let indices = inference.shape(2), indices != [cache[0]] {
                throw WeftError(.invalidModel, "write_indices should have shape [\(cache[0])], has \(indices)")
            }
        }
        try inference.set(type, inference.shape(0))
    }
}
