import WeftGraph
import WeftInterpreter
import WeftProvider

/// Facts about the inputs of the bodies of If, Loop and Scan, derived from those about their node's inputs.
enum BodyFacts {
    /// A body with its name, and a fact about each of its inputs.
    typealias Entry = (name: String, body: Graph, facts: [Fact])

    /// The bodies for which the type of every input is known. `inputs` has nil for absent and unknown inputs.
    ///
    /// Facts about carried values have types only, because their contents are known for the first trip only.
    static func all(of node: Node, _ inputs: [Fact?]) -> [Entry] {
        let captured = Array(inputs.suffix(node.captureCount))
        switch node.opType {
        case "If":
            return ["then_branch", "else_branch"].compactMap { entry($0, node, captured) }
        case "Loop":
            let carried = inputs.dropLast(node.captureCount).dropFirst(2).map(typeAlone)
            let counter = Fact(type: .tensor(.int64, .fixed([])))
            let condition = Fact(type: .tensor(.bool, .fixed([])), contents: ControlFlow.alwaysConstant)
            return [entry("body", node, [counter, condition] + carried + captured)].compactMap { $0 }
        case "Scan":
            guard let scanned = scanned(node, inputs) else { return [] }
            let states = inputs.dropLast(node.captureCount).dropLast(scanned.count).map(typeAlone)
            return [entry("body", node, states + scanned.map(\.slice) + captured)].compactMap { $0 }
        default: return []
        }
    }

    /// The number of values carried from trip to trip, and the position of the first one among the body's outputs.
    static func carried(of node: Node) -> (count: Int, firstOutput: Int) {
        let given = node.inputs.count - node.captureCount
        switch node.opType {
        case "Loop": return (max(0, given - 2), 1)
        case "Scan":
            guard case .int(let declared) = node.attributes["num_scan_inputs"], declared <= given else { return (0, 0) }
            return (given - Int(declared), 0)
        default: return (0, 0)
        }
    }

    /// For each scan input, a fact about its slices and their number; nil if a shape is not known.
    static func scanned(_ node: Node, _ inputs: [Fact?]) -> [(slice: Fact?, length: Int)]? {
        let given = Array(inputs.dropLast(node.captureCount))
        guard case .int(let declared) = node.attributes["num_scan_inputs"], declared >= 1, declared <= given.count
        else { return nil }
        var slices: [(slice: Fact?, length: Int)] = []
        for (index, fact) in given.suffix(Int(declared)).enumerated() {
            var axis = 0
            if case .ints(let axes) = node.attributes["scan_input_axes"], index < axes.count { axis = Int(axes[index]) }
            guard case .tensor(let type, .fixed(var shape)) = fact?.type else { return nil }
            if axis < 0 { axis += shape.count }
            guard shape.indices.contains(axis) else { return nil }
            let length = shape.remove(at: axis)
            slices.append((Fact(type: .tensor(type, .fixed(shape))), length))
        }
        return slices
    }

    private static func typeAlone(_ fact: Fact?) -> Fact? { fact.map { Fact(type: $0.type) } }

    private static func entry(_ name: String, _ node: Node, _ facts: [Fact?]) -> Entry? {
        guard let body = node.bodies[name], facts.count == body.inputs.count else { return nil }
        let known = facts.compactMap { $0 }
        return known.count == facts.count ? (name, body, known) : nil
    }
}
