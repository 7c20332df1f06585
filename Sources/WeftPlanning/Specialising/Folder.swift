package import WeftGraph
package import WeftInterpreter
package import WeftProvider

/// Computes nodes whose inputs are all constants; done once for a session, before any signature is known.
package struct Folder {
    private let reference: Reference
    private let workers: any Workers

    /// A node is not folded if its results exceed both this many bytes and twice the bytes of its inputs.
    private static let largest = 1 << 24

    package init(_ reference: Reference, workers: any Workers) {
        self.reference = reference
        self.workers = workers
    }

    /// The graph with constant nodes replaced by constants, and without nodes that no output needs; bodies likewise.
    ///
    /// Throws if a node is invalid for its inputs or its kernel fails.
    package func fold(_ graph: Graph) throws(WeftError) -> Graph {
        var constants = graph.constants
        var nodes: [Node] = []
        for node in graph.nodes {
            if let folded = try results(of: node, constants) {
                for (value, constant) in zip(node.outputs, folded) where value != Node.absent {
                    if let constant { constants[value] = constant }
                }
                continue
            }
            var bodies: [String: Graph] = [:]
            for (name, body) in node.bodies { bodies[name] = try fold(body) }
            nodes.append(node.renumbered(nodes.count, bodies: bodies))
        }
        var needed = Set(graph.outputs)
        var kept: [Node] = []
        for node in nodes.reversed() where node.outputs.contains(where: { needed.contains($0) }) {
            needed.formUnion(node.inputs)
            kept.append(node)
        }
        kept.reverse()
        let renumbered = kept.enumerated().map { index, node in node.renumbered(index) }
        return Graph(
            name: graph.name, nodes: renumbered, values: graph.values, inputs: graph.inputs, outputs: graph.outputs,
            constants: constants.filter { needed.contains($0.key) })
    }

    /// The outputs of a node whose inputs are all constants; nil if it must not be folded.
    private func results(of node: Node, _ constants: [Int: Constant]) throws(WeftError) -> [Constant?]? {
        guard !ControlFlow.isControlFlow(node), !node.inputs.isEmpty,
            let schema = node.schema, schema.nature == .pure
        else { return nil }
        var data: [Datum?] = []
        var bytes = 0
        for value in node.inputs {
            if value == Node.absent {
                data.append(nil)
            } else if let constant = constants[value] {
                data.append(.constant(constant))
                bytes += constant.type.byteCount ?? 0
            } else {
                return nil
            }
        }
        let view = try NodeResolver.resolve(
            node, inputs: data.map { $0?.type }, contents: data.map { $0?.constant() }, id: node.id,
            inputIDs: Array(node.inputs.indices), outputIDs: Array(node.outputs.indices))
        let produced = view.outputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) }
        guard produced <= max(Self.largest, 2 * bytes),
            case .variants = reference.provider.support(view, on: reference.device.description)
        else { return nil }
        let values = try reference.run(node, data, workers: workers, budget: MemoryBudget())
        var folded: [Constant?] = []
        for value in values {
            guard let value else {
                folded.append(nil)
                continue
            }
            guard let constant = ConstantFactory.constant(value) else { return nil }
            folded.append(constant)
        }
        return folded
    }
}
