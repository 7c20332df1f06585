import WeftGraph
import WeftProvider

extension Placer {
    /// Says of every node where it went, what it costs there and elsewhere, and why.
    ///
    /// `reasons` stand in place of the rules' own, except for pins; empty ones do not count.
    package func report(
        _ offers: Offers, _ admission: Admission, _ placed: [PlacedNode], reasons: [String],
        bodies: [Placed.Body] = [], works: [Int: BodyWork] = [:]
    ) -> PlacementReport {
        var report = PlacementReport()
        report.foldedCount = graph.foldedCount
        report.rates = devices.map { ($0.description.id, $0.rates) }
        var home: [Int: (number: Int, node: PlacedNode)] = [:]
        for (number, node) in placed.enumerated() { for member in node.members { home[member] = (number, node) } }
        for (index, node) in view.nodes.enumerated() {
            guard let (number, placed) = home[index] else { continue }
            let fused = placed.members.count > 1
            var price = placed.price
            if fused { price.seconds /= Double(placed.members.count) }
            report.entries.append(
                .init(
                    name: node.name, opType: node.opType, device: devices[placed.device].description.id,
                    variant: placed.variant.name, price: price,
                    offers: entries(offers.answers[index]),
                    fusedInto: fused ? placed.view.label : nil, fusion: fused ? number : nil,
                    layout: layout(placed.view),
                    reason: admission.pins[index] == nil && reasons.indices.contains(index) && !reasons[index].isEmpty
                        ? reasons[index] : reason(index, placed.device, offers, admission),
                    flops: flops(of: node), nodeCount: 1, inputs: names(of: node.inputs),
                    outputs: names(of: node.outputs)))
        }
        addUnits(to: &report, bodies, works)
        return report
    }

    /// What every device offers for each node, before anything is chosen: entries have no device yet.
    package func survey() -> PlacementReport {
        var report = PlacementReport()
        report.foldedCount = graph.foldedCount
        let offers = Offers(view, devices: devices, groups: false)
        for (index, node) in view.nodes.enumerated() {
            report.entries.append(
                .init(
                    name: node.name, opType: node.opType, device: "", variant: "", price: .none,
                    offers: entries(offers.answers[index]), fusedInto: nil, reason: "", flops: flops(of: node),
                    nodeCount: 1))
        }
        addUnits(to: &report)
        return report
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

    private func addUnits(
        to report: inout PlacementReport, _ bodies: [Placed.Body] = [], _ works: [Int: BodyWork] = [:]
    ) {
        for (index, unit) in graph.units.enumerated() {
            let inner = bodies.filter { $0.unit == index }.map { body in
                PlacementReport.Body(name: body.name, trips: body.trips, entries: body.placed.report.entries)
            }
            let (name, opType, reason): (String, String, String)
            switch unit.kind {
            case .planned: continue
            case .dynamic(let node):
                (name, opType) = (node.name, node.opType)
                reason = "its operands' contents, or the shape of its result, are known only while running"
            case .controlFlow(let node):
                (name, opType) = (node.name, node.opType)
                reason =
                    inner.isEmpty
                    ? "control flow is the engine's; bodies are placed when their inputs' shapes are known"
                    : "control flow is the engine's; bodies are placed together with what is round them"
            case .region(let graph):
                (name, opType) = ("region of \(graph.nodes.count) nodes", "region")
                reason = "lies behind a value whose shape only a run knows; placed with its actual shapes"
            }
            report.entries.append(
                .init(
                    name: name, opType: opType, device: "engine", variant: "", price: .none, offers: [], fusedInto: nil,
                    reason: reason, flops: 0, nodeCount: unit.nodeCount, inputs: names(of: unit.inputs),
                    outputs: names(of: unit.outputs), bodies: inner, bodySeconds: works[index]?.seconds ?? 0))
        }
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

    private func entries(_ answers: [Offers.Answer]) -> [PlacementReport.Offer] {
        answers.enumerated().map { device, answer in
            let id = devices[device].description.id
            switch answer {
            case .declined(let decline): return .init(device: id, price: nil, variant: nil, decline: decline)
            case .able(let choice):
                let best = choice.cheapest()
                return .init(device: id, price: best?.price, variant: best?.variant.name, decline: nil)
            }
        }
    }

    private func reason(_ node: Int, _ device: Int, _ offers: Offers, _ admission: Admission) -> String {
        let id = devices[device].description.id
        if admission.pins[node] != nil {
            let pattern = rules.pattern(for: view.nodes[node].name) ?? ""
            return "pinned to \(id) by '\(pattern)'"
        }
        if admission.staysOnHost[node], spaces.count > 1 { return Decline.hostValue.description }
        if devices.count == 1 { return "the list has no other provider" }
        let declined = offers.reasons(node)
        if declined.count == devices.count - 1 { return "only \(id) runs it: \(declined.joined(separator: "; "))" }
        if rules.mode == .preference {
            return declined.isEmpty
                ? "first of the list" : "first of the list that runs it: \(declined.joined(separator: "; "))"
        }
        return "least cost of the whole plan, transfers included"
    }
}
