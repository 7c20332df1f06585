public import WeftProvider

/// The sizes and strides of a Gemm node, or of a node fused from one: rows x depth times depth x columns.
public struct GemmShape: Sendable {
    /// Rows of the result.
    public let rows: Int
    /// Columns of the result.
    public let columns: Int
    /// The length of the sums.
    public let depth: Int
    /// Whether the first matrix is transposed.
    public let transA: Bool
    /// Whether the second matrix is transposed.
    public let transB: Bool
    /// The factor of the product.
    public let alpha: Float
    /// The factor of C.
    public let beta: Float
    /// Elements from one row of C to the next; 0 if C is absent or all rows use the same one.
    public let rowC: Int
    /// Elements from one column of C to the next; 0 if C is absent or all columns use the same one.
    public let columnC: Int

    /// Reads the inputs' shapes and the attributes. The output's shape of a fused node may differ from rows x columns.
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
