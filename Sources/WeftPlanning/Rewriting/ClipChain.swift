import WeftGraph
import WeftProvider

/// Merges Relu, Min, Max and Clip in a row, with constant scalar bounds, into one Clip. float32 only.
struct ClipChain {
    func apply(_ unit: Int, _ graph: inout RewriteGraph) throws(WeftError) -> Bool {
        guard let node = graph.node(unit), let kept = Kept(node), let output = node.output(0) else { return false }
        if let maker = graph.maker(of: kept.input.value), let before = graph.node(maker), let first = Kept(before),
            graph.soleReader(of: kept.input.value)?.unit == unit
        {
            let (low, high) = (max(kept.low, first.low), min(kept.high, first.high))
            guard low <= high else { return false }
            graph.replace(unit, with: clip(node, first.input, output, low, high, &graph), absorbing: 1)
            graph.remove(maker)
            return true
        }
        guard node.opType == "Min" || node.opType == "Max" else { return false }
        graph.replace(unit, with: clip(node, kept.input, output, kept.low, kept.high, &graph))
        return true
    }

    /// A node's input, and the bounds to which the node limits it.
    private struct Kept {
        let input: Operand
        var low = -Float.infinity
        var high = Float.infinity

        /// Nil for a node that does anything but limit one input to constant scalar bounds.
        init?(_ node: NodeView) {
            guard node.domain.isEmpty, node.outputType(0) == .float32, let first = node.input(0) else { return nil }
            switch node.opType {
            case "Relu":
                input = first
                low = 0
            case "Clip":
                input = first
                for index in 1...2 where node.has(input: index) {
                    guard let bound = node.input(index)?.constant?.scalar, !bound.isNaN else { return nil }
                    if index == 1 { low = bound } else { high = bound }
                }
            case "Min", "Max":
                guard node.inputs.count == 2, let second = node.input(1) else { return nil }
                let isFirst = first.constant == nil
                guard let bound = (isFirst ? second : first).constant?.scalar, !bound.isNaN else { return nil }
                input = isFirst ? first : second
                if node.opType == "Min" { high = bound } else { low = bound }
            default: return nil
            }
            guard input.constant == nil, input.type == node.output(0)?.type, low <= high else { return nil }
        }
    }

    private func clip(
        _ node: NodeView, _ input: Operand, _ output: Operand, _ low: Float, _ high: Float, _ graph: inout RewriteGraph
    ) -> NodeView {
        func bound(_ value: Float) -> Operand? {
            guard value.isFinite else { return nil }
            return graph.operand("\(node.name) bound", ConstantFactory.constant(Tensor(scalar: value)))
        }
        let (lower, upper) = (bound(low), bound(high))
        return NodeView(
            id: node.id, name: node.name, opType: "Clip", sinceVersion: 13, inputs: [input, lower, upper],
            outputs: [output])
    }
}
