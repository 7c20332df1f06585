import WeftProvider

/// Finds GELU as exporters write it, x/2 (1 + f), with its products in either order.
extension EpilogueSearch {
    /// Adds the nodes of a GELU of either form to the chain; returns false if there is none or it is not wanted.
    func addGelu(_ chain: inout Chain) -> Bool {
        let x = chain.end.value
        guard activations.contains("Gelu"), !graph.isOutput(x), let match = erfGelu(x, chain) ?? tanhGelu(x, chain),
            Set(match.members).count == match.members.count, match.members.allSatisfy({ joins($0, chain) != nil })
        else { return false }
        chain.members += match.members
        chain.end = match.end
        chain.activation = Activation("Gelu", beta: match.isTanh ? 1 : 0)
        return true
    }

    /// The nodes of a GELU, its result, and whether it is the tanh form.
    private struct Gelu {
        let members: [Int]
        let end: Operand
        let isTanh: Bool
    }

    /// The exact form: f = Erf(x / sqrt 2).
    private func erfGelu(_ x: Int, _ chain: Chain) -> Gelu? {
        let readers = graph.consumers(of: x)
        guard readers.count == 2 else { return nil }
        for (scale, other) in [(readers[0], readers[1]), (readers[1], readers[0])] {
            guard let scaled = joins(scale, chain), isScale(scaled, of: x, by: 0.70710678),
                let erf = follower(of: scaled, "Erf", chain), let half = half(x, of: erf, other, chain)
            else { continue }
            return Gelu(members: [scale, erf] + half.members, end: half.end, isTanh: false)
        }
        return nil
    }

    /// The tanh form: f = Tanh(sqrt(2 / pi) (x + 0.044715 x^3)).
    private func tanhGelu(_ x: Int, _ chain: Chain) -> Gelu? {
        let readers = graph.consumers(of: x)
        guard readers.count == 3,
            let power = readers.first(where: { graph.nodes[$0].opType == "Pow" }), let cube = joins(power, chain),
            cube.input(0)?.value == x, cube.input(1)?.constant?.scalar == 3, let cubed = cube.output(0),
            let scaled = follower(of: cube, "Mul", chain), isScale(graph.nodes[scaled], of: cubed.value, by: 0.044715),
            let sum = follower(of: graph.nodes[scaled], "Add", chain), readers.contains(sum),
            let total = graph.nodes[sum].output(0), let inner = follower(of: graph.nodes[sum], "Mul", chain),
            isScale(graph.nodes[inner], of: total.value, by: 0.79788456),
            let tanh = follower(of: graph.nodes[inner], "Tanh", chain),
            let other = readers.first(where: { $0 != power && $0 != sum }), let half = half(x, of: tanh, other, chain)
        else { return nil }
        return Gelu(members: [power, scaled, sum, inner, tanh] + half.members, end: half.end, isTanh: true)
    }

    /// The nodes that make x/2 (1 + f) of f; `other` is the node that reads x for it. Nil if they do not match.
    private func half(_ x: Int, of function: Int, _ other: Int, _ chain: Chain) -> (members: [Int], end: Operand)? {
        guard let sum = follower(of: graph.nodes[function], "Add", chain), hasScalar(graph.nodes[sum], 1),
            let product = follower(of: graph.nodes[sum], "Mul", chain)
        else { return nil }
        let mul = graph.nodes[product]
        let partner = mul.inputs.compactMap { $0 }.first { $0.value != graph.nodes[sum].output(0)?.value }
        if partner?.value == x, product == other {
            // (x * (1 + f)) * 0.5
            guard let half = follower(of: mul, "Mul", chain), hasScalar(graph.nodes[half], 0.5),
                let end = graph.nodes[half].output(0)
            else { return nil }
            return ([sum, product, half], end)
        }
        // (0.5 * x) * (1 + f)
        guard let node = joins(other, chain), isScale(node, of: x, by: 0.5), let scaled = node.output(0),
            partner?.value == scaled.value, graph.soleConsumer(of: scaled.value) == product, let end = mul.output(0)
        else { return nil }
        return ([sum, other, product], end)
    }

    /// The only reader of a node's first output, if it may join the chain and has the given operator.
    private func follower(of node: NodeView, _ opType: String, _ chain: Chain) -> Int? {
        guard let output = node.output(0), let next = graph.soleConsumer(of: output.value),
            let reader = joins(next, chain), reader.opType == opType
        else { return nil }
        return next
    }

    private func hasScalar(_ node: NodeView, _ value: Float) -> Bool {
        node.inputs.contains { $0?.constant?.scalar == value }
    }

    /// Whether a node multiplies `value` by `factor`, or divides it by the inverse, up to rounding.
    private func isScale(_ node: NodeView, of value: Int, by factor: Float) -> Bool {
        guard let scale = ScalarFactor(node), scale.operand.value == value else { return false }
        return abs(scale.value - factor) <= 1e-5 * abs(factor)
    }
}
