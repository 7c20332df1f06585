public import WeftProvider

/// Finds the nodes after a product that a kernel can apply to each element it computes: bias, activation, residual.
///
///     Conv   [-> activation] [+ residual]  or  + residual [-> activation]
///     MatMul [-> + bias] [-> views], then the same
///     Gemm   [-> views], then the same
///
/// An activation is one node, x Sigmoid(x), or GELU from its parts. Views are reshapes, which keep the elements' order.
/// The caller says which products its kernels take and which activations they have.
public struct EpilogueSearch {
    let graph: GraphView
    let activations: Set<String>
    private let heads: Set<String>
    private let admits: (NodeView) -> Bool
    private var used: Set<Int> = []

    /// A search in a graph.
    ///
    /// `heads` are the products, operators among Conv, MatMul and Gemm; `admits` decides about each node.
    /// `activations` are names as in `Activation.names`.
    public init(
        _ graph: GraphView, heads: Set<String>, activations: Set<String>, admits: @escaping (NodeView) -> Bool
    ) {
        self.graph = graph
        self.heads = heads
        self.activations = activations
        self.admits = admits
    }

    /// All chains of at least two nodes, in the order of their heads; no two share a node.
    public mutating func fusions() -> [Fusion] {
        var found: [Fusion] = []
        for (index, node) in graph.nodes.enumerated() {
            guard node.domain.isEmpty, heads.contains(node.opType), !used.contains(index),
                node.outputType(0) == .float32, node.outputs.count == 1, admits(node), let chain = chain(index, node),
                chain.members.count > 1
            else { continue }
            used.formUnion(chain.members)
            found.append(chain.fusion(node))
        }
        return found
    }

    /// The nodes found so far, which end with the value `end`.
    struct Chain {
        var members: [Int]
        var end: Operand
        var inputs: [Operand?]
        var activation = Activation.none
        var residual = ResidualPosition.none

        func fusion(_ head: NodeView) -> Fusion {
            var attributes = head.attributes
            attributes["activation"] = .string(activation.name)
            attributes[FusedNode.alpha] = .float(activation.alpha)
            attributes[FusedNode.beta] = .float(activation.beta)
            attributes["residual"] = .string(residual.rawValue)
            let fused = NodeView(
                id: head.id, name: head.name, domain: FusedNode.domain, opType: FusedNode.opType(of: head.opType),
                sinceVersion: head.sinceVersion, inputs: inputs, outputs: [end], attributes: attributes)
            return Fusion(members: members.sorted(), fused: fused)
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
        let plain = chain
        if node.opType != "Conv" { addViews(&chain) }
        let viewed = chain.members.count
        if addActivation(&chain) {
            if addResidual(&chain) { chain.residual = .after }
        } else if addResidual(&chain) {
            chain.residual = .before
            _ = addActivation(&chain)
        }
        return chain.members.count > viewed ? chain : plain
    }

    /// Adds views of the product that have no other reader.
    private func addViews(_ chain: inout Chain) {
        while let next = graph.soleConsumer(of: chain.end.value), !used.contains(next) {
            let node = graph.nodes[next]
            guard node.domain.isEmpty, ["Flatten", "Reshape", "Squeeze", "Unsqueeze"].contains(node.opType),
                node.input(0)?.value == chain.end.value, let output = node.output(0), output.type.dimensions != nil
            else { return }
            chain.members.append(next)
            chain.end = output
        }
    }

    /// The node if it may join the chain: it is in no chain yet and has one output, of the chain's type and shape.
    func joins(_ index: Int, _ chain: Chain) -> NodeView? {
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

    /// Adds x Sigmoid(x) to the chain, if nothing else reads x or its sigmoid.
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

    /// Adds an Add of another tensor of the same type and shape that is not a constant.
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

    /// Adds an Add of a constant with one element for each column.
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
