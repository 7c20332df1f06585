import WeftProvider

/// The nodes between an operand of attention and the tensor that it is a part of.
struct AttentionSource {
    /// One node: its index, the output that is followed, its input, and the scalar factor that it applies.
    private struct Step {
        let member: Int
        let output: Int
        let input: Operand
        let factor: Float
    }

    private let graph: GraphView
    private let operand: Operand
    /// The nodes, from the operand backwards.
    private var steps: [Step] = []

    private static let longest = 16

    /// Follows the operand back through views of data, and with `scaled` through scalar factors, for 16 nodes at most.
    init(_ graph: GraphView, _ operand: Operand, core: Set<Int>, scaled: Bool) {
        self.graph = graph
        self.operand = operand
        var current = operand
        while steps.count < Self.longest, let member = graph.producer(of: current.value), !core.contains(member) {
            let node = graph.nodes[member]
            guard node.domain.isEmpty, current.type.elementType == .float32 else { break }
            if StridedView.moves.contains(node.opType), let input = node.input(0),
                let output = node.outputs.firstIndex(where: { $0?.value == current.value })
            {
                steps.append(Step(member: member, output: output, input: input, factor: 1))
                current = input
            } else if scaled, let factor = ScalarFactor(node) {
                steps.append(Step(member: member, output: 0, input: factor.operand, factor: factor.value))
                current = factor.operand
            } else {
                break
            }
        }
        // Drop the last steps until strides describe the operand.
        while !steps.isEmpty, described == nil { steps.removeLast() }
    }

    /// The tensor that the steps lead back to; the operand if there are none.
    var source: Operand { steps.last?.input ?? operand }
    /// Indices of the nodes.
    var members: [Int] { steps.map(\.member) }
    /// The product of the scalar factors.
    var factor: Float { steps.reduce(1) { $0 * $1.factor } }
    /// Where the operand's elements lie in the source's memory.
    var view: StridedView { described ?? StridedView(dense: operand.shape) }

    private var described: StridedView? {
        var view = StridedView(dense: source.shape)
        for step in steps.reversed() {
            let node = graph.nodes[step.member]
            guard StridedView.moves.contains(node.opType) else { continue }
            guard let next = view.after(node, output: step.output) else { return nil }
            view = next
        }
        return view
    }

    /// Drops the first step for which `passes` is false and all after it; returns whether it dropped none.
    mutating func keep(while passes: (Int) -> Bool) -> Bool {
        guard let refused = steps.firstIndex(where: { !passes($0.member) }) else { return true }
        steps.removeSubrange(refused...)
        return false
    }

    mutating func clear() { steps.removeAll() }
}

/// The factor of a node that multiplies a tensor by a scalar constant, or divides it by one, keeping its type.
struct ScalarFactor {
    let operand: Operand
    let value: Float

    init?(_ node: NodeView) {
        guard node.domain.isEmpty, node.inputs.count == 2, let a = node.input(0), let b = node.input(1),
            let output = node.output(0)
        else { return nil }
        if node.opType == "Mul", let value = a.constant?.scalar, b.constant == nil {
            (operand, self.value) = (b, value)
        } else if node.opType == "Mul" || node.opType == "Div", let value = b.constant?.scalar, a.constant == nil {
            (operand, self.value) = (a, node.opType == "Mul" ? value : 1 / value)
        } else {
            return nil
        }
        guard operand.shape == output.shape, operand.type == output.type else { return nil }
    }
}
