import WeftProvider

/// The order in which a graph's nodes can be added: every name defined before it is used.
enum NodeOrder {
    /// The file's own order where it will do, as ONNX demands; else one that will. Throws for a cycle, naming it.
    static func order(_ nodes: [NodeProto]) throws(WeftError) -> [Int] {
        var producers: [String: Int] = [:]
        producers.reserveCapacity(nodes.count)
        for (index, node) in nodes.enumerated() {
            for name in node.outputs where !name.isEmpty { producers[name] = index }
        }
        let sorted = nodes.indices.allSatisfy { index in
            !nodes[index].inputs.contains { (producers[$0] ?? -1) >= index }
                && (!nodes[index].hasBodies || !bodyNeeds(nodes[index]).contains { (producers[$0] ?? -1) >= index })
        }
        return sorted ? Array(nodes.indices) : try sort(nodes, producers)
    }

    private enum State { case new, open, done }

    /// A depth-first search with a stack of its own: a file may chain as many nodes as it likes.
    private static func sort(_ nodes: [NodeProto], _ producers: [String: Int]) throws(WeftError) -> [Int] {
        let needs = nodes.map { node in
            (node.inputs + (node.hasBodies ? bodyNeeds(node).sorted() : [])).compactMap { producers[$0] }
        }
        var states = [State](repeating: .new, count: nodes.count)
        var order: [Int] = []
        order.reserveCapacity(nodes.count)
        for root in nodes.indices where states[root] == .new {
            var path = [(node: root, next: 0)]
            states[root] = .open
            while let (node, next) = path.last {
                guard next < needs[node].count else {
                    states[node] = .done
                    order.append(node)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let needed = needs[node][next]
                switch states[needed] {
                case .done: continue
                case .new:
                    states[needed] = .open
                    path.append((needed, 0))
                case .open:
                    let start = path.firstIndex { $0.node == needed } ?? 0
                    throw cycle(path[start...].map { nodes[$0.node] })
                }
            }
        }
        return order
    }

    private static func cycle(_ nodes: [NodeProto]) -> WeftError {
        let shown = nodes.reversed().prefix(6).map(\.label)
        let rest = nodes.count > shown.count ? " and \(nodes.count - shown.count) more" : ""
        return WeftError(
            .invalidModel, "nodes form a cycle, each waiting for the next: \(shown.joined(separator: ", "))\(rest)",
            node: nodes.first?.label)
    }

    /// Names that the bodies of a node use without defining them.
    private static func bodyNeeds(_ node: NodeProto) -> Set<String> {
        var needs: Set<String> = []
        for attribute in node.attributes {
            if let graph = attribute.graph.value { needs.formUnion(freeNames(graph)) }
        }
        return needs
    }

    /// Names that nodes or their bodies use and do not define inside those.
    static func usedNames(_ nodes: [NodeProto]) -> Set<String> {
        var used: Set<String> = []
        for node in nodes {
            used.formUnion(node.inputs)
            if node.hasBodies { used.formUnion(bodyNeeds(node)) }
        }
        return used
    }

    private static func freeNames(_ graph: GraphProto) -> Set<String> {
        var used = usedNames(graph.nodes)
        var defined: Set<String> = []
        for input in graph.inputs { defined.insert(input.name) }
        for tensor in graph.initializers { defined.insert(tensor.name) }
        for tensor in graph.sparseInitializers { defined.insert(tensor.values.name) }
        for node in graph.nodes { defined.formUnion(node.outputs) }
        for output in graph.outputs { used.insert(output.name) }
        return used.subtracting(defined)
    }
}

extension NodeProto {
    /// `name (Operator)`, as messages call a node.
    var label: String {
        let operation = domain.isEmpty || domain == "ai.onnx" ? opType : "\(domain).\(opType)"
        return name.isEmpty ? operation : "\(name) (\(operation))"
    }

    var hasBodies: Bool { attributes.contains { $0.kind == .graph } }
}
