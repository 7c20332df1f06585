import WeftGraph
import WeftProvider

/// Decides where the work of a specialised graph runs.
struct Placer {
    let graph: Specialised
    let devices: [EngineDevice]
    let rules: PlacementRules
    let spaces: MemorySpaces
    /// The planned nodes; what they make for units and for the caller are its outputs.
    let view: GraphView

    init(_ graph: Specialised, devices: [EngineDevice], rules: PlacementRules) {
        self.graph = graph
        self.devices = devices
        self.rules = rules
        spaces = MemorySpaces(devices)
        var nodes: [NodeView] = []
        var outer: [Int] = graph.outputs
        for unit in graph.units {
            if case .planned(let view) = unit.kind {
                nodes.append(view)
            } else {
                outer += unit.inputs.filter { $0 != Node.absent }
            }
        }
        view = GraphView(nodes: nodes, inputs: graph.inputs, outputs: outer)
    }

    /// Asks the devices, then places. Throws `.unsupportedOperator` for a node that no device runs,
    /// `.placementForbidden` where rules leave none.
    func place() throws(WeftError) -> Placed { try place(Offers(view, devices: devices)) }

    /// Places by what the devices said.
    func place(_ offers: Offers) throws(WeftError) -> Placed {
        let admission = Admission(offers, rules: rules, spaces: spaces)
        var choices = try admission.choices(units: dynamicUnits)
        let fusions = FusionChoice(
            offers.groups, choices: choices, pins: admission.pins, mode: rules.mode, spaces: spaces)
        let counted = fusions.disjoint(spaces: spaces.count)
        let problem = PlacementProblem(
            view, values: graph.values, choices: choices, fusions: counted, spaces: spaces)
        let (labels, seconds, hostOnly) = try chooseSpaces(problem)
        // What each node may run on now that its space is settled.
        for index in choices.indices {
            choices[index] = choices[index].filter { spaces.ofDevice[$0.device] == labels[index] }
        }
        let placed = LayoutChoice(
            offers, spaces: spaces, choices: choices, fusions: fusions.choose(counted, labels: labels)
        ).choose(graph.values)
        var items: [Placed.Item] = placed.nodes.map { .node($0) }
        for unit in graph.units {
            if case .planned = unit.kind { continue }
            items.append(.unit(unit))
        }
        let blocks = try BlockOrder(spaces).blocks(items, values: placed.values.count)
        var report = report(offers, admission, placed.nodes)
        report.seconds = seconds
        report.hostOnlySeconds = hostOnly
        return Placed(items: items, blocks: blocks, values: placed.values, report: report)
    }

    /// Nodes that run by themselves because values decide their shapes.
    private var dynamicUnits: [String] {
        graph.units.compactMap { unit in if case .dynamic(let node) = unit.kind { node.label } else { nil } }
    }

    private func chooseSpaces(
        _ problem: PlacementProblem
    ) throws(WeftError) -> (labels: [Int], seconds: Double, hostOnly: Double?) {
        do {
            let placement = try problem.solve()
            let hostOnly = try problem.hostOnlyPlacement()
            guard rules.mode == .cost, spaces.count > 1 else {
                return (placement.spaces, placement.seconds, hostOnly?.seconds)
            }
            // Small segments go to their neighbours where that saves more than it costs.
            let dependencies = view.nodes.map { node in
                node.inputs.compactMap { operand in operand.flatMap { view.producer(of: $0.value) } }
            }
            let graph = try SegmentGraph(dependencies: dependencies)
            let labels = placement.spaces.map { SegmentLabel(space: $0, provider: 0) }
            let improved = SegmentSearch().improve(labels, of: graph, launch: spaces.launch) { node, label in
                problem.nodes[node].allows(label.space)
            } simulate: { labels, segments in
                problem.serialSeconds(labels, segments, launch: spaces.launch)
            }
            var best = (improved.labels.map(\.space), improved.seconds)
            if let hostOnly, hostOnly.seconds < best.1 { best = (hostOnly.spaces, hostOnly.seconds) }
            return (best.0, best.1, hostOnly?.seconds)
        } catch {
            throw WeftError(.internalInconsistency, "no placement was found: \(error)")
        }
    }
}
