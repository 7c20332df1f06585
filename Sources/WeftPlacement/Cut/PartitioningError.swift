/// Why a partitioning problem has no answer.
///
/// Nodes are named by their index in the problem; the caller turns indices into names.
package enum PartitioningError: Error, Equatable, CustomStringConvertible {
    /// Nodes that no space can run, or whose pin names a space that cannot run them.
    case unplaceable(nodes: [Int])
    /// Every assignment of the nodes needs a transfer whose price is infinite.
    case unreachable
    /// Nodes that wait for each other in a circle.
    case cycle(nodes: [Int])
    /// The problem contradicts itself: a bug in the code that built it.
    case malformed(String)

    package var description: String {
        switch self {
        case .unplaceable(let nodes): "no allowed space can run \(Self.list(nodes))"
        case .unreachable: "every placement needs a transfer between spaces that have no link"
        case .cycle(let nodes): "\(Self.list(nodes)) wait for each other"
        case .malformed(let what): "the partitioning problem is malformed: \(what)"
        }
    }

    private static func list(_ nodes: [Int]) -> String {
        let shown = nodes.prefix(8).map(String.init).joined(separator: ", ")
        return "\(nodes.count == 1 ? "node" : "nodes") \(shown)\(nodes.count > 8 ? ", … (\(nodes.count) in all)" : "")"
    }
}
