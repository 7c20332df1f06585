package import WeftGraph
import WeftProvider

/// The values of a graph that runs node by node, each kept until the last node that reads it has run.
package struct NodeValues {
    /// By value number; nil if a value is not made yet or no longer needed.
    package private(set) var data: [Datum?]
    /// By value number, the id of the last node that reads it; `Int.max` for outputs of the graph.
    private var lastUse: [Int]

    /// The graph's constants, and its inputs, given in order.
    package init(_ graph: Graph, _ inputs: [Datum]) {
        data = [Datum?](repeating: nil, count: graph.values.count)
        for (value, constant) in graph.constants { data[value] = .constant(constant) }
        for (value, datum) in zip(graph.inputs, inputs) { data[value] = datum }
        lastUse = [Int](repeating: -1, count: graph.values.count)
        for node in graph.nodes {
            for value in node.inputs where value != Node.absent { lastUse[value] = node.id }
        }
        for value in graph.outputs { lastUse[value] = Int.max }
    }

    package subscript(value: Int) -> Datum? {
        get { data[value] }
        set { data[value] = newValue }
    }

    /// Drops the values that no later node reads.
    package mutating func release(after node: Node) {
        for value in node.inputs where value != Node.absent && lastUse[value] == node.id { data[value] = nil }
    }
}
