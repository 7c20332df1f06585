package import WeftGraph
package import WeftInterpreter
package import WeftPlanning
package import WeftProvider

/// Each node is a graph of its own: it is planned as any graph, with transfers, but is never fused with others. Bodies
/// of control flow run as a whole. The reference provider runs what a device declines.
package struct NodeReplay {
    /// The device that runs the nodes first, then devices of the reference provider for what it declines.
    private let original: [EngineDevice]
    /// The same for the second run.
    private let repeated: [EngineDevice]
    private let reference: any Provider
    private let pool: WorkerPool
    private let budget: MemoryBudget

    package init(
        original: [EngineDevice], repeated: [EngineDevice], reference: any Provider, pool: WorkerPool,
        budget: MemoryBudget
    ) {
        self.original = original
        self.repeated = repeated
        self.reference = reference
        self.pool = pool
        self.budget = budget
    }

    /// A node that ran, and the result of running it again.
    package struct Step: Sendable {
        package enum Outcome: Sendable {
            /// The node was folded: its outputs follow from shapes and constants, so that no plan runs it.
            case folded
            /// The second device was not asked or declined, for this reason.
            case declined(String)
            /// The second device offered to run the node and failed.
            case failed(WeftError)
            /// The second device's results, by output of the node.
            case repeated([Value?])
        }

        package let node: Node
        /// The graph of this node alone, with weights as constants; its inputs are `inputs`, in this order.
        package let graph: Graph
        package let inputs: [Value]
        /// The first device's results, by output of the node.
        package let results: [Value?]
        package let outcome: Outcome
        /// The number of nodes of bodies that were placed on the second device; 0 for nodes without bodies.
        package let bodyNodes: Int
    }

    /// Runs the graph's nodes in order and calls `visit` after each. Values are dropped after their last use.
    ///
    /// Throws the errors of the first device and of `visit`, of the second device only `.cancelled` and
    /// `.unsupportedOperator`; its other errors are outcomes.
    package func run(
        _ graph: Graph, _ inputs: [Value], visit: (Step) throws(WeftError) -> Void
    ) throws(WeftError) {
        var data = NodeValues(graph, inputs.map { .value($0) })
        for node in graph.nodes {
            let step = try step(node, graph, data.data)
            var isFolded = false
            if case .folded = step.outcome { isFolded = true }
            for (value, result) in zip(node.outputs, step.results) where value != Node.absent {
                guard let result else { continue }
                if isFolded, let constant = ConstantFactory.constant(result) {
                    data[value] = .constant(constant)
                } else {
                    data[value] = .value(result)
                }
            }
            try visit(step)
            data.release(after: node)
        }
    }

    private func step(_ node: Node, _ graph: Graph, _ data: [Datum?]) throws(WeftError) -> Step {
        let alone = try OneNode(node, graph, data)
        var first: Ran
        do {
            first = try run(alone, on: original)
        } catch {
            guard node.custom != nil, error.code == .unsupportedOperator else { throw error.at(node: node.label) }
            // An operator that only the second device has runs there, and its results are not compared.
            do { first = try run(alone, on: repeated) } catch { throw error.at(node: node.label) }
            first.declined = "nobody else has the operator: there is nothing to hold it against"
        }
        func step(_ outcome: Step.Outcome, bodyNodes: Int = 0) -> Step {
            Step(
                node: node, graph: alone.graph, inputs: alone.inputs, results: alone.spread(first.results),
                outcome: outcome, bodyNodes: bodyNodes)
        }
        if first.isFolded { return step(.folded) }
        if node.custom != nil, let reason = first.declined { return step(.declined(reason)) }
        if let schema = node.schema, schema.nature == .random {
            return step(.declined("draws random numbers: no two runs agree"))
        }
        do throws(WeftError) {
            let second = try run(alone, on: repeated)
            if let reason = second.declined { return step(.declined(reason)) }
            return step(.repeated(alone.spread(second.results)), bodyNodes: second.bodyNodes)
        } catch {
            let impossible: Set<WeftError.Code> = [.unsupportedOperator, .cancelled]
            if impossible.contains(error.code) { throw error.at(node: node.label) }
            return step(.failed(error))
        }
    }

    private struct Ran {
        let results: [Value]
        let isFolded: Bool
        /// Why the first device of the list ran no part of it; nil if it ran some.
        var declined: String?
        let bodyNodes: Int
    }

    private func run(_ alone: OneNode, on devices: [EngineDevice]) throws(WeftError) -> Ran {
        var options = EngineOptions(rules: PlacementRules(mode: .preference))
        // So that bodies are planned at their first call, not only when they are called again.
        options.deterministic = true
        options.budget = budget
        let engine = try Engine(alone.graph, devices: devices, reference: reference, pool: pool, options: options)
        let results = try engine.run(alone.inputs)
        let report = engine.latestReport ?? PlacementReport()
        guard let id = devices.first?.description.id, !report.entries.isEmpty else {
            return Ran(results: results, isFolded: true, declined: nil, bodyNodes: 0)
        }
        let isControlFlow = alone.graph.nodes.contains(where: ControlFlow.isControlFlow)
        let placed = engine.reports.flatMap(\.entries).filter { $0.device == id }
        let bodyNodes = isControlFlow ? placed.reduce(0) { $0 + $1.nodeCount } : 0
        var declined: String?
        if placed.isEmpty {
            let offer = report.entries.lazy.flatMap(\.offers).first { $0.device == id }
            declined =
                isControlFlow
                ? "runs nothing of its bodies"
                : offer?.decline.map { "\($0)" } ?? report.entries.first.map { "\($0.reason)" } ?? "the engine runs it"
        }
        return Ran(results: results, isFolded: false, declined: declined, bodyNodes: bodyNodes)
    }
}

/// A graph of a single node, and the values of its inputs.
private struct OneNode {
    let graph: Graph
    private(set) var inputs: [Value] = []
    /// The positions of the node's outputs that the graph returns, in its order.
    private var given: [Int] = []
    private let outputCount: Int

    init(_ node: Node, _ original: Graph, _ data: [Datum?]) throws(WeftError) {
        let schema = node.schema
        var builder = GraphBuilder(name: node.name.isEmpty ? node.opType : node.name)
        var numbers: [Int: Int] = [:]
        var operands: [Int] = []
        for (index, value) in node.inputs.enumerated() {
            guard value != Node.absent else {
                operands.append(Node.absent)
                continue
            }
            if let known = numbers[value] {
                operands.append(known)
                continue
            }
            guard let datum = data[value] else {
                throw WeftError(
                    .internalInconsistency, "value '\(original.values[value].name)' is read before it is made",
                    node: node.label)
            }
            let name = original.values[value].name
            // Sizes, axes and counts have to be constants, so that a plan can be made.
            let isKnown = node.bodies.isEmpty && schema?.hostInputs.contains(index) == true
            let number: Int
            switch datum {
            case .constant(let constant): number = builder.constant(constant, name: name)
            case .value(let given):
                if isKnown, let constant = datum.constant() {
                    number = builder.constant(constant, name: name)
                } else {
                    number = builder.value(name, type: given.type, dimensions: given.shape?.map { .fixed($0) })
                    builder.inputs.append(number)
                    inputs.append(given)
                }
            }
            numbers[value] = number
            operands.append(number)
        }
        var results: [Int] = []
        for (index, value) in node.outputs.enumerated() {
            guard value != Node.absent else {
                results.append(Node.absent)
                continue
            }
            let number = builder.value(original.values[value].name)
            results.append(number)
            builder.outputs.append(number)
            given.append(index)
        }
        outputCount = node.outputs.count
        builder.append(
            canonical: NodeDraft(node, inputs: operands, outputs: results), version: node.version)
        graph = builder.build()
    }

    /// The graph's results by output of the node; nil for absent outputs.
    func spread(_ results: [Value]) -> [Value?] {
        var values = [Value?](repeating: nil, count: outputCount)
        for (index, result) in zip(given, results) { values[index] = result }
        return values
    }
}
