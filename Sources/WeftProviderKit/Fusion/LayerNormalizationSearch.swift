public import WeftProvider

/// Finds layer normalisation over the last axis that is written as single nodes, as before operator set 17.
///
///     d = x - ReduceMean(x);  d / Sqrt(ReduceMean(d^2) + epsilon) * scale [+ bias]
///
/// The fused node is ONNX's own LayerNormalization.
public struct LayerNormalizationSearch {
    private let graph: GraphView

    /// A search in a graph.
    public init(_ graph: GraphView) { self.graph = graph }

    /// All layer normalisations of float32 tensors that were found; no two share a node.
    public func fusions() -> [Fusion] {
        var used: Set<Int> = []
        var found: [Fusion] = []
        for index in graph.nodes.indices {
            guard let fusion = match(index), used.isDisjoint(with: fusion.members) else { continue }
            used.formUnion(fusion.members)
            found.append(fusion)
        }
        return found
    }

    /// The chain that begins with the mean that node `first` computes; nil if there is none.
    private func match(_ first: Int) -> Fusion? {
        let mean = graph.nodes[first]
        guard isMean(mean), let x = mean.input(0), x.type.elementType == .float32, let length = x.shape.last,
            let sub = next(first, "Sub"), graph.nodes[sub].input(0)?.value == x.value,
            let d = graph.nodes[sub].output(0), d.shape == x.shape, !graph.isOutput(d.value)
        else { return nil }
        let readers = graph.consumers(of: d.value)
        guard readers.count == 2, let square = readers.first(where: { isSquare(graph.nodes[$0], of: d.value) }),
            let variance = next(square, "ReduceMean"), isMean(graph.nodes[variance]),
            let sum = next(variance, "Add"), let epsilon = other(graph.nodes[sum], variance)?.constant?.scalar,
            let root = next(sum, "Sqrt"), let quotient = next(root, "Div"), readers.contains(quotient),
            graph.nodes[quotient].input(0)?.value == d.value, let product = next(quotient, "Mul"),
            let scale = other(graph.nodes[product], quotient), isRow(scale, length)
        else { return nil }
        var members = [first, sub, square, variance, sum, root, quotient, product]
        var inputs: [Operand?] = [x, scale]
        if let shift = next(product, "Add"), let bias = other(graph.nodes[shift], product), isRow(bias, length) {
            members.append(shift)
            inputs.append(bias)
        }
        guard let last = members.last, let output = graph.nodes[last].output(0), output.shape == x.shape else {
            return nil
        }
        let fused = NodeView(
            id: mean.id, name: mean.name, opType: "LayerNormalization", sinceVersion: 17, inputs: inputs,
            outputs: [output],
            attributes: ["axis": .int(-1), "epsilon": .float(epsilon), "stash_type": .int(1)])
        return Fusion(members: members.sorted(), fused: fused)
    }

    /// The only reader of a node's only output, if it has the given operator.
    private func next(_ index: Int, _ opType: String) -> Int? {
        let node = graph.nodes[index]
        guard node.outputs.count == 1, let output = node.output(0), let reader = graph.soleConsumer(of: output.value),
            graph.nodes[reader].opType == opType, graph.nodes[reader].domain.isEmpty
        else { return nil }
        return reader
    }

    /// The input of a node with two inputs that is not the output of node `index`.
    private func other(_ node: NodeView, _ index: Int) -> Operand? {
        let made = graph.nodes[index].output(0)?.value
        let rest = node.inputs.compactMap { $0 }.filter { $0.value != made }
        return node.inputs.count == 2 && rest.count == 1 ? rest[0] : nil
    }

    private func isMean(_ node: NodeView) -> Bool {
        guard node.opType == "ReduceMean", node.domain.isEmpty, let rank = node.input(0)?.shape.count, rank > 0,
            let axes = try? node.ints("axes"), axes == [rank - 1] || axes == [-1]
        else { return false }
        return node.outputShape(0) == Array(node.inputShape(0).dropLast()) + [1]
    }

    private func isSquare(_ node: NodeView, of value: Int) -> Bool {
        guard node.domain.isEmpty, node.inputs.count == 2, node.input(0)?.value == value else { return false }
        return node.opType == "Pow" && node.input(1)?.constant?.scalar == 2
            || node.opType == "Mul" && node.input(1)?.value == value
    }

    /// Whether an operand has one element for each element of a row.
    private func isRow(_ operand: Operand, _ length: Int) -> Bool {
        operand.type.elementType == .float32 && operand.shape.last == length && operand.shape.elementCount == length
    }
}
