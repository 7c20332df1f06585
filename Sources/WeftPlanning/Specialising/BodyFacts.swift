import WeftGraph
import WeftInterpreter
import WeftProvider

/// What is known of the inputs of the bodies of If, Loop and Scan, from what is known of their node's.
enum BodyFacts {
    /// A body by name, and a fact for each of its inputs.
    typealias Entry = (name: String, body: Graph, facts: [Fact])

    /// The bodies whose every input has a type; an absent input of the node has no fact.
    ///
    /// Carried values count by their types alone, for contents are those of the first trip.
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

    /// How many of the node's values go round from trip to trip, and which of a body's outputs the first of them is.
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

    /// The slices that a Scan feeds to its body, and how many there are; nil where a shape is not known.
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
