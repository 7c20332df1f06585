import WeftProvider

extension Operator {
    /// The input broadcast together with the shape that the second input holds.
    package static let expand = Operator(
        "Expand", since: 13, inputs: 2...2, hostInputs: [1]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0), let shape = try inference.ints(1) else {
            return try inference.set(type, nil)
        }
        try inference.set(type, try Inference.broadcast([x, shape]))
    }

    /// The input repeated along each axis as often as the second input says.
    package static let tile = Operator(
        "Tile", since: 13, inputs: 2...2, hostInputs: [1],
        lift: { draft, opset, _ throws(WeftError) in
            if opset < 6 {
                throw WeftError(
                    .unsupportedVersion, "Tile of operator sets before 6 is not supported",
                    hint: "convert the model to a newer operator set")
            }
            return false
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        guard let x = inference.shape(0), let repeats = try inference.ints(1) else {
            return try inference.set(type, nil)
        }
        guard repeats.count == x.count else {
            throw WeftError(.invalidModel, "repeats \(repeats) do not fit rank \(x.count)")
        }
        var shape: [Int] = []
        for (size, count) in zip(x, repeats) { shape.append(try Inference.product(size, count)) }
        try inference.set(type, shape)
    }
}

extension Inference {
    /// A product of sizes. Throws where it overflows or one is negative.
    static func product(_ a: Int, _ b: Int) throws(WeftError) -> Int {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        guard !overflow, a >= 0, b >= 0 else {
            throw WeftError(.invalidModel, "\(a) times \(b) elements are no size")
        }
        return product
    }

    /// A sum of sizes. Throws where it overflows.
    static func sum(_ a: Int, _ b: Int) throws(WeftError) -> Int {
        let (sum, overflow) = a.addingReportingOverflow(b)
        guard !overflow else { throw WeftError(.invalidModel, "\(a) and \(b) elements are more than memory can hold") }
        return sum
    }
}
