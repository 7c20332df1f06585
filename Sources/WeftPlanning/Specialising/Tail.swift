import WeftGraph

/// A label for values and nodes: the data-dependent values that a shape depends on.
///
/// Nodes with equal labels form one region. A value with a fixed shape behind data-dependent values has the next
/// epoch and no sources; so dependencies between regions and other units have no cycles.
struct Tail: Hashable {
    var epoch = 0
    /// The units with data-dependent shapes that it depends on, each as its first output; empty for a known shape.
    var sources: Set<Int> = []
}

/// A node of a tail; `inputs` and `outputs` are value numbers of the specialised graph.
struct TailMember {
    let graph: Graph
    let node: Node
    let inputs: [Int]
    let outputs: [Int]
}
