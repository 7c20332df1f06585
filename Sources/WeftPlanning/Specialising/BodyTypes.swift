import WeftGraph
import WeftProvider

/// Infers the output types of If, Loop and Scan by specialising their bodies for their inputs.
///
/// It never throws: if a body cannot be specialised, the output types are unknown, as the body may never run.
struct BodyTypes {
    /// The output types of a closed graph for facts about its inputs.
    let specialise: (Graph, [Fact]) throws(WeftError) -> [ValueType?]

    /// The type of each output of the node, nil if only a run tells; empty if nothing is known of any output.
    ///
    /// `inputs` has nil for absent and unknown inputs.
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

    /// Whether every carried value has the same type at the end of a trip as at its start.
    static func isSteady(_ node: Node, _ facts: [Fact], _ outputs: [ValueType?]) -> Bool {
        let carried = BodyFacts.carried(of: node)
        let firstInput = node.opType == "Loop" ? 2 : 0
        guard carried.firstOutput + carried.count <= outputs.count, firstInput + carried.count <= facts.count else {
            return false
        }
        return (0..<carried.count).allSatisfy { outputs[carried.firstOutput + $0] == facts[firstInput + $0].type }
    }
}
