import WeftGraph
import WeftInterpreter
import WeftProvider

extension Specialiser {
    /// Adds a node behind data-dependent values to the members of its label's region.
    mutating func defer_(
        _ node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int], _ label: Tail
    ) {
        let outputs = outputs(of: node, graph, &map, label)
        let types =
            ControlFlow.isControlFlow(node)
            ? declaredTypes(of: node, inputs) : try? view(node, inputs, id: 0).outputs.map { $0?.type }
        for (index, value) in outputs.enumerated() where value != Node.absent {
            guard let type = types?[index] else { continue }
            result.values[value].type = type
            // A fixed shape ends the tail: readers of the value need not be in a region.
            if isPlain(type) { result.values[value].tail = Tail(epoch: label.epoch + 1) }
        }
        let member = TailMember(graph: graph, node: node, inputs: inputs, outputs: outputs)
        if let index = tails.firstIndex(where: { $0.label == label }) {
            tails[index].members.append(member)
        } else {
            tails.append((label, [member]))
        }
    }

    /// Makes each tail's nodes one unit, a region; its graph comes from `regions`, so that all plans share it.
    mutating func closeTails() {
        for (_, members) in tails {
            let made = Set(members.flatMap(\.outputs))
            let inside = Set(members.map { ObjectKey(graph: ObjectIdentifier($0.graph), node: $0.node.id) })
            var wanted = Set(result.outputs)
            for unit in result.units { wanted.formUnion(unit.inputs) }
            for (_, others) in tails {
                for member in others
                where !inside.contains(ObjectKey(graph: ObjectIdentifier(member.graph), node: member.node.id)) {
                    wanted.formUnion(member.inputs)
                }
            }
            let outputs = members.flatMap(\.outputs).filter { $0 != Node.absent && wanted.contains($0) }
            var inputs: [Int] = []
            var seen: Set<Int> = []
            for member in members {
                for value in member.inputs
                where value != Node.absent && !made.contains(value) && seen.insert(value).inserted {
                    inputs.append(value)
                }
            }
            let graph = regions.graph(of: members, inputs: inputs, outputs: outputs, names: result.values.map(\.name))
            result.units.append(
                .init(kind: .region(graph), inputs: inputs, outputs: outputs, nodeCount: members.count))
        }
    }

    private struct ObjectKey: Hashable {
        let graph: ObjectIdentifier
        let node: Int
    }
}
