import WeftGraph
import WeftProvider

extension Placer {
    /// Says of every node where it went, what it costs there and elsewhere, and why.
    func report(
        _ offers: [[Support]], _ placed: [PlacedNode], _ hostPinned: [Bool], seconds: Double, hostOnly: Double?,
        units: [Specialised.Unit]
    ) -> PlacementReport {
        var report = PlacementReport()
        report.seconds = seconds
        report.hostOnlySeconds = hostOnly
        report.rateSources = devices.map { ($0.description.id, $0.rates.source) }
        var home: [Int: PlacedNode] = [:]
        for node in placed { for member in node.members { home[member] = node } }
        for (index, node) in nodes.enumerated() {
            guard let placed = home[index] else { continue }
            let fused = placed.members.count > 1
            report.entries.append(
                .init(
                    name: node.name, opType: node.opType, device: devices[placed.device].description.id,
                    variant: placed.variant.name,
                    seconds: fused ? placed.seconds / Double(placed.members.count) : placed.seconds,
                    offers: offers[index].enumerated().map { offer(device: $0, $1) },
                    fusedInto: fused ? placed.view.label : nil,
                    reason: reason(node, index, placed, offers[index], hostPinned[index]),
                    flops: flops(of: node), nodeCount: 1, inputs: names(of: node.inputs),
                    outputs: names(of: node.outputs)))
        }
        addUnits(units, to: &report)
        return report
    }

    /// What every device offers for each node, before anything is chosen: entries have no device yet.
    func survey() -> PlacementReport {
        var report = PlacementReport()
        report.foldedCount = graph.foldedCount
        for node in nodes {
            let offers = devices.enumerated().map { index, device in
                offer(device: index, device.provider.support(node, on: device.description))
            }
            report.entries.append(
                .init(
                    name: node.name, opType: node.opType, device: "", variant: "", seconds: 0, offers: offers,
                    fusedInto: nil, reason: "", flops: flops(of: node), nodeCount: 1))
        }
        addUnits(graph.units, to: &report)
        return report
    }

    private func flops(of node: NodeView) -> Double {
        OperatorTable.schema(node.opType, domain: node.domain)?.flops?(node) ?? 0
    }

    private func addUnits(_ units: [Specialised.Unit], to report: inout PlacementReport) {
        for unit in units {
            let (name, opType, reason): (String, String, String)
            switch unit.kind {
            case .planned: continue
            case .dynamic(let node):
                (name, opType) = (node.name, node.opType)
                reason = "its operands' contents, or the shape of its result, are known only while running"
            case .controlFlow(let node):
                (name, opType) = (node.name, node.opType)
                reason = "control flow is the engine's; bodies are placed when their inputs' shapes are known"
            case .region(let graph):
                (name, opType) = ("region of \(graph.nodes.count) nodes", "region")
                reason = "lies behind a value whose shape only a run knows; placed with its actual shapes"
            }
            report.entries.append(
                .init(
                    name: name, opType: opType, device: "engine", variant: "", seconds: 0, offers: [], fusedInto: nil,
                    reason: reason, flops: 0, nodeCount: unit.nodeCount, inputs: names(of: unit.inputs),
                    outputs: names(of: unit.outputs)))
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

    private func offer(device: Int, _ support: Support) -> PlacementReport.Offer {
        let id = devices[device].description.id
        switch support {
        case .declined(let decline): return .init(device: id, seconds: nil, variant: nil, decline: decline)
        case .variants(let variants):
            let best = devices[device].cheapest(variants)
            return .init(device: id, seconds: best?.seconds, variant: best?.variant.name, decline: nil)
        }
    }

    private func reason(
        _ node: NodeView, _ index: Int, _ placed: PlacedNode, _ offers: [Support], _ onHost: Bool
    ) -> String {
        let id = devices[placed.device].description.id
        if rules.pinned(node.name) != nil { return "pinned to \(id)" }
        var declined: [String] = []
        for (device, offer) in offers.enumerated() {
            if case .declined(let reason) = offer { declined.append("\(devices[device].description.id) \(reason)") }
        }
        if onHost, spaceCount > 1 { return Decline.hostValue.description }
        if devices.count == 1 { return "the list has no other provider" }
        if declined.count == devices.count - 1 { return "only \(id) runs it: \(declined.joined(separator: "; "))" }
        if rules.mode == .preference {
            return declined.isEmpty
                ? "first of the list" : "first of the list that runs it: \(declined.joined(separator: "; "))"
        }
        return "least cost of the whole plan, transfers included"
    }
}
