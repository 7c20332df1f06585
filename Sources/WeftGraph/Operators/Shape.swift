package import WeftProvider

extension Operator {
    /// The dimensions of the input from `start` up to `end` as an int64 tensor of rank 1.
    package static let shape = Operator(
        "Shape", since: 25, inputs: 1...1, attributes: [.int("start", 0), .optional("end", .int)]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0)
        guard let shape = inference.shape(0) else { return try inference.set(.int64, nil) }
        let range = try Operator.shapeRange(inference.attributes, rank: shape.count)
        try inference.set(.int64, [range.count])
    }

    /// The axes that a Shape node returns: `start` and `end` clamped to 0 ... rank.
    package static func shapeRange(_ attributes: [String: Attribute], rank: Int) throws(WeftError) -> Range<Int> {
        func bound(_ name: String, _ standard: Int) -> Int {
            guard case .int(let value) = attributes[name] else { return standard }
            let clamped = Int(value.clamped(-Int64(rank), Int64(rank)))
            return clamped < 0 ? clamped + rank : clamped
        }
        let start = bound("start", 0)
        return start..<max(start, bound("end", rank))
    }
}

extension Int64 {
    fileprivate func clamped(_ low: Int64, _ high: Int64) -> Int64 { Swift.max(low, Swift.min(self, high)) }
}
