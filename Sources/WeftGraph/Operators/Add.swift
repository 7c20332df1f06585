package import WeftProvider

extension Operator {
    /// The sum of two tensors, element by element, with broadcasting.
    package static let add = Operator(
        "Add", since: 14, inputs: 2...2, attributes: [], lift: Lifting.broadcastAttributes, infer: Rules.binary)
}

/// Inference rules that several operators share.
package enum Rules {
    /// Two operands of one type, broadcast; the result has their type.
    package static let binary: @Sendable (inout Inference) throws(WeftError) -> Void = { inference throws(WeftError) in
        let type = try sameType(inference)
        guard let a = inference.shape(0), let b = inference.shape(1) else { return try inference.set(type, nil) }
        try inference.set(type, try Inference.broadcast([a, b]))
    }

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
            guard draft.attributes.removeValue(forKey: "axis") == nil else {
                throw WeftError(
                    .unsupportedVersion, "broadcasting along an axis, as opsets before 7 had it, is not supported",
                    hint: "convert the model to a newer operator set")
            }
            return false
        }
}
