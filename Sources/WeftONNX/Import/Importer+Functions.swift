import WeftGraph
import WeftProvider

extension Importer {
    /// Puts a function's nodes in the place of a call of it.
    ///
    /// Its names are its own; what people see of them begins with the call's name. Inputs are bound to the caller's
    /// values, outputs to the values that the caller's names stand for.
    func inline(
        _ function: FunctionProto, _ key: FunctionKey, for node: NodeProto, in scope: Scope
    ) throws(WeftError) {
        let stack = scope.call?.stack ?? []
        guard !stack.contains(key) else { throw WeftError(.invalidModel, "function '\(key)' calls itself") }
        guard scope.depth < limits.depth else {
            throw WeftError(.invalidModel, "bodies and functions are nested deeper than \(limits.depth)")
        }
        guard node.inputs.count <= function.inputs.count, node.outputs.count <= function.outputs.count else {
            throw WeftError(
                .invalidModel,
                "function '\(key)' has \(function.inputs.count) inputs and \(function.outputs.count) outputs, the call "
                    + "\(node.inputs.count) and \(node.outputs.count)")
        }
        let label = callLabel(scope.label(node.name.isEmpty ? node.opType : node.name))
        let call = FunctionCall(
            key: key, label: label, attributes: try arguments(of: function, for: node, in: scope), stack: stack + [key])
        let versions = try Importer.versions(function.opsetImports, of: "function '\(key)'")
        let inner = Scope(
            draft: scope.draft, opsets: scope.opsets.merging(versions) { $1 }, call: call, isClosed: true,
            depth: scope.depth + 1)
        let given = try inputs(of: node, in: scope)
        for (index, name) in function.inputs.enumerated() {
            try inner.bind(name, to: index < given.count ? given[index] : Node.absent)
        }
        for (name, outer) in zip(function.outputs, node.outputs) where !outer.isEmpty && inner.find(name) == nil {
            guard inner.reserved[name] == nil else { continue }
            inner.reserved[name] = try scope.define(outer)
        }
        inner.contents = (function.nodes, function.outputs)
        for index in try NodeOrder.order(function.nodes) { try add(function.nodes[index], to: inner) }
        try connect(function, key, node, inner, scope)
    }

    /// Binds the call's outputs; one that is an input of the function, or a repeat, is copied by an Identity.
    private func connect(
        _ function: FunctionProto, _ key: FunctionKey, _ node: NodeProto, _ inner: Scope, _ scope: Scope
    ) throws(WeftError) {
        var bound: Set<String> = []
        for (name, outer) in zip(function.outputs, node.outputs) where !outer.isEmpty {
            guard let value = inner.find(name), value != Node.absent else {
                throw WeftError(.invalidModel, "output '\(name)' of function '\(key)' is undefined: no node makes it")
            }
            if inner.reserved[name] == value, bound.insert(name).inserted { continue }
            let copy = try scope.define(outer)
            if let constant = scope.draft.builder.constants[value] {
                scope.draft.builder.define(copy, as: constant)
            } else {
                try scope.draft.builder.append(
                    NodeDraft("Identity", name: inner.label(name), inputs: [value], outputs: [copy]),
                    opset: scope.opsets[""] ?? 13)
            }
        }
    }

    /// What the function's attribute references stand for in this call: what the call gives, else the defaults.
    private func arguments(
        of function: FunctionProto, for node: NodeProto, in scope: Scope
    ) throws(WeftError) -> [String: AttributeProto] {
        var arguments: [String: AttributeProto] = [:]
        for attribute in function.attributeDefaults { arguments[attribute.name] = attribute }
        for attribute in try attributes(of: node, in: scope) { arguments[attribute.name] = attribute }
        for attribute in arguments.values where attribute.kind == .graph || attribute.kind == .graphs {
            throw WeftError(
                .unsupportedOperator, "attribute '\(attribute.name)' passes a graph to a function: not supported")
        }
        return arguments
    }
}
