import WeftProvider

/// Merges two Transposes in a row into one, and removes Transposes that leave the order of axes as it is.
struct TransposePairs {
    func apply(_ unit: Int, _ graph: inout RewriteGraph) throws(WeftError) -> Bool {
        guard let node = graph.node(unit), let (source, order) = Self.transpose(node), let output = node.output(0)
        else { return false }
        if order == Array(order.indices) {
            guard !graph.isOutput(output.value), !graph.readers(of: output.value).isEmpty else { return false }
            graph.redirect(output.value, to: source.value)
            return true
        }
        guard let maker = graph.maker(of: source.value), let before = graph.node(maker),
            let (origin, first) = Self.transpose(before)
        else { return false }
        graph.replace(unit, with: Self.node(node.name, origin, to: output, order.map { first[$0] }))
        return true
    }

    /// The input of a Transpose and its order of axes; nil for other nodes and for a constant input.
    static func transpose(_ node: NodeView) -> (input: Operand, order: [Int])? {
        guard node.opType == "Transpose", node.domain.isEmpty, let input = node.input(0), input.constant == nil,
            let order = try? node.ints("perm"), order.count == input.shape.count
        else { return nil }
        return (input, order)
    }

    static func node(_ name: String, _ input: Operand, to output: Operand, _ order: [Int]) -> NodeView {
        NodeView(
            id: -1, name: name, opType: "Transpose", sinceVersion: 25, inputs: [input], outputs: [output],
            attributes: ["perm": .ints(order.map { Int64($0) })])
    }
}
