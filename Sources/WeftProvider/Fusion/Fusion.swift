/// Nodes that one kernel can do together.
///
/// Members stay nodes until they are placed; the fusion happens if all of them land on the device that named it.
/// Every value that one member makes and another reads has no other reader and is no output of the graph.
public struct Fusion: Sendable {
    /// Indices into the graph's nodes, ascending; the last makes the fused node's outputs.
    public let members: [Int]
    /// The one node in their place; its operands are the members' outer ones.
    public let fused: NodeView
    /// The work that is saved, never negative.
    public let saving: Work

    public init(members: [Int], fused: NodeView, saving: Work) {
        self.members = members
        self.fused = fused
        self.saving = saving
    }
}
