import WeftGraph
import WeftProvider

/// What can be said of the outputs of If, Loop and Scan before they run: their bodies, specialised for their inputs.
///
/// Never fails a run: a body that cannot be specialised leaves its outputs' types unknown, since it may never run.
struct BodyTypes {
    /// The output types of a closed graph for inputs of which `facts` is known.
    let specialise: (Graph, [Fact]) throws(WeftError) -> [ValueType?]

    /// The type of each output of the node; nil where only running tells. An absent input has no fact.
    func outputs(of node: Node, _ inputs: [Fact?]) -> [ValueType?] {
        switch node.opType {
        case "If": branches(node, inputs)
        case "Loop": loop(node, inputs)
        case "Scan": scan(node, inputs)
        default: []
        }
    }

    private func outputs(_ body: Graph?, _ facts: [Fact?]) -> [ValueType?]? {
        guard let body else { return nil }
        var known: [Fact] = []
        for fact in facts {
            guard let fact else { return nil }
            known.append(fact)
        }
        guard known.count == body.inputs.count else { return nil }
        return try? specialise(body, known)
    }

    private func branches(_ node: Node, _ inputs: [Fact?]) -> [ValueType?] {
        let captured = Array(inputs.suffix(node.captureCount))
        guard let first = outputs(node.bodies["then_branch"], captured),
            let second = outputs(node.bodies["else_branch"], captured)
        else { return [] }
        return zip(first, second).map { $0 == $1 && $0?.byteCount != nil ? $0 : nil }
    }

    private func loop(_ node: Node, _ inputs: [Fact?]) -> [ValueType?] {
        let captured = Array(inputs.suffix(node.captureCount))
        // A carried value's contents are those of the first trip alone.
        let carried = inputs.dropLast(node.captureCount).dropFirst(2).map { $0.map { Fact(type: $0.type) } }
        let counter = Fact(type: .tensor(.int64, .fixed([])))
        let condition = Fact(type: .tensor(.bool, .fixed([])), contents: ControlFlow.alwaysConstant)
        guard let made = outputs(node.bodies["body"], [counter, condition] + carried + captured) else { return [] }
        let steady = carried.indices.allSatisfy { made[1 + $0] == carried[$0]?.type }
        guard steady else { return [] }
        return node.outputs.indices.map { index in
            index < carried.count && made[1 + index]?.byteCount != nil ? made[1 + index] : nil
        }
    }

    private func scan(_ node: Node, _ inputs: [Fact?]) -> [ValueType?] {
        guard case .int(let declared) = node.attributes["num_scan_inputs"], declared >= 1 else { return [] }
        let given = Array(inputs.dropLast(node.captureCount))
        let stateCount = given.count - Int(declared)
        guard stateCount >= 0 else { return [] }
        var facts = given[..<stateCount].map { $0.map { Fact(type: $0.type) } }
        let states = facts
        for (index, fact) in given[stateCount...].enumerated() {
            var axis = 0
            if case .ints(let axes) = node.attributes["scan_input_axes"], index < axes.count { axis = Int(axes[index]) }
            guard case .tensor(let type, .fixed(var shape)) = fact?.type else { return [] }
            if axis < 0 { axis += shape.count }
            guard shape.indices.contains(axis) else { return [] }
            shape.remove(at: axis)
            facts.append(Fact(type: .tensor(type, .fixed(shape))))
        }
        guard let made = outputs(node.bodies["body"], facts + inputs.suffix(node.captureCount)),
            states.indices.allSatisfy({ made[$0] == states[$0]?.type })
        else { return [] }
        return node.outputs.indices.map { index in
            index < stateCount && made[index]?.byteCount != nil ? made[index] : nil
        }
    }
}
