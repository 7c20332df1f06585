public import WeftProvider

/// Sizes and strides of a Gemm node, or of a node fused from one.
public struct GemmShape: Sendable {
    public let rows: Int
    public let columns: Int
    public let depth: Int
    public let transA: Bool
    public let transB: Bool
    public let alpha: Float
    public let beta: Float
    /// Strides of C by row and column, 0 where it broadcasts.
    public let rowC: Int
    public let columnC: Int

    /// Of the inputs' shapes alone: what a fused node makes may have another shape with the same elements.
    public init(_ node: NodeView) {
        func flag(_ name: String) -> Bool {
            if case .int(let value)? = node.attributes[name] { return value != 0 }
            return false
        }
        func factor(_ name: String) -> Float {
            if case .float(let value)? = node.attributes[name] { return value }
            return 1
        }
        transA = flag("transA")
        transB = flag("transB")
        alpha = factor("alpha")
        beta = factor("beta")
        let (a, b) = (node.inputShape(0), node.inputShape(1))
        rows = a.count == 2 ? a[transA ? 1 : 0] : 0
        depth = a.count == 2 ? a[transA ? 0 : 1] : 0
        columns = b.count == 2 ? b[transB ? 0 : 1] : 0
        let c = node.inputShape(2)
        columnC = (c.last ?? 1) == 1 ? 0 : 1
        rowC = c.count < 2 || c[0] == 1 ? 0 : c[1]
    }
}
