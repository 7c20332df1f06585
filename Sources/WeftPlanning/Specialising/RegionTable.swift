import WeftGraph
import WeftProvider

/// Makes regions into graphs, each once: equal nodes with equal operands and outputs give the same `Graph`.
package final class RegionTable: @unchecked Sendable {
    private struct Key: Hashable {
        let nodes: [NodeKey]
        let outputs: [Int]
    }

    private struct NodeKey: Hashable {
        let graph: ObjectIdentifier
        let node: Int
        /// Its inputs and outputs as value numbers of the region's graph.
        let operands: [Int]
    }

    private let lock = Lock()
    private var graphs: [Key: Graph] = [:]
    /// Keeps the graphs alive whose object identifiers are part of keys.
    private var sources: [ObjectIdentifier: Graph] = [:]

    package init() {}

    /// The members as a closed graph whose inputs and outputs are in the given order.
    func graph(of members: [TailMember], inputs: [Int], outputs: [Int], names: [String]) -> Graph {
        var builder = GraphBuilder(name: "region")
        var map: [Int: Int] = [Node.absent: Node.absent]
        for value in inputs { map[value] = builder.value(names[value]) }
        builder.inputs = inputs.compactMap { map[$0] }
        var keys: [NodeKey] = []
        for member in members {
            for value in member.outputs where value != Node.absent { map[value] = builder.value(names[value]) }
            let operands = (member.inputs + member.outputs).map { map[$0] ?? Node.absent }
            keys.append(NodeKey(graph: ObjectIdentifier(member.graph), node: member.node.id, operands: operands))
            let node = member.node
            builder.append(
                canonical: NodeDraft(
                    node, inputs: member.inputs.map { map[$0] ?? Node.absent },
                    outputs: member.outputs.map { map[$0] ?? Node.absent }), version: node.version)
        }
        builder.outputs = outputs.compactMap { map[$0] }
        let key = Key(nodes: keys, outputs: builder.outputs)
        return lock.withLock {
            if let known = graphs[key] { return known }
            for member in members { sources[ObjectIdentifier(member.graph)] = member.graph }
            let graph = builder.build()
            graphs[key] = graph
            return graph
        }
    }
}
