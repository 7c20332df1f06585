#if Vulkan
    import WeftProvider

    /// Finds what one dispatch can do together: a convolution or product, and the elementwise nodes after it.
    ///
    ///     Conv -> activation | x Sigmoid(x) -> + residual -> activation
    ///     MatMul -> + bias -> activation
    ///     Gemm -> activation
    struct FusionSearch {
        private let graph: GraphView
        private let device: DeviceDescription
        private var used: Set<Int> = []
        private var found: [Fusion] = []

        init(_ graph: GraphView, _ device: DeviceDescription) {
            self.graph = graph
            self.device = device
        }

        mutating func run() -> [Fusion] {
            for (index, node) in graph.nodes.enumerated() where node.domain.isEmpty && !used.contains(index) {
                guard ["Conv", "MatMul", "Gemm"].contains(node.opType), supported(node), node.outputs.count == 1,
                    let chain = chain(from: index, node), chain.members.count > 1
                else { continue }
                used.formUnion(chain.members)
                found.append(chain.fusion(node, graph))
            }
            return found
        }

        private func supported(_ node: NodeView) -> Bool { VulkanTable.row(for: node, on: device) != nil }

        /// What has been gathered so far, ending in the value `end`.
        private struct Chain {
            var members: [Int]
            var end: Operand
            var inputs: [Operand?]
            var attributes: [String: Attribute]

            func fusion(_ first: NodeView, _ graph: GraphView) -> Fusion {
                let fused = NodeView(
                    id: first.id, name: first.name, domain: FusedNode.domain, opType: first.opType,
                    sinceVersion: first.sinceVersion, inputs: inputs, outputs: [end], attributes: attributes)
                // Every value between members is neither written nor read any more.
                let made = Set(members.dropLast().compactMap { graph.nodes[$0].output(0)?.value })
                var bytes = 0.0
                for member in members {
                    for case let operand? in graph.nodes[member].inputs + graph.nodes[member].outputs
                    where made.contains(operand.value) { bytes += Double(operand.type.byteCount ?? 0) }
                }
                return Fusion(
                    members: members.sorted(), fused: fused,
                    saving: Work(.elementwise, flops: 0, bytes: bytes, launches: members.count - 1))
            }
        }

        private func chain(from index: Int, _ node: NodeView) -> Chain? {
            guard let output = node.output(0) else { return nil }
            var chain = Chain(members: [index], end: output, inputs: node.inputs, attributes: node.attributes)
            switch node.opType {
            case "Conv":
                addActivation("activation", to: &chain)
                if addResidual(to: &chain) { addActivation("post", to: &chain) }
            case "MatMul":
                addBias(to: &chain)
                addActivation("activation", to: &chain)
            default:
                addActivation("activation", to: &chain)
            }
            return chain
        }

        /// A node that may join: unused, ours, and of one output of the chain's shape.
        private func joins(_ index: Int, _ chain: Chain) -> NodeView? {
            let node = graph.nodes[index]
            guard !used.contains(index), node.domain.isEmpty, node.outputs.count == 1,
                node.outputShape(0) == chain.end.shape, supported(node)
            else { return nil }
            return node
        }

        private func addActivation(_ name: String, to chain: inout Chain) {
            if let next = graph.soleConsumer(of: chain.end.value), let node = joins(next, chain),
                let activation = Activation(node), activation.function.fuses, node.input(0)?.value == chain.end.value,
                let output = node.output(0)
            {
                chain.members.append(next)
                chain.end = output
                chain.attributes.merge(FusedNode.attributes(name, activation)) { $1 }
                return
            }
            addSwish(name, to: &chain)
        }

        /// x Sigmoid(x), where nothing else reads x or its sigmoid.
        private func addSwish(_ name: String, to chain: inout Chain) {
            let readers = graph.consumers(of: chain.end.value)
            guard readers.count == 2, !graph.isOutput(chain.end.value),
                let sigmoid = readers.first(where: { graph.nodes[$0].opType == "Sigmoid" }),
                let product = readers.first(where: { graph.nodes[$0].opType == "Mul" }),
                let gate = joins(sigmoid, chain)?.output(0), let mul = joins(product, chain),
                graph.soleConsumer(of: gate.value) == product, let output = mul.output(0),
                Set(mul.inputs.compactMap { $0?.value }) == [gate.value, chain.end.value]
            else { return }
            chain.members += [sigmoid, product]
            chain.end = output
            chain.attributes.merge(FusedNode.attributes(name, Activation(function: .swish, a: 1))) { $1 }
        }

        /// An Add of a tensor of the same shape.
        private func addResidual(to chain: inout Chain) -> Bool {
            guard let next = graph.soleConsumer(of: chain.end.value), let node = joins(next, chain),
                node.opType == "Add", let output = node.output(0),
                let other = node.inputs.compactMap({ $0 }).first(where: { $0.value != chain.end.value }),
                other.shape == chain.end.shape
            else { return false }
            while chain.inputs.count < 3 { chain.inputs.append(nil) }
            chain.attributes[FusedNode.residual] = .int(Int64(chain.inputs.count))
            chain.inputs.append(other)
            chain.members.append(next)
            chain.end = output
            return true
        }

        /// An Add of one element, or of one a column.
        private func addBias(to chain: inout Chain) {
            guard let next = graph.soleConsumer(of: chain.end.value), let node = joins(next, chain),
                node.opType == "Add", let output = node.output(0), chain.inputs.count == 2,
                let other = node.inputs.compactMap({ $0 }).first(where: { $0.value != chain.end.value }),
                other.shape.elementCount == 1
                    || (other.shape.last == chain.end.shape.last && other.shape.dropLast().allSatisfy { $0 == 1 })
            else { return }
            chain.inputs.append(other)
            chain.members.append(next)
            chain.end = output
        }
    }
#endif
