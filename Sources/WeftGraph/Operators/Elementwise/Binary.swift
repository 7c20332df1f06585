package import WeftProvider

/// Functions of two numbers, with broadcasting.
extension Operator {
    package static let add = binary("Add", since: 14, .numeric)
    package static let div = binary("Div", since: 14, .numeric)
    package static let mul = binary("Mul", since: 14, .numeric)
    package static let sub = binary("Sub", since: 14, .numeric)
    package static let and = binary("And", since: 7, [.bool])
    package static let or = binary("Or", since: 7, [.bool])
    package static let xor = binary("Xor", since: 7, [.bool])
    package static let bitwiseAnd = binary("BitwiseAnd", since: 18, .integer)
    package static let bitwiseOr = binary("BitwiseOr", since: 18, .integer)
    package static let bitwiseXor = binary("BitwiseXor", since: 18, .integer)
    package static let equal = binary("Equal", since: 19, ElementTypes.numeric.union([.bool, .string]), result: .bool)
    package static let greater = binary("Greater", since: 13, .numeric, result: .bool)
    package static let greaterOrEqual = binary("GreaterOrEqual", since: 16, .numeric, result: .bool)
    package static let less = binary("Less", since: 13, .numeric, result: .bool)
    package static let lessOrEqual = binary("LessOrEqual", since: 16, .numeric, result: .bool)

    private static func binary(
        _ name: String, since: Int, _ types: ElementTypes, result: ElementType? = nil
    ) -> Operator {
        Operator(
            name, since: since, inputs: 2...2, lift: Lifting.broadcastAttributes,
            infer: Rules.broadcast(types, result: result))
    }

    /// Bits shifted to the LEFT or RIGHT.
    package static let bitShift = Operator(
        "BitShift", since: 28, inputs: 2...2, attributes: [.required("direction", .string)]
    ) { inference throws(WeftError) in
        let direction = inference.string("direction") ?? ""
        guard direction == "LEFT" || direction == "RIGHT" else {
            throw WeftError(.invalidModel, "attribute 'direction' should be LEFT or RIGHT, is \"\(direction)\"")
        }
        try Rules.broadcast(.integer)(&inference)
    }

    /// The remainder of a division: with the divisor's sign, or with the dividend's where `fmod` is 1.
    package static let mod = Operator(
        "Mod", since: 28, inputs: 2...2, attributes: [.int("fmod", 0)], infer: Rules.broadcast(.numeric))

    /// The first operand to the power of the second, which may be of another type.
    package static let power = Operator(
        "Pow", since: 15, inputs: 2...2, lift: Lifting.broadcastAttributes
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .numeric)
        _ = try inference.elementType(1, among: .numeric)
        try inference.set(type, try Rules.broadcastShape(inference))
    }

    /// The first operand where it is not negative, else its product with the slope, which broadcasts to it.
    ///
    /// Opsets below 7 have one slope a channel, channels being the second axis.
    package static let prelu = Operator(
        "PRelu", since: 16, inputs: 2...2,
        lift: { draft, opset, builder throws(WeftError) in
            guard opset < 7, draft.has(input: 1), builder.values[draft.inputs[1]].dimensions?.count == 1,
                builder.values[draft.inputs[1]].dimensions != [.fixed(1)]
            else { return false }
            try Lifting.align(&draft, axis: 1, &builder)
            return false
        }
    ) { inference throws(WeftError) in
        let type = try Rules.sameType(inference)
        if let shape = try Rules.broadcastShape(inference), let x = inference.shape(0), shape != x {
            throw WeftError(
                .invalidModel, "a slope of shape \(inference.shape(1) ?? []) does not broadcast to shape \(x)")
        }
        try inference.set(type, inference.shape(0))
    }
}

/// Inference rules that several operators share.
package enum Rules {
    /// The element type that all inputs have. Throws where they differ.
    package static func sameType(_ inference: Inference) throws(WeftError) -> ElementType {
        let type = try inference.elementType(0)
        for index in inference.inputs.indices.dropFirst() where inference.has(index) {
            let other = try inference.elementType(index)
            guard other == type else {
                throw WeftError(.invalidModel, "inputs 0 and \(index) should have one type, have \(type) and \(other)")
            }
        }
        return type
    }
}

/// Steps from older operator sets to canonical form that several operators share.
package enum Lifting {
    /// Opsets below 7 broadcast the second operand only on request (`broadcast`), at `axis`.
    package static let broadcastAttributes:
        @Sendable (inout NodeDraft, Int, inout GraphBuilder) throws(WeftError) -> Bool = {
            draft, opset, builder throws(WeftError) in
            guard opset < 7 else { return false }
            draft.attributes["broadcast"] = nil
            draft.attributes["consumed_inputs"] = nil
            guard case .int(let axis)? = draft.attributes.removeValue(forKey: "axis") else { return false }
            try align(&draft, axis: Int(axis), &builder)
            return false
        }

    /// Gives the second operand trailing axes of size 1, so that its first one meets `axis` of the first operand.
    static func align(_ draft: inout NodeDraft, axis: Int, _ builder: inout GraphBuilder) throws(WeftError) {
        guard draft.has(input: 0), draft.has(input: 1) else { return }
        guard let rank = builder.values[draft.inputs[0]].dimensions?.count,
            let small = builder.values[draft.inputs[1]].dimensions?.count
        else {
            throw WeftError(
                .unsupportedVersion, "broadcasting along axis \(axis), as opsets before 7 had it, needs known ranks",
                hint: "convert the model to a newer operator set, or declare the shapes of its values")
        }
        let first = axis < 0 ? axis + rank : axis
        let trailing = rank - first - small
        guard first >= 0, trailing >= 0 else {
            throw WeftError(.invalidModel, "an operand of rank \(small) does not fit rank \(rank) at axis \(axis)")
        }
        guard trailing > 0 else { return }
        let axes = builder.constant(ConstantFactory.constant(ints: Array(small..<small + trailing)))
        let aligned = builder.value(builder.values[draft.inputs[1]].name + ".aligned")
        try builder.append(NodeDraft("Unsqueeze", inputs: [draft.inputs[1], axes], outputs: [aligned]), opset: 25)
        draft.inputs[1] = aligned
    }
}
