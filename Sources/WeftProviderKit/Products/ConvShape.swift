public import WeftProvider

/// Sizes of a convolution; those of a pooling are those of a convolution of each channel by itself.
public struct ConvShape: Sendable {
    public let windows: Windows
    public let batch: Int
    /// Channels of the input and of the output, and the groups that they are cut into.
    public let channels: Int
    public let filters: Int
    public let group: Int

    /// `transposed` makes the output the grid that windows lie on. Throws where the node's attributes do not fit.
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

    /// Channels of one group.
    public var depth: Int { channels / group }
    /// Filters of one group.
    public var perGroup: Int { filters / group }
}
