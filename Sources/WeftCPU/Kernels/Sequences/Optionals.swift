import WeftProvider
import WeftProviderKit

extension CPUKernels {
    static let optional = dynamic("Optional") { node, invocation throws(WeftError) in
        var type = ValueType.tensor(.float32, .unknown)
        if case .optional(let wrapped)? = node.output(0)?.type { type = wrapped }
        let content: Value? = node.has(input: 0) ? try invocation.value(input: 0) : nil
        try invocation.set(output: 0, .optional(content, of: type))
    }

    static let optionalHasElement = dynamic("OptionalHasElement") { node, invocation throws(WeftError) in
        var present = node.has(input: 0)
        if case .optional? = node.input(0)?.type, case .optional(let content, _) = try invocation.value(input: 0) {
            present = content != nil
        }
        invocation.output(0, as: Bool.self)[0] = present
    }

    /// OptionalGetElement of a numeric tensor, which is no optional and passes.
    static let optionalGetElement = SupportRow(
        "OptionalGetElement", types: TypeConstraint(Set(ElementType.allCases).subtracting([.string])),
        variants: { node, _ in
            [Variant("copy", work: .elements(of: node), inPlace: [.init(output: 0, input: 0)], view: 0)]
        }, kernel: CPUKernels.copy)

    static let optionalGetElementOfDynamic = dynamic("OptionalGetElement") { _, invocation throws(WeftError) in
        let value = try invocation.value(input: 0)
        guard case .optional(let content, _) = value else { return try invocation.set(output: 0, value) }
        guard let content else {
            throw WeftError(
                .invalidData, "the optional holds nothing", hint: "ask OptionalHasElement first, in an If")
        }
        try invocation.set(output: 0, content)
    }
}
