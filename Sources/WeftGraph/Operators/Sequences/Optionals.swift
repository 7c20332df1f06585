import WeftProvider

extension Operator {
    /// A value that may be absent: one that holds the input, or one of type `type` that holds nothing.
    package static let optional = Operator(
        "Optional", since: 28, inputs: 0...1, attributes: [.optional("type", .type)]
    ) { inference throws(WeftError) in
        if inference.has(0), let wrapped = inference.inputs[0] {
            inference.outputs[0] = .optional(wrapped.unsized)
        } else if case .type(let wrapped) = inference.attributes["type"] {
            inference.outputs[0] = .optional(wrapped.unsized)
        } else {
            throw WeftError(.invalidModel, "without an input the attribute 'type' has to say what is absent")
        }
    }

    /// Whether the input is there and, where it is an optional, holds something.
    package static let optionalHasElement = Operator("OptionalHasElement", since: 28, inputs: 0...1) {
        inference throws(WeftError) in
        try inference.set(.bool, [])
    }

    /// What an optional holds; any other value passes unchanged.
    package static let optionalGetElement = Operator("OptionalGetElement", since: 28, inputs: 1...1) {
        inference throws(WeftError) in
        guard let type = inference.inputs[0] else { throw WeftError(.invalidModel, "input 0 is missing") }
        if case .optional(let wrapped) = type {
            inference.outputs[0] = wrapped.unsized
        } else {
            inference.outputs[0] = type
        }
    }
}
