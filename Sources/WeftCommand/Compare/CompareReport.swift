import Weft

/// What `weft compare` found.
struct CompareReport: Encodable {
    struct Node: Encodable {
        let name: String
        let opType: String
        let status: NodeComparison.Status
        let output: String?
        let absolute: Double?
        let relative: Double?
        let ulps: Double?
        let exceeding: Int?
        let elements: Int?
        let message: String?
        /// Nodes of its bodies that the provider ran, where it is control flow.
        let bodyNodes: Int?

        var departs: Bool { status == .exceeds || status == .failed }

        init(_ comparison: NodeComparison) {
            name = comparison.name
            opType = comparison.opType
            status = comparison.status
            output = comparison.output
            absolute = comparison.difference?.absolute
            relative = comparison.difference?.relative
            ulps = comparison.difference?.ulps
            exceeding = comparison.difference?.exceeding
            elements = comparison.difference?.count
            message = comparison.message.isEmpty ? nil : comparison.message
            bodyNodes = comparison.bodyNodes > 0 ? comparison.bodyNodes : nil
        }
    }

    let model: String
    let provider: String
    let against: String
    let rtol: Double
    /// Nil for the default, which depends on the output.
    let atol: Double?
    let randomInputs: [String]
    /// The first node that departs, in topological order.
    let first: String?
    /// The folder that it was written to.
    let saved: String?
    let nodes: [Node]

    var text: String {
        var lines: [String] = []
        if !randomInputs.isEmpty {
            lines.append(
                "filled with seeded random numbers: \(randomInputs.map { "'\($0)'" }.joined(separator: ", "))")
        }
        let compared = nodes.filter { $0.absolute != nil || $0.status == .failed }
        if !compared.isEmpty {
            let heads = [["node", "operator", "absolute", "relative", "ulp", ""]]
            lines.append(Figures.table(heads + compared.map(Self.row)))
        }
        let declined = nodes.filter { $0.status == .declined }
        if !declined.isEmpty {
            lines.append("not compared, because \(provider) does not run them:")
            var reasons: [(opType: String, reason: String, count: Int)] = []
            for node in declined {
                let reason = node.message ?? ""
                if let index = reasons.firstIndex(where: { $0.opType == node.opType && $0.reason == reason }) {
                    reasons[index].count += 1
                } else {
                    reasons.append((node.opType, reason, 1))
                }
            }
            lines.append(
                Figures.table(reasons.map { [$0.opType, Figures.count($0.count, "node"), $0.reason] }))
        }
        let folded = nodes.count { $0.status == .folded }
        let others = [
            declined.isEmpty ? nil : "\(declined.count) declined",
            folded == 0 ? nil : "\(folded) computed before anything runs",
        ].compactMap(\.self)
        lines.append(
            "\(provider) against \(against): \(Figures.count(compared.count, "node")) compared"
                + (others.isEmpty ? "" : ", \(others.joined(separator: ", "))"))
        guard let first = nodes.first(where: \.departs) else {
            lines.append(compared.isEmpty ? "nothing was compared" : "all within the tolerance")
            return lines.joined(separator: "\n")
        }
        let bodies = first.bodyNodes == nil ? "" : ", compared as a whole with its bodies"
        lines.append("first to depart: \(first.name) (\(first.opType)\(bodies)): \(first.message ?? "")")
        let more = nodes.count(where: \.departs) - 1
        if more > 0 {
            lines.append(
                "\(Figures.count(more, "more node")) after it, fed with right values, \(more == 1 ? "departs" : "depart") too"
            )
        }
        if let saved { lines.append("written to \(saved): `weft test \(saved) --provider \(provider)` repeats it") }
        return lines.joined(separator: "\n")
    }

    private static func row(_ node: Node) -> [String] {
        var note = node.status == .exceeds ? "EXCEEDS" : node.status == .failed ? "FAILED" : ""
        if let count = node.bodyNodes {
            note += "\(note.isEmpty ? "" : " ")as a whole, \(Figures.count(count, "body node"))"
        }
        return [
            node.name, node.opType, node.absolute.map(Figures.number) ?? "", node.relative.map(Figures.number) ?? "",
            node.ulps.map { $0 < 1e9 ? Figures.decimal($0, places: 0) : Figures.number($0) } ?? "", note,
        ]
    }
}
