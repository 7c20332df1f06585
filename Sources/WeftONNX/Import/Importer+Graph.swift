import WeftGraph
import WeftProvider

extension Importer {
    /// Adds a graph's inputs, initialisers, nodes and outputs to the draft of `scope`.
    ///
    /// An input of the main graph that has an initialiser is a constant, and no input. A body is fed by position: there
    /// the input stays and its initialiser is dropped.
    func add(_ graph: GraphProto, to scope: Scope) throws(WeftError) {
        let isBody = scope.draft.outer != nil
        for info in graph.valueInfo { scope.declared[info.name] = info.type }
        for info in graph.outputs { scope.declared[info.name] = info.type }
        for info in graph.inputs { scope.declared[info.name] = info.type }

        let initialised = Set(graph.initializers.map(\.name) + graph.sparseInitializers.map(\.values.name))
        var inputs: Set<String> = []
        for info in graph.inputs where isBody || !initialised.contains(info.name) {
            guard !info.name.isEmpty else { throw WeftError(.invalidModel, "an input of \(place(graph)) has no name") }
            let value = try scope.define(info.name)
            if !isBody, scope.draft.builder.values[value].type == nil {
                throw WeftError(.invalidModel, "input '\(info.name)' has no type")
            }
            scope.draft.builder.inputs.append(value)
            inputs.insert(info.name)
        }
        for tensor in graph.initializers where !inputs.contains(tensor.name) {
            guard !tensor.name.isEmpty else {
                throw WeftError(.invalidModel, "an initializer of \(place(graph)) has no name")
            }
            try scope.define(tensor.name, as: try decoder.constant(tensor))
        }
        for tensor in graph.sparseInitializers where !inputs.contains(tensor.values.name) {
            guard !tensor.values.name.isEmpty else {
                throw WeftError(.invalidModel, "a sparse initializer of \(place(graph)) has no name")
            }
            try scope.define(tensor.values.name, as: try decoder.constant(tensor))
        }
        scope.contents = (graph.nodes, graph.outputs.map(\.name))
        for index in try NodeOrder.order(graph.nodes) { try add(graph.nodes[index], to: scope) }
        for info in graph.outputs {
            guard let value = scope.find(info.name), value != Node.absent else {
                throw WeftError(
                    .invalidModel, "output '\(info.name)' of \(place(graph)) is undefined: no node makes it")
            }
            scope.draft.builder.outputs.append(value)
        }
    }

    private func place(_ graph: GraphProto) -> String { graph.name.isEmpty ? "the graph" : "graph '\(graph.name)'" }

    /// Adds one node: a call is replaced by its function's nodes, a Constant by its value.
    func add(_ node: NodeProto, to scope: Scope) throws(WeftError) {
        guard nodesLeft > 0 else {
            throw WeftError(.invalidModel, "the model has more than \(limits.nodes) nodes")
        }
        nodesLeft -= 1
        let domain = node.domain.normalDomain
        do throws(WeftError) {
            guard !node.opType.isEmpty else { throw WeftError(.invalidModel, "names no operator") }
            let key = FunctionKey(domain: domain, name: node.opType, overload: node.overload)
            if let function = functions[key] {
                try inline(function, key, for: node, in: scope)
            } else if node.opType == "Constant", domain.isEmpty {
                try addConstant(node, to: scope)
            } else {
                try addOperator(node, domain, to: scope)
            }
        } catch {
            throw error.at(node: scope.label(node.name).isEmpty ? node.label : node.labelled(scope.label(node.name)))
        }
    }

    private func addOperator(_ node: NodeProto, _ domain: String, to scope: Scope) throws(WeftError) {
        guard let opset = scope.opsets[domain] else {
            throw WeftError(
                .invalidModel,
                "belongs to operator set \(domain.isEmpty ? "ai.onnx" : domain), which the model does not import")
        }
        var draft = NodeDraft(
            node.opType, domain: domain, name: scope.label(node.name), inputs: try inputs(of: node, in: scope),
            outputs: [])
        var bodies: [(name: String, graph: GraphProto)] = []
        for attribute in try attributes(of: node, in: scope) {
            if attribute.kind == .graph, let graph = attribute.graph.value {
                bodies.append((attribute.name, graph))
            } else {
                draft.attributes[attribute.name] = try value(of: attribute)
            }
        }
        if !bodies.isEmpty || BodyRule.all[node.opType] != nil {
            try addBodies(bodies, of: node, opset, to: &draft, in: scope)
        }
        draft.outputs = try outputs(of: node, in: scope, keepAll: !bodies.isEmpty)
        try scope.draft.builder.append(draft, opset: opset)
    }

    /// The values that a node reads; optional inputs that are not given at the end are cut off.
    func inputs(of node: NodeProto, in scope: Scope) throws(WeftError) -> [Int] {
        var values: [Int] = []
        values.reserveCapacity(node.inputs.count)
        for name in node.inputs {
            guard !name.isEmpty else {
                values.append(Node.absent)
                continue
            }
            guard let value = scope.find(name) else {
                throw WeftError(
                    .invalidModel, "input '\(name)' is undefined: no node, input or initializer has that name")
            }
            values.append(value)
        }
        while values.last == Node.absent { values.removeLast() }
        return values
    }

    /// The values that a node makes. Unwanted ones are absent, and at the end cut off, unless `keepAll` names them too.
    private func outputs(of node: NodeProto, in scope: Scope, keepAll: Bool) throws(WeftError) -> [Int] {
        var values: [Int] = []
        let names = keepAll ? node.outputs[...] : wantedOutputs(of: node, in: scope)
        values.reserveCapacity(names.count)
        for name in names {
            if name.isEmpty {
                values.append(keepAll ? scope.draft.builder.value() : Node.absent)
            } else {
                values.append(try scope.define(name))
            }
        }
        while values.count > 1, values.last == Node.absent { values.removeLast() }
        if values == [Node.absent] { values = [scope.draft.builder.value()] }
        return values
    }

    /// A node's outputs without optional ones at the end that nothing reads, such as a Dropout's mask.
    private func wantedOutputs(of node: NodeProto, in scope: Scope) -> ArraySlice<String> {
        var names = node.outputs[...]
        let domain = node.domain.normalDomain
        let schema = try? operators.schema(node.opType, domain: domain, opset: scope.opsets[domain] ?? 1)
        guard let range = schema?.outputCount, range.upperBound < Int.max
        else { return names }
        while names.count > max(range.lowerBound, 1), let last = names.last, last.isEmpty || !scope.isRead(last) {
            names.removeLast()
        }
        return names
    }
}

extension NodeProto {
    /// The node's label under another name.
    func labelled(_ name: String) -> String {
        var node = self
        node.name = name
        return node.label
    }
}
