import WeftProvider

/// Tensors made from a shape or from bounds.
extension Operator {
    /// One value everywhere, in the shape that the input holds.
    package static let constantOfShape = Operator(
        "ConstantOfShape", since: 25, inputs: 1...1, attributes: [.optional("value", .tensor)], hostInputs: [0]
    ) { inference throws(WeftError) in
        var type = ElementType.float32
        if case .tensor(let value) = inference.attributes["value"] {
            guard value.elementCount == 1 else {
                throw WeftError(.invalidModel, "attribute 'value' should be one number")
            }
            type = value.elementType
        }
        try inference.set(type, try inference.ints(0))
    }

    /// The number of elements, as an int64 scalar.
    package static let size = Operator("Size", since: 25, inputs: 1...1) { inference throws(WeftError) in
        _ = try inference.elementType(0)
        try inference.set(.int64, [])
    }

    /// Numbers from a start up to a limit, which is left out, by a step.
    package static let range = Operator(
        "Range", since: 27, inputs: 3...3, attributes: [.optional("stash_type", .int)], hostInputs: [0, 1, 2]
    ) { inference throws(WeftError) in
        let type = try Rules.sameType(inference)
        if let numbers = try integers(inference) {
            guard numbers[2] != 0 else { throw WeftError(.invalidModel, "the step is zero") }
            try inference.set(type, [count(from: numbers[0], to: numbers[1], by: numbers[2])])
        } else if type.isFloatingPoint, let bounds = try floats(inference) {
            let count = ((bounds[1] - bounds[0]) / bounds[2]).rounded(.up)
            guard count < 1e15, !count.isNaN else {
                throw WeftError(.invalidModel, "\(bounds[0]) to \(bounds[1]) by \(bounds[2]) is no finite range")
            }
            try inference.set(type, [Swift.max(0, Int(Swift.max(count, 0)))])
        } else {
            try inference.set(type, nil)
        }
    }

    private static func integers(_ inference: Inference) throws(WeftError) -> [Int]? {
        guard try inference.elementType(0).isInteger else { return nil }
        var numbers: [Int] = []
        for index in 0..<3 {
            guard let values = try inference.ints(index) else { return nil }
            guard values.count == 1 else { throw WeftError(.invalidModel, "input \(index) should be one number") }
            numbers.append(values[0])
        }
        return numbers
    }

    private static func floats(_ inference: Inference) throws(WeftError) -> [Double]? {
        var numbers: [Double] = []
        for index in 0..<3 {
            guard index < inference.contents.count, let constant = inference.contents[index] else { return nil }
            let tensor = try constant.tensor()
            let value: Double? =
                switch tensor.elementType {
                case .float32: try tensor.array(as: Float.self).first.map { Double($0) }
                case .float64: try tensor.array(as: Double.self).first
                case .float16: try tensor.array(as: Float16.self).first.map { Double($0) }
                case .bfloat16: try tensor.array(as: BFloat16.self).first.map { Double($0.float) }
                default: nil
                }
            guard let value else { throw WeftError(.invalidModel, "input \(index) should be one number") }
            numbers.append(value)
        }
        return numbers
    }

    private static func count(from start: Int, to limit: Int, by step: Int) -> Int {
        let (distance, overflow) =
            step > 0 ? limit.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(limit)
        if overflow { return (limit > start) == (step > 0) ? -1 : 0 }
        guard distance > 0 else { return 0 }
        let magnitude = step.magnitude
        return Int((distance.magnitude - 1) / magnitude) + 1
    }

    /// Ones on a diagonal of a matrix of the input's shape.
    package static let eyeLike = Operator(
        "EyeLike", since: 22, inputs: 1...1, attributes: [.optional("dtype", .int), .int("k", 0)]
    ) { inference throws(WeftError) in
        let own = try inference.elementType(0)
        if let x = inference.shape(0), x.count != 2 {
            throw WeftError(.invalidModel, "shape \(x) should be that of a matrix")
        }
        try inference.set(try inference.elementType(attribute: "dtype", default: own), inference.shape(0))
    }

    /// For each index a vector along a new axis, of one value at the index and another elsewhere.
    package static let oneHot = Operator(
        "OneHot", since: 28, inputs: 3...3, attributes: [.int("axis", -1)], hostInputs: [1]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: .numeric)
        let type = try inference.elementType(2)
        guard let indices = inference.shape(0), let depth = try depth(inference) else {
            return try inference.set(type, nil)
        }
        guard depth >= 0 else { throw WeftError(.invalidModel, "the depth is \(depth)") }
        let axis = try inference.resolve(axis: try inference.int("axis"), rank: indices.count + 1)
        inference.attributes["axis"] = .int(Int64(axis))
        try inference.set(type, Array(indices[..<axis]) + [depth] + Array(indices[axis...]))
    }

    /// The depth, which may be of any numeric type.
    private static func depth(_ inference: Inference) throws(WeftError) -> Int? {
        guard inference.contents.count > 1, let constant = inference.contents[1] else { return nil }
        guard constant.elementCount == 1 else { throw WeftError(.invalidModel, "the depth should be one number") }
        switch constant.elementType {
        case .float32: return Int(exactly: try constant.tensor().array(as: Float.self)[0].rounded(.towardZero))
        case .float64: return Int(exactly: try constant.tensor().array(as: Double.self)[0].rounded(.towardZero))
        default: return try constant.integers()[0]
        }
    }
}
