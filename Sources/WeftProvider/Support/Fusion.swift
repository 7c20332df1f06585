/// Nodes that one kernel can run together.
///
/// The engine computes what the fusion saves: the members' prices less the price of the fused node, which the
/// device offers as it offers any node. Members stay single nodes until they are placed; they are fused if all of
/// them are placed on the device that named the fusion. A value that one member makes and another reads has no
/// other reader and is not an output of the graph.
public struct Fusion: Sendable {
    /// Indices of the members in the graph's nodes, ascending; the last makes the fused node's outputs.
    public let members: [Int]
    /// The node that replaces them; its inputs and outputs are the members' that cross the group's border.
    public let fused: NodeView

    /// A fusion of these nodes.
    public init(members: [Int], fused: NodeView) {
        self.members = members
        self.fused = fused
    }
}
