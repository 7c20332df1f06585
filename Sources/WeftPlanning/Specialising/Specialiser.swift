package import WeftGraph
package import WeftInterpreter
package import WeftProvider

/// Makes a graph's shapes concrete for one signature, and folds what follows from them.
package struct Specialiser {
    let reference: Reference
    package let regions: RegionTable
    let workers: any Workers
    package var result = Specialised()
    /// Nodes behind data-dependent values, grouped by label; labels in the order in which they were met.
    var tails: [(label: Tail, members: [TailMember])] = []

    package init(reference: Reference, regions: RegionTable, workers: any Workers) {
        self.reference = reference
        self.regions = regions
        self.workers = workers
    }

    /// Specialises a graph for facts about its inputs.
    ///
    /// A specialiser may be used for one graph only. Throws if a node is invalid for its inputs, if a kernel that
    /// folding runs fails, or if the work is cancelled.
    package mutating func specialise(_ graph: Graph, _ facts: [Fact]) throws(WeftError) -> Specialised {
        var map: [Int: Int] = [:]
        for (value, fact) in zip(graph.inputs, facts) {
            map[value] = add(graph.values[value].name, fact.type, fact.contents)
        }
        result.inputs = graph.inputs.compactMap { map[$0] }
        try walk(graph, &map)
        for value in graph.outputs {
            guard let known = lookUp(value, graph, &map) else {
                throw WeftError(.invalidModel, "output '\(graph.values[value].name)' is never made")
            }
            result.outputs.append(known)
        }
        closeTails()
        if !tails.isEmpty { try result.sort() }
        return result
    }

    mutating func add(_ name: String, _ type: ValueType?, _ contents: Constant? = nil) -> Int {
        result.values.append(.init(name: name, type: type, contents: contents))
        return result.values.count - 1
    }

    /// The number of a graph's value in the specialised graph; nil if no node visited so far makes it.
    ///
    /// A constant gets its number when it is first read.
    mutating func lookUp(_ value: Int, _ graph: Graph, _ map: inout [Int: Int]) -> Int? {
        if value == Node.absent { return Node.absent }
        if let known = map[value] { return known }
        guard let constant = graph.constants[value] else { return nil }
        let number = add(graph.values[value].name, constant.type, constant)
        map[value] = number
        return number
    }

    mutating func walk(_ graph: Graph, _ map: inout [Int: Int]) throws(WeftError) {
        for node in graph.nodes {
            try workers.checkCancellation()
            var inputs: [Int] = []
            inputs.reserveCapacity(node.inputs.count)
            for value in node.inputs {
                guard let known = lookUp(value, graph, &map) else {
                    throw WeftError(
                        .internalInconsistency, "value '\(graph.values[value].name)' is read before it is made",
                        node: node.label)
                }
                inputs.append(known)
            }
            try visit(node, inputs, graph, &map)
        }
    }

    mutating func outputs(of node: Node, _ graph: Graph, _ map: inout [Int: Int], _ tail: Tail) -> [Int] {
        node.outputs.map { value in
            guard value != Node.absent else { return Node.absent }
            let number = add(graph.values[value].name, nil)
            result.values[number].tail = tail
            map[value] = number
            return number
        }
    }

    func contents(_ value: Int) -> Constant? { value == Node.absent ? nil : result.values[value].contents }

    private mutating func visit(
        _ node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int]
    ) throws(WeftError) {
        let present = inputs.filter { $0 != Node.absent }
        let tail = Tail(
            epoch: present.map { result.values[$0].tail.epoch }.max() ?? 0,
            sources: present.reduce(into: []) { $0.formUnion(result.values[$1].tail.sources) })

        if ControlFlow.isControlFlow(node) {
            if node.opType == "If", let condition = contents(inputs[0]),
                let taken = node.bodies[
                    try ControlFlow.flag(.constant(condition), "the condition") ? "then_branch" : "else_branch"]
            {
                return try inline(taken, of: node, inputs, graph, &map)
            }
            if !tail.sources.isEmpty { return defer_(node, inputs, graph, &map, tail) }
            let facts = inputs.map { value in
                value == Node.absent ? nil : result.values[value].type.map { Fact(type: $0, contents: contents(value)) }
            }
            let (reference, regions, workers) = (reference, regions, workers)
            let types = BodyTypes { body, known throws(WeftError) in
                var inner = Specialiser(reference: reference, regions: regions, workers: workers)
                let specialised = try inner.specialise(body, known)
                return specialised.outputs.map { specialised.values[$0].type }
            }
            let inferred = types.outputs(of: node, facts)
            let all = declaredTypes(of: node, inputs).enumerated().map { index, declared in
                index < inferred.count ? inferred[index] ?? declared : declared
            }
            return addUnit(.controlFlow(node), node, inputs, graph, &map, tail, types: all)
        }
        if !tail.sources.isEmpty { return defer_(node, inputs, graph, &map, tail) }
        if present.contains(where: { !isPlainTensor($0) }) {
            let view = try? view(node, inputs, id: 0)
            return addUnit(
                .dynamic(node), node, inputs, graph, &map, tail, types: view?.outputs.map { $0?.type } ?? [])
        }
        if try fold(node, inputs, graph, &map) { return }

        guard let schema = node.schema else {
            throw NodeResolver.unknownOperator(node)
        }
        let known = inputs.indices.allSatisfy { index in
            !schema.hostInputs.contains(index) || inputs[index] == Node.absent || contents(inputs[index]) != nil
        }
        let view = try view(node, inputs, id: result.units.count)
        let types = view.outputs.map { $0?.type }
        let fixed = view.outputs.allSatisfy { $0.map { isPlain($0.type) } ?? true }
        if known && fixed {
            addUnit(.planned(view), node, inputs, graph, &map, tail, types: types)
        } else {
            addUnit(.dynamic(node), node, inputs, graph, &map, tail, types: types)
        }
    }

    /// The output types that the bodies of a control-flow node declare, without shapes; nil for unknown ones.
    func declaredTypes(of node: Node, _ inputs: [Int]) -> [ValueType?] {
        var inference = Inference(
            node, inputs: inputs.map { $0 == Node.absent ? nil : result.values[$0].type }, contents: [])
        try? node.schema?.infer(&inference)
        return inference.outputs
    }

    func isPlain(_ type: ValueType) -> Bool { type.byteCount != nil }

    private func isPlainTensor(_ value: Int) -> Bool {
        result.values[value].type.map(isPlain) ?? false
    }

    func view(_ node: Node, _ inputs: [Int], id: Int) throws(WeftError) -> NodeView {
        try NodeResolver.resolve(
            node, inputs: inputs.map { $0 == Node.absent ? nil : result.values[$0].type },
            contents: inputs.map { contents($0) }, id: id, inputIDs: inputs,
            outputIDs: node.outputs.indices.map { _ in Node.absent })
    }

    private mutating func addUnit(
        _ kind: Specialised.Unit.Kind, _ node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int],
        _ tail: Tail, types: [ValueType?]
    ) {
        let outputs = outputs(of: node, graph, &map, tail)
        for (index, value) in outputs.enumerated() where value != Node.absent {
            let type = index < types.count ? types[index] : nil
            result.values[value].type = type
            if type.map({ !isPlain($0) && !isContainerOrString($0) }) ?? true {
                result.values[value].tail.sources = [outputs.first { $0 != Node.absent } ?? value]
            }
        }
        var kind = kind
        if case .planned(var view) = kind {
            for (index, value) in outputs.enumerated() {
                guard let operand = view.outputs[index] else { continue }
                view.outputs[index] = Operand(value: value, type: operand.type)
            }
            kind = .planned(view)
        }
        result.units.append(.init(kind: kind, inputs: inputs, outputs: outputs, nodeCount: 1))
    }

    /// Whether the type is a sequence, an optional, or a string tensor whose shape is not unknown.
    private func isContainerOrString(_ type: ValueType) -> Bool {
        guard case .tensor(let element, let shape) = type else { return true }
        return element == .string && shape != .unknown
    }
}
