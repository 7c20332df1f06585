/// A graph of nodes in topological order, as a provider sees it.
public struct GraphView: Sendable {
    /// The nodes in topological order.
    public let nodes: [NodeView]
    /// Numbers of the values that come from outside.
    public let inputs: [Int]
    /// Numbers of the values that are read outside.
    public let outputs: [Int]
    private let producers: [Int: Int]
    private let consumers: [Int: [Int]]
    private let outputSet: Set<Int>

    /// A graph of these nodes, which have to be in topological order.
    public init(nodes: [NodeView], inputs: [Int], outputs: [Int]) {
        self.nodes = nodes
        self.inputs = inputs
        self.outputs = outputs
        var producers: [Int: Int] = [:]
        var consumers: [Int: [Int]] = [:]
        for (index, node) in nodes.enumerated() {
            for case let operand? in node.outputs { producers[operand.value] = index }
            for case let operand? in node.inputs where consumers[operand.value]?.last != index {
                consumers[operand.value, default: []].append(index)
            }
        }
        self.producers = producers
        self.consumers = consumers
        outputSet = Set(outputs)
    }

    /// The index in `nodes` of the node that produces a value; nil for inputs and constants.
    public func producer(of value: Int) -> Int? { producers[value] }

    /// Indices in `nodes` of the nodes that read a value, ascending, each once.
    public func consumers(of value: Int) -> [Int] { consumers[value] ?? [] }

    /// Whether a value is an output of the graph.
    public func isOutput(_ value: Int) -> Bool { outputSet.contains(value) }

    /// The index of the only node that reads a value; nil if several do, none does, or it is an output of the graph.
    public func soleConsumer(of value: Int) -> Int? {
        guard !isOutput(value), let list = consumers[value], list.count == 1 else { return nil }
        return list[0]
    }
}
