import WeftGraph

/// How far behind data-dependent values a value lies.
///
/// Nodes with equal labels form one region. A value whose shape is known again starts the next epoch, which keeps
/// regions and the work between them acyclic.
struct Tail: Hashable {
    var epoch = 0
    /// The sources (by their first output's value) that its shape depends on; empty where the shape is known.
    var sources: Set<Int> = []
}

/// A node of a tail with its operands in the specialised graph's numbering.
struct TailMember {
    let graph: Graph
    let node: Node
    let inputs: [Int]
    let outputs: [Int]
}
