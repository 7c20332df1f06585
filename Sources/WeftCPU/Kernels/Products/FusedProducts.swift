import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// A product with a constant right operand, and what follows it.
    static let fusedGemm = fused("FusedGemm")
    static let fusedMatMul = fused("FusedMatMul")

    private static func fused(_ opType: String) -> SupportRow {
        SupportRow(
            opType, domain: FusedNode.domain, types: TypeConstraint([.float32]), if: .panel,
            variants: { node, _ in PanelProduct(node).map { [$0.variant(node)] } ?? [] },
            kernel: HostKernel { node throws(WeftError) in try PanelProduct.make(node) })
    }
}

extension Condition {
    /// Float32 operands whose bias the panel's epilogue can take.
    fileprivate static let panel = Condition("a bias by column") { node, _ in
        PanelProduct(node) == nil ? .other("does not add this bias in one pass") : nil
    }
}

extension HostKernel {
    /// `other` for nodes of a variant, this kernel for all others.
    func with(
        _ variant: String, _ other: @escaping @Sendable (HostNode) throws(WeftError) -> Body
    ) -> HostKernel { with([variant], other) }

    func with(
        _ variants: Set<String>, _ other: @escaping @Sendable (HostNode) throws(WeftError) -> Body
    ) -> HostKernel {
        let plain = make
        return HostKernel { node throws(WeftError) in
            try variants.contains(node.variant) ? other(node) : plain(node)
        }
    }
}
