/// Finds what can be applied to a product's elements while they are at hand: bias, activation, residual.
///
///     Conv   -> activation | x Sigmoid(x)              [+ residual]
///     Conv   -> + residual                             [-> activation]
///     MatMul -> + bias -> activation | GELU from parts [+ residual]
///     Gemm   -> activation                             [+ residual]
///
/// Provider-neutral: who uses it says which heads it takes and which activations it has.
public struct EpilogueSearch {
    private let graph: GraphView
    private let heads: Set<String>
    private let activations: Set<String>
    private let admits: (NodeView) -> Bool
    private var used: Set<Int> = []

    /// `heads` are operators among Conv, MatMul and Gemm; `admits` further decides about each head.
    public init(
        _ graph: GraphView, heads: Set<String>, activations: Set<String>, admits: @escaping (NodeView) -> Bool
    ) {
        self.graph = graph
        self.heads = heads
        self.activations = activations
        self.admits = admits
    }

    /// Every chain of at least two nodes, none overlapping another, by head.
    public mutating func fusions() -> [Fusion] {
        var found: [Fusion] = []
        for (index, node) in graph.nodes.enumerated() {
            guard node.domain.isEmpty, heads.contains(node.opType), !used.contains(index),
                node.outputType(0) == .float32, node.outputs.count == 1, admits(node), let chain = chain(index, node),
                chain.members.count > 1
            else { continue }
            used.formUnion(chain.members)
            found.append(chain.fusion(node, graph))
        }
        return found
    }

    /// What has been gathered so far, ending in the value `end`.
    private struct Chain {
        var members: [Int]
        var end: Operand
        var inputs: [Operand?]
        var activation = Activation.none
        var residual = ResidualPosition.none

        func fusion(_ head: NodeView, _ graph: GraphView) -> Fusion {
            var attributes = head.attributes
            attributes["activation"] = .string(activation.name)
            attributes[FusedNode.alpha] = .float(activation.alpha)
            attributes[FusedNode.beta] = .float(activation.beta)
            attributes["residual"] = .string(residual.rawValue)
            let fused = NodeView(
                id: head.id, name: head.name, domain: FusedNode.domain, opType: FusedNode.opType(of: head.opType),
                sinceVersion: head.sinceVersion, inputs: inputs, outputs: [end], attributes: attributes)
            // Values between members are neither written nor read any more.
            var bytes = 0.0
            for member in members {
                for case let operand? in graph.nodes[member].outputs where operand.value != end.value {
                    bytes += Double(operand.type.byteCount ?? 0) * 2
                }
            }
            return Fusion(
                members: members.sorted(), fused: fused,
                saving: Work(.elementwise, flops: 0, bytes: bytes, launches: members.count - 1))
        }

        mutating func add(_ operand: Operand, at position: Int) {
            while inputs.count <= position { inputs.append(nil) }
            inputs[position] = operand
        }
    }

    private func chain(_ index: Int, _ node: NodeView) -> Chain? {
        guard let output = node.output(0), output.type.dimensions != nil else { return nil }
        var chain = Chain(members: [index], end: output, inputs: node.inputs)
        if node.opType == "MatMul" { addBias(&chain) }
        if addActivation(&chain) {
            if addResidual(&chain) { chain.residual = .after }
        } else if addResidual(&chain) {
            chain.residual = .before
            _ = addActivation(&chain)
        }
        return chain
    }

    /// A node that may join: unused, of one output of the chain's type and shape.
    private func joins(_ index: Int, _ chain: Chain) -> NodeView? {
        let node = graph.nodes[index]
        guard !used.contains(index), !chain.members.contains(index), node.domain.isEmpty, node.outputs.count == 1,
            node.output(0)?.type == chain.end.type
        else { return nil }
        return node
    }

    private func addActivation(_ chain: inout Chain) -> Bool {
        if let next = graph.soleConsumer(of: chain.end.value), let node = joins(next, chain),
            let activation = Activation(node), activations.contains(activation.name),
            node.input(0)?.value == chain.end.value, let output = node.output(0)
        {
            chain.members.append(next)
            chain.end = output
            chain.activation = activation
            return true
        }
        return addSwish(&chain) || addGelu(&chain)
    }

    /// x Sigmoid(x), where nothing else reads x or its sigmoid.
    private func addSwish(_ chain: inout Chain) -> Bool {
        let readers = graph.consumers(of: chain.end.value)
        guard activations.contains("SiLU"), readers.count == 2, !graph.isOutput(chain.end.value),
            let sigmoid = readers.first(where: { graph.nodes[$0].opType == "Sigmoid" }),
            let product = readers.first(where: { graph.nodes[$0].opType == "Mul" }),
            let gate = joins(sigmoid, chain)?.output(0), let mul = joins(product, chain),
            graph.soleConsumer(of: gate.value) == product, let output = mul.output(0),
            Set(mul.inputs.compactMap { $0?.value }) == [gate.value, chain.end.value]
        else { return false }
        chain.members += [sigmoid, product]
        chain.end = output
        chain.activation = Activation("SiLU", alpha: 1)
        return true
    }

    /// The error function's GELU from its parts: x/2 (1 + Erf(x / sqrt 2)), in the orders that exporters write.
    private func addGelu(_ chain: inout Chain) -> Bool {
        let x = chain.end.value
        let readers = graph.consumers(of: x)
        guard activations.contains("Gelu"), readers.count == 2, !graph.isOutput(x) else { return false }
        for (scale, other) in [(readers[0], readers[1]), (readers[1], readers[0])] {
            guard let scaled = joins(scale, chain), isScale(scaled, of: x, by: 0.70710678),
                let erf = follower(of: scaled, "Erf", chain),
                let sum = follower(of: graph.nodes[erf], "Add", chain), hasScalar(graph.nodes[sum], 1)
            else { continue }
            guard let product = follower(of: graph.nodes[sum], "Mul", chain) else { continue }
            let mul = graph.nodes[product]
            let partner = mul.inputs.compactMap { $0 }.first { $0.value != graph.nodes[sum].output(0)?.value }
            if partner?.value == x, product == other {
                // (x * (1 + erf)) * 0.5
                guard let half = follower(of: mul, "Mul", chain), hasScalar(graph.nodes[half], 0.5),
                    let end = graph.nodes[half].output(0)
                else { continue }
                return finishGelu(&chain, [scale, erf, sum, product, half], end)
            }
            if let node = joins(other, chain), isScale(node, of: x, by: 0.5), partner?.value == node.output(0)?.value,
                graph.soleConsumer(of: node.output(0)?.value ?? -1) == product, let end = mul.output(0)
            {
                // (0.5 * x) * (1 + erf)
                return finishGelu(&chain, [scale, erf, sum, other, product], end)
            }
        }
        return false
    }

    private func finishGelu(_ chain: inout Chain, _ members: [Int], _ end: Operand) -> Bool {
        guard Set(members).count == members.count, members.allSatisfy({ joins($0, chain) != nil }) else { return false }
        chain.members += members
        chain.end = end
        chain.activation = Activation("Gelu")
        return true
    }

    /// The only reader of a node's only output, if it is of the given operator.
    private func follower(of node: NodeView, _ opType: String, _ chain: Chain) -> Int? {
        guard let output = node.output(0), let next = graph.soleConsumer(of: output.value),
            let reader = joins(next, chain), reader.opType == opType
        else { return nil }
        return next
    }

    private func hasScalar(_ node: NodeView, _ value: Float) -> Bool {
        node.inputs.contains { $0?.constant?.scalar == value }
    }

    /// Whether a node multiplies `value` by a factor, or divides it by the inverse.
    private func isScale(_ node: NodeView, of value: Int, by factor: Float) -> Bool {
        func close(_ a: Float, _ b: Float) -> Bool { abs(a - b) <= 1e-5 * abs(b) }
        switch node.opType {
        case "Mul":
            return node.inputs.contains { $0?.value == value }
                && node.inputs.contains { $0?.constant?.scalar.map { close($0, factor) } ?? false }
        case "Div":
            return node.input(0)?.value == value
                && (node.input(1)?.constant?.scalar.map { close($0, 1 / factor) } ?? false)
        default: return false
        }
    }

    /// An Add of a tensor of the same type and shape that this chain does not make.
    private func addResidual(_ chain: inout Chain) -> Bool {
        guard let next = graph.soleConsumer(of: chain.end.value), let node = joins(next, chain), node.opType == "Add",
            let output = node.output(0), node.inputs.count == 2,
            let other = node.inputs.compactMap({ $0 }).first(where: { $0.value != chain.end.value }),
            other.type == chain.end.type, other.constant == nil
        else { return false }
        chain.add(other, at: FusedNode.residualInput)
        chain.members.append(next)
        chain.end = output
        return true
    }

    /// An Add of a constant with one number for each column.
    private func addBias(_ chain: inout Chain) {
        guard let next = graph.soleConsumer(of: chain.end.value), let node = joins(next, chain), node.opType == "Add",
            let output = node.output(0), chain.inputs.count == 2,
            let other = node.inputs.compactMap({ $0 }).first(where: { $0.value != chain.end.value }),
            other.constant != nil, other.type.elementType == .float32, let columns = chain.end.shape.last,
            other.shape.last == columns, other.shape.elementCount == columns
        else { return }
        chain.add(other, at: 2)
        chain.members.append(next)
        chain.end = output
    }
}
