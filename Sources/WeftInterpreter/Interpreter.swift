package import WeftGraph
package import WeftProvider

/// Runs a graph node by node on the reference provider, without a plan.
///
/// It folds constants and runs signatures that are not worth a plan, and tests compare plans with it.
package struct Interpreter {
    private let reference: Reference
    private let workers: any Workers
    private let budget: MemoryBudget

    package init(_ reference: Reference, workers: any Workers, budget: MemoryBudget = MemoryBudget()) {
        self.reference = reference
        self.workers = workers
        self.budget = budget
    }

    /// The graph's outputs for its inputs, given in order. Values are dropped after their last use.
    package func run(_ graph: Graph, _ inputs: [Datum]) throws(WeftError) -> [Value] {
        guard inputs.count == graph.inputs.count else {
            throw WeftError(
                .internalInconsistency,
                "graph '\(graph.name)' takes \(graph.inputs.count) inputs, was given \(inputs.count)")
        }
        var data = NodeValues(graph, inputs)
        for node in graph.nodes {
            try workers.checkCancellation()
            let operands = node.inputs.map { $0 == Node.absent ? nil : data[$0] }
            for (index, value) in node.inputs.enumerated() where value != Node.absent && operands[index] == nil {
                throw WeftError(
                    .internalInconsistency, "value '\(graph.values[value].name)' is read before it is made",
                    node: node.label)
            }
            for (value, result) in zip(node.outputs, try run(node, operands)) where value != Node.absent {
                data[value] = result.map { .value($0) }
            }
            data.release(after: node)
        }
        var outputs: [Value] = []
        for value in graph.outputs {
            guard let datum = data[value] else {
                throw WeftError(.invalidModel, "output '\(graph.values[value].name)' is never made")
            }
            outputs.append(try datum.value())
        }
        return outputs
    }

    /// The outputs of one node.
    package func run(_ node: Node, _ inputs: [Datum?]) throws(WeftError) -> [Value?] {
        guard ControlFlow.isControlFlow(node) else {
            return try reference.run(node, inputs, workers: workers, budget: budget)
        }
        let flow = ControlFlow(
            call: { body, data throws(WeftError) in try run(body, data) }, budget: budget,
            checkCancellation: { () throws(WeftError) in try workers.checkCancellation() })
        return try flow.run(node, inputs)
    }
}
