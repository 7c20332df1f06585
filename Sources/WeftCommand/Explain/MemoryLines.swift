import Weft

/// What a plan takes of devices' memory, and what it costs that there is no more.
enum MemoryLines {
    static func all(_ plan: PlanExplanation) -> [String] {
        var lines = plan.memory.map { use in
            let limit = use.limit.map { " of \(Figures.bytes($0))" } ?? ""
            return
                "memory: \(use.device) needs \(Figures.bytes(use.need))\(limit): values \(Figures.bytes(use.values)), "
                + "staging \(Figures.bytes(use.staging)), scratch \(Figures.bytes(use.scratch)), "
                + "weights \(Figures.bytes(use.weights))"
        }
        guard plan.isBoundByMemory else { return lines }
        var line =
            "memory bound the placement: \(Figures.count(plan.nodesKeptOff, "node")) would be on a device but for it; "
            + "the plan is the best that was found, not surely the best"
        if let unlimited = plan.unlimited {
            let needs = unlimited.needs.sorted { $0.key < $1.key }.map { "\(Figures.bytes($0.value)) on \($0.key)" }
            let asked = needs.isEmpty ? "" : " with \(needs.joined(separator: ", "))"
            line += "; without limits it would take \(Figures.milliseconds(unlimited.seconds))\(asked)"
            line += ", and simpler plans are predicted as if there were none"
        }
        lines.append(line)
        return lines
    }
}
