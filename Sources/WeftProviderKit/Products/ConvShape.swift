public import WeftProvider

/// The sizes of a convolution or pooling; a pooling has as many filters as channels, and one group.
public struct ConvShape: Sendable {
    /// The windows over the spatial axes.
    public let windows: Windows
    /// The size of the first dimension.
    public let batch: Int
    /// Channels of the input.
    public let channels: Int
    /// Channels of the output.
    public let filters: Int
    /// The number of groups that both are divided into.
    public let group: Int

    /// The sizes of a node; with `transposed` the grid of the windows is its output.
    ///
    /// Throws `.internalInconsistency` if its attributes do not fit its shapes.
    public init(_ node: NodeView, transposed: Bool = false) throws(WeftError) {
        windows = try Windows(node, transposed: transposed)
        if case .int(let value)? = node.attributes["group"] { group = Int(value) } else { group = 1 }
        guard group > 0 else {
            throw WeftError(.internalInconsistency, "\(group) groups", node: node.label)
        }
        batch = node.inputShape(0)[0]
        channels = node.inputShape(0)[1]
        filters = node.outputShape(0)[1]
    }

    /// Input channels of one group.
    public var depth: Int { channels / group }
    /// Output channels of one group.
    public var perGroup: Int { filters / group }
}
