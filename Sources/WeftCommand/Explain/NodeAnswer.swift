import Weft

/// Where one node runs and why, and what it would cost elsewhere.
struct NodeAnswer: Encodable {
    let node: PlanExplanation.Node
    /// Number of the segment of the predicted course, from 1, and when it starts; nil where nothing was placed.
    let segment: Int?
    let startSeconds: Double?
    /// What is carried between memories for it.
    let transfers: [PlanExplanation.Timeline.Transfer]
    /// What the plan would gain if a device that declines the node's operator had it.
    let counterfactuals: [PlanExplanation.Counterfactual]

    /// The nodes of a name, `*` standing for anything. Throws `.invalidOption` where there is none.
    static func all(_ pattern: String, in plan: PlanExplanation) throws(WeftError) -> [NodeAnswer] {
        let found = plan.nodes.indices.filter { matches(pattern[...], plan.nodes[$0].name[...]) }
        let inner = plan.nodes.flatMap(innerNodes).filter { matches(pattern[...], $0.name[...]) }
        guard !found.isEmpty || !inner.isEmpty else {
            let near = plan.nodes.lazy.map(\.name).filter { $0.lowercased().contains(pattern.lowercased()) }.prefix(5)
            let hint =
                near.isEmpty
                ? "`weft explain` lists the nodes; those computed or rewritten before anything runs are in no plan"
                : "there are \(near.joined(separator: ", "))"
            throw WeftError(.invalidOption, "the plan has no node '\(pattern)'", hint: hint)
        }
        return found.map { NodeAnswer(plan.nodes[$0], $0, plan) } + inner.map { NodeAnswer($0, nil, plan) }
    }

    /// The nodes of a node's bodies, and of theirs.
    private static func innerNodes(_ node: PlanExplanation.Node) -> [PlanExplanation.Node] {
        (node.bodies ?? []).flatMap { $0.nodes.flatMap { [$0] + innerNodes($0) } }
    }

    /// `index` is the node's number in the plan; nil for one of a body, which no segment names.
    private init(_ node: PlanExplanation.Node, _ index: Int?, _ plan: PlanExplanation) {
        self.node = node
        segment = index.flatMap { index in
            plan.timeline.segments.firstIndex { $0.nodes.contains(index) }.map { $0 + 1 }
        }
        startSeconds = segment.map { plan.timeline.segments[$0 - 1].start }
        let values = Set(node.inputs + node.outputs)
        transfers = index == nil ? [] : plan.timeline.transfers.filter { values.contains($0.value) }
        let declining = Set(node.offers.filter { $0.seconds == nil }.map(\.device))
        counterfactuals = (plan.counterfactuals ?? []).filter {
            $0.opType == node.opType && declining.contains($0.device)
        }
    }

    private static func matches(_ pattern: Substring, _ name: Substring) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            var rest = name
            while true {
                if matches(pattern.dropFirst(), rest) { return true }
                guard !rest.isEmpty else { return false }
                rest.removeFirst()
            }
        }
        return name.first == first && matches(pattern.dropFirst(), name.dropFirst())
    }

    /// A time, how far it may be off, and how it is known.
    private static func price(_ seconds: Double, _ spread: Double?, _ samples: Int?, _ source: String) -> String {
        let how = [Figures.certainty(spread, samples), source].filter { !$0.isEmpty }.joined(separator: ", ")
        return "\(PlanLanes.time(seconds)) (\(how))"
    }

    var text: String {
        var lines = ["\(node.name.isEmpty ? "(unnamed)" : node.name), a \(node.opType):"]
        var place = "  runs on \(node.device)"
        if node.device != "engine" {
            place += ", variant \(node.variant), \(Self.price(node.seconds, node.spread, node.samples, node.source))"
        }
        if let segment, let startSeconds {
            place += ", in part \(segment) of the course, which starts at \(PlanLanes.time(startSeconds))"
        }
        lines.append(place)
        lines.append("  because: \(node.reason)")
        if let fused = node.fusedInto { lines.append("  fused into \(fused)") }
        for body in node.bodies ?? [] {
            lines.append(
                "  \(body.name): \(Figures.number(body.trips)) trips of \(Figures.count(body.nodes.count, "node")), "
                    + body.tripsReason)
        }
        for offer in node.offers where offer.device != node.device {
            if let seconds = offer.seconds {
                lines.append(
                    "  on \(offer.device) it would take "
                        + "\(Self.price(seconds, offer.spread, offer.samples, offer.source ?? "")), "
                        + "variant \(offer.variant ?? "")")
            } else {
                lines.append("  \(offer.device) declines it: \(offer.decline ?? "")")
            }
        }
        for transfer in transfers {
            lines.append(
                "  '\(transfer.value)' is carried from \(transfer.from) to \(transfer.to): "
                    + "\(Figures.bytes(transfer.bytes)), \(PlanLanes.microseconds(transfer.seconds))")
        }
        for item in counterfactuals {
            lines.append(
                "  if \(item.device) had \(item.opType) (\(Figures.count(item.nodes, "node"))), the plan would take "
                    + "\(PlanLanes.time(item.saving)) less")
        }
        return lines.joined(separator: "\n")
    }
}
