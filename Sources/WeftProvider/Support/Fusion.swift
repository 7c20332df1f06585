/// Nodes that one kernel can do together.
///
/// What it saves is the engine's to say: the members' prices less the fused node's, which the device offers as it
/// offers any node. Members stay nodes until they are placed; the fusion happens if all of them land on the device that named it.
/// Every value that one member makes and another reads has no other reader and is no output of the graph.
public struct Fusion: Sendable {
    /// Indices into the graph's nodes, ascending; the last makes the fused node's outputs.
    public let members: [Int]
    /// The one node in their place; its operands are the members' outer ones.
    public let fused: NodeView

    public init(members: [Int], fused: NodeView) {
        self.members = members
        self.fused = fused
    }
}
