import WeftGraph
import WeftProvider

extension Placer {
    /// The report on a draft: the place of every node, with its prices on all devices and the reason for its place.
    ///
    /// `keptOff` has the reasons of nodes that are not on a device for lack of memory. A recipe's reasons replace all
    /// others, except for pins.
    func report(
        _ draft: Draft, _ admission: Admission, keptOff: [Int: PlacementReason], following recipe: PlacementRecipe?
    ) -> PlacementReport {
        var report = PlacementReport()
        report.foldedCount = graph.foldedCount
        report.rates = devices.map { ($0.description.id, $0.rates) }
        var home: [Int: (number: Int, node: PlacedNode)] = [:]
        for (number, node) in draft.nodes.enumerated() { for member in node.members { home[member] = (number, node) } }
        report.entries = entries(of: 0, draft) { index in
            guard let (number, placed) = home[index] else { return nil }
            let node = view.nodes[index]
            let fused = placed.members.count > 1
            var price = placed.price
            if fused { price.seconds /= Double(placed.members.count) }
            var reason = keptOff[index] ?? reason(index, placed.device, admission)
            if admission.pins[index] == nil, let recipe, recipe.reasons.indices.contains(index) {
                reason = recipe.reasons[index]
            }
            var entry = PlacementReport.Entry(
                name: node.name, opType: node.opType, device: devices[placed.device].description.id,
                variant: placed.variant.name, price: price, offers: offers(of: index),
                fusedInto: fused ? placed.view.label : nil, fusion: fused ? number : nil, layout: layout(placed.view),
                reason: reason, flops: flops(of: node), nodeCount: 1, inputs: names(of: node.inputs),
                outputs: names(of: node.outputs))
            if let recipe, recipe.keptOff.indices.contains(index) { entry.keptOff = recipe.keptOff[index] }
            if case .memory(let device, _, _, _) = keptOff[index] { entry.keptOff = device }
            return entry
        }
        return report
    }

    /// A report on the offers of every device for each node, without a placement: entries have no device.
    package func survey() -> PlacementReport {
        var report = PlacementReport()
        report.foldedCount = graph.foldedCount
        report.entries = entries(of: 0, nil) { index in
            let node = view.nodes[index]
            return .init(
                name: node.name, opType: node.opType, device: "", variant: "", price: .none, offers: offers(of: index),
                fusedInto: nil, reason: .none, flops: flops(of: node), nodeCount: 1)
        }
        return report
    }

    /// The entries of a frame's planned nodes, then those of its other units, each with its bodies' entries.
    private func entries(
        of number: Int, _ draft: Draft?, node: (Int) -> PlacementReport.Entry?
    ) -> [PlacementReport.Entry] {
        let frame = graph.frames[number]
        var entries = frame.nodes.compactMap(node)
        for (index, unit) in frame.units.enumerated() {
            let bodies = draft == nil ? [] : graph.bodies(of: number, unit: index)
            let (name, opType, reason): (String, String, String)
            switch unit.kind {
            case .planned: continue
            case .dynamic(let node):
                (name, opType) = (node.name, node.opType)
                reason = "its operands' contents, or the shape of its result, are known only while running"
            case .controlFlow(let node):
                (name, opType) = (node.name, node.opType)
                reason =
                    bodies.isEmpty
                    ? "control flow is the engine's; bodies are placed when their inputs' shapes are known"
                    : "control flow is the engine's; bodies are placed together with what is round them"
            case .region(let graph):
                (name, opType) = ("region of \(graph.nodes.count) nodes", "region")
                reason = "lies behind a value whose shape only a run knows; placed with its actual shapes"
            }
            let seconds = bodies.reduce(0) { sum, body in
                sum + (draft?.frameSeconds[body] ?? 0) * (graph.frames[body].call?.trips.count ?? 0)
            }
            entries.append(
                .init(
                    name: name, opType: opType, device: "engine", variant: "", price: .none, offers: [], fusedInto: nil,
                    reason: .engine(reason), flops: 0, nodeCount: unit.nodeCount, inputs: names(of: unit.inputs),
                    outputs: names(of: unit.outputs),
                    bodies: bodies.compactMap { body in
                        graph.frames[body].call.map { call in
                            .init(
                                name: call.name, frame: body, path: call.path, trips: call.trips,
                                entries: self.entries(of: body, draft, node: node))
                        }
                    }, bodySeconds: seconds))
        }
        return entries
    }

    private func layout(_ node: NodeView) -> String? {
        guard let input = node.input(0)?.layout ?? node.output(0)?.layout, let output = node.output(0)?.layout,
            input != .plain || output != .plain
        else { return nil }
        return input == output ? input.name : "\(input.name) to \(output.name)"
    }

    private func flops(of node: NodeView) -> Double {
        OperatorTable.schema(node.opType, domain: node.domain)?.flops?(node) ?? 0
    }

    private func names(of operands: [Operand?]) -> [String] {
        operands.compactMap { operand in
            operand.flatMap { $0.constant == nil ? graph.values[$0.value].name : nil }
        }
    }

    private func names(of values: [Int]) -> [String] {
        values.compactMap { value in
            value == Node.absent || graph.values[value].contents != nil ? nil : graph.values[value].name
        }
    }

    private func offers(of node: Int) -> [PlacementReport.Offer] {
        offers.answers[node].enumerated().map { device, answer in
            let id = devices[device].description.id
            switch answer {
            case .declined(let decline): return .init(device: id, price: nil, variant: nil, decline: decline)
            case .able(let choice):
                let best = choice.cheapest()
                return .init(device: id, price: best?.price, variant: best?.variant.name, decline: nil)
            }
        }
    }

    private func reason(_ node: Int, _ device: Int, _ admission: Admission) -> PlacementReason {
        let id = devices[device].description.id
        if admission.pins[node] != nil {
            return .pinned(to: id, by: rules.pattern(for: view.nodes[node].name) ?? "")
        }
        if admission.staysOnHost[node], spaces.count > 1 { return .hostValue }
        if devices.count == 1 { return .noOtherProvider }
        let declined = offers.reasons(node)
        if declined.count == devices.count - 1 { return .onlyAble(id, others: declined) }
        return rules.mode == .preference ? .firstOfList(declined: declined) : .leastCost
    }
}
