import WeftProvider

/// The same elements under another shape: views where memory allows.
extension CPUKernels {
    private static func view(_ opType: String) -> SupportRow {
        SupportRow(
            opType,
            types: TypeConstraint(Set(ElementType.allCases).subtracting([.string]), operands: [1: .fixedSize]),
            variants: { node, _ in
                let work = Work(.elementwise, flops: 0, bytes: 2 * Double(node.output(0)?.type.byteCount ?? 0))
                return [Variant("copy", work: work, inPlace: [.init(output: 0, input: 0)], view: 0)]
            }, kernel: copy)
    }

    private static func strings(_ opType: String) -> SupportRow {
        Movement(opType) { node, width throws(WeftError) in
            let bytes = node.outputShape(0).elementCount * width
            return { operands throws(WeftError) in
                try operands.output().copyMemory(from: try operands.input(0), byteCount: bytes)
            }
        }.strings
    }

    static let bitCast = view("BitCast")
    static let flatten = view("Flatten")
    static let flattenOfStrings = strings("Flatten")
    static let reshape = view("Reshape")
    static let reshapeOfStrings = strings("Reshape")
    static let squeeze = view("Squeeze")
    static let squeezeOfStrings = strings("Squeeze")
    static let unsqueeze = view("Unsqueeze")
    static let unsqueezeOfStrings = strings("Unsqueeze")
}
