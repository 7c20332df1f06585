import WeftProvider

/// Replaces a ReduceMean over all axes but batch and channel by a GlobalAveragePool.
///
/// A Flatten follows if `keepdims` is 0.
struct SpatialMean {
    func apply(_ unit: Int, _ graph: inout RewriteGraph) throws(WeftError) -> Bool {
        guard let node = graph.node(unit), node.opType == "ReduceMean", node.domain.isEmpty,
            let input = node.input(0), input.constant == nil, let output = node.output(0),
            let element = input.type.elementType, ElementTypes.floating.contains(element), input.shape.count >= 3,
            input.shape.checkedElementCount ?? 0 > 0, try node.ints("axes") == Array(2..<input.shape.count)
        else { return false }
        let kept = try node.flag("keepdims")
        let shape = input.shape.prefix(2) + input.shape.dropFirst(2).map { _ in 1 }
        var mean = output
        if !kept {
            let type = ValueType.tensor(element, .fixed(Array(shape)))
            mean = Operand(value: graph.add(node.name, type), type: type)
            graph.append(
                NodeView(
                    id: -1, name: node.name, opType: "Flatten", sinceVersion: 25, inputs: [mean], outputs: [output],
                    attributes: ["axis": .int(1)]))
        }
        graph.replace(
            unit,
            with: NodeView(
                id: node.id, name: node.name, opType: "GlobalAveragePool", sinceVersion: 22, inputs: [input],
                outputs: [mean]))
        return true
    }
}
