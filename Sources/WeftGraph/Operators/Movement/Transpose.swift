import WeftProvider

extension Operator {
    /// The axes in the order `perm`, by default reversed.
    package static let transpose = Operator(
        "Transpose", since: 25, inputs: 1...1, attributes: [.optional("perm", .ints)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        let order = inference.ints(attribute: "perm") ?? Array(x.indices.reversed())
        guard order.count == x.count else {
            throw WeftError(.invalidModel, "perm \(order) does not fit rank \(x.count)")
        }
        let axes = try inference.resolve(axes: order, rank: x.count)
        inference.attributes["perm"] = .ints(axes.map { Int64($0) })
        try inference.set(type, axes.map { x[$0] })
    }
}
