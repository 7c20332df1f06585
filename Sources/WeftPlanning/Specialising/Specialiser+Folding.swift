import WeftGraph
import WeftInterpreter
import WeftProvider

extension Specialiser {
    /// A node whose results exceed this many bytes is not folded but computed at run time.
    private static let largestFold = 1 << 20

    /// Replaces an If whose condition is known by the nodes of the branch that it takes.
    mutating func inline(
        _ branch: Graph, of node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int]
    ) throws(WeftError) {
        var inner: [Int: Int] = [:]
        for (value, outer) in zip(branch.inputs, inputs.suffix(node.captureCount)) { inner[value] = outer }
        try walk(branch, &inner)
        for (outer, value) in zip(node.outputs, branch.outputs) where outer != Node.absent {
            guard let number = lookUp(value, branch, &inner) else {
                throw WeftError(.invalidModel, "the branch never makes its output", node: node.label)
            }
            map[outer] = number
        }
        result.foldedCount += 1
    }

    /// Computes a node whose inputs are known, or Shape and Size of an input with known shape.
    ///
    /// Returns false, and changes nothing, if the node cannot be folded.
    mutating func fold(
        _ node: Node, _ inputs: [Int], _ graph: Graph, _ map: inout [Int: Int]
    ) throws(WeftError) -> Bool {
        guard let schema = node.schema, schema.nature == .pure else {
            return false
        }
        if node.domain.isEmpty, node.opType == "Shape" || node.opType == "Size", inputs[0] != Node.absent,
            let shape = result.values[inputs[0]].type?.dimensions
        {
            let folded: Constant
            if node.opType == "Shape" {
                let range = try Operator.shapeRange(node.attributes, rank: shape.count)
                folded = ConstantFactory.constant(ints: Array(shape[range]))
            } else {
                folded = ConstantFactory.constant(Tensor(scalar: Int64(shape.elementCount)))
            }
            define(node, [folded], graph, &map)
            return true
        }
        var data: [Datum?] = []
        for value in inputs {
            if value == Node.absent {
                data.append(nil)
            } else if let constant = result.values[value].contents {
                data.append(.constant(constant))
            } else {
                return false
            }
        }
        let view = try view(node, inputs, id: 0)
        let bytes = view.outputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) }
        guard bytes <= Self.largestFold,
            case .variants = reference.provider.support(view, on: reference.device.description)
        else { return false }
        let values = try reference.run(node, data, workers: workers, budget: MemoryBudget())
        var constants: [Constant?] = []
        for value in values {
            guard let value else {
                constants.append(nil)
                continue
            }
            guard let constant = ConstantFactory.constant(value) else { return false }
            constants.append(constant)
        }
        define(node, constants, graph, &map)
        return true
    }

    private mutating func define(_ node: Node, _ constants: [Constant?], _ graph: Graph, _ map: inout [Int: Int]) {
        for (value, constant) in zip(node.outputs, constants) where value != Node.absent {
            if let constant { map[value] = add(graph.values[value].name, constant.type, constant) }
        }
        result.foldedCount += 1
    }
}
