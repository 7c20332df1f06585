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
        var made: [[ValueType?]] = []
        for entry in BodyFacts.all(of: node, inputs) {
            guard let types = try? specialise(entry.body, entry.facts) else { return [] }
            if !Self.isSteady(node, entry.facts, types) { return [] }
            made.append(types)
        }
        if node.opType == "If" {
            guard made.count == 2 else { return [] }
            return zip(made[0], made[1]).map { $0 == $1 && $0?.byteCount != nil ? $0 : nil }
        }
        guard let made = made.first else { return [] }
        let carried = BodyFacts.carried(of: node)
        return node.outputs.indices.map { index in
            let output = carried.firstOutput + index
            return index < carried.count && made[output]?.byteCount != nil ? made[output] : nil
        }
    }

    /// Whether every carried value leaves a trip with the type with which it came in.
    static func isSteady(_ node: Node, _ facts: [Fact], _ outputs: [ValueType?]) -> Bool {
        let carried = BodyFacts.carried(of: node)
        let firstInput = node.opType == "Loop" ? 2 : 0
        guard carried.firstOutput + carried.count <= outputs.count, firstInput + carried.count <= facts.count else {
            return false
        }
        return (0..<carried.count).allSatisfy { outputs[carried.firstOutput + $0] == facts[firstInput + $0].type }
    }
}
