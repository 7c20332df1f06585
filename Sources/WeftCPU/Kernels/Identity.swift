import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Identity of a numeric tensor: a view where memory allows, else a copy.
    static let identity = SupportRow(
        "Identity", types: TypeConstraint(Set(ElementType.allCases).subtracting([.string])),
        variants: { node, _ in
            [Variant("copy", work: .elements(of: node), inPlace: [.init(output: 0, input: 0)], view: 0)]
        }, kernel: CPUKernels.copy)

    /// Identity of strings and containers.
    static let identityOfDynamic = SupportRow(
        "Identity", types: TypeConstraint(Set(ElementType.allCases)), dynamicOperands: true,
        variants: { node, _ in [Variant("share", work: .elements(of: node))] },
        kernel: HostKernel { node throws(WeftError) in
            { invocation throws(WeftError) in try invocation.set(output: 0, try invocation.value(input: 0)) }
        })

    /// The first input's bytes, unchanged, as the first output.
    static let copy = HostKernel { node throws(WeftError) in
        let bytes = node.view.output(0)?.type.byteCount ?? 0
        return { invocation throws(WeftError) in
            let source = UnsafeRawPointer(invocation.input(0, as: UInt8.self))
            let target = UnsafeMutableRawPointer(invocation.output(0, as: UInt8.self))
            if target != UnsafeMutableRawPointer(mutating: source) { target.copyMemory(from: source, byteCount: bytes) }
        }
    }
}
