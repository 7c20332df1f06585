import WeftProvider

extension Operator {
    /// The axes before `axis` as one, and the others as one.
    package static let flatten = Operator(
        "Flatten", since: 25, inputs: 1...1, attributes: [.int("axis", 1)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        let given = try inference.int("axis")
        let axis =
            given == x.count ? given : x.isEmpty && given == 1 ? 0 : try inference.resolve(axis: given, rank: x.count)
        try inference.set(type, [Array(x[..<axis]).elementCount, Array(x[axis...]).elementCount])
    }
}

extension Operator {
    /// The same bytes as elements of another type of the same width.
    package static let bitCast = Operator(
        "BitCast", since: 26, inputs: 1...1, attributes: [.required("to", .int)]
    ) { inference throws(WeftError) in
        let (from, to) = (try inference.elementType(0), try inference.elementType(attribute: "to"))
        guard from.bitWidth == to.bitWidth, from != .string else {
            throw WeftError(.invalidModel, "elements of \(from) and \(to) are not equally wide")
        }
        try inference.set(to, inference.shape(0))
    }
}
