import WeftGraph
import WeftProvider

/// What an operator's bodies must look like, so that whoever runs them can count on it.
struct BodyRule: Sendable {
    let bodies: [String]
    /// The number of inputs of each body, from the node's own inputs, its attributes and its operator set.
    let inputs: @Sendable (NodeDraft, _ opset: Int) -> Int
    /// How many outputs of a body are none of the node's.
    let hiddenOutputs: Int

    static let all: [String: BodyRule] = [
        "If": BodyRule(bodies: ["then_branch", "else_branch"], inputs: { _, _ in 0 }, hiddenOutputs: 0),
        "Loop": BodyRule(bodies: ["body"], inputs: { node, _ in node.inputs.count }, hiddenOutputs: 1),
        "Scan": BodyRule(
            bodies: ["body"],
            inputs: { node, opset in opset < 9 ? node.inputs.count - 1 : node.inputs.count }, hiddenOutputs: 0),
        "SequenceMap": BodyRule(bodies: ["body"], inputs: { node, _ in node.inputs.count }, hiddenOutputs: 0),
    ]
}

extension Importer {
    /// Closes a node's bodies: what any of them takes from outside becomes an input of the node and of all of them.
    func addBodies(
        _ bodies: [(name: String, graph: GraphProto)], of node: NodeProto, _ opset: Int, to draft: inout NodeDraft,
        in scope: Scope
    ) throws(WeftError) {
        guard scope.depth < limits.depth else {
            throw WeftError(.invalidModel, "bodies and functions are nested deeper than \(limits.depth)")
        }
        if draft.domain.isEmpty, node.opType == "Loop" {
            while draft.inputs.count < 2 { draft.inputs.append(Node.absent) }
        }
        var drafts: [(name: String, draft: GraphDraft)] = []
        var captures: [Int] = []
        var captured: Set<Int> = []
        for body in bodies {
            let inner = GraphDraft(name: body.graph.name, outer: scope, operators: operators)
            let innerScope = Scope(
                draft: inner, opsets: scope.opsets, call: scope.call, isClosed: false, depth: scope.depth + 1)
            try add(body.graph, to: innerScope)
            drafts.append((body.name, inner))
            for value in inner.captures where captured.insert(value).inserted { captures.append(value) }
        }
        if draft.domain.isEmpty, let rule = BodyRule.all[node.opType] {
            try check(drafts, against: rule, node, draft, opset)
        }
        for (name, inner) in drafts { draft.bodies[name] = inner.close(over: captures, of: scope.draft) }
        draft.inputs += captures
        draft.captureCount = captures.count
    }

    private func check(
        _ bodies: [(name: String, draft: GraphDraft)], against rule: BodyRule, _ node: NodeProto, _ draft: NodeDraft,
        _ opset: Int
    ) throws(WeftError) {
        for name in rule.bodies where !bodies.contains(where: { $0.name == name }) {
            throw WeftError(.invalidModel, "has no '\(name)'")
        }
        for (name, body) in bodies {
            guard rule.bodies.contains(name) else { throw WeftError(.invalidModel, "has no use for a graph '\(name)'") }
            let inputs = body.builder.inputs.count
            let expected = rule.inputs(draft, opset)
            guard inputs == expected else {
                throw WeftError(.invalidModel, "'\(name)' has \(inputs) inputs, the node feeds \(expected)")
            }
            let outputs = body.builder.outputs.count - rule.hiddenOutputs
            guard outputs == node.outputs.count else {
                throw WeftError(
                    .invalidModel, "'\(name)' gives \(max(outputs, 0)) outputs, the node has \(node.outputs.count)")
            }
        }
    }
}
