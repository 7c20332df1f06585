import Weft

/// A plan as a Graphviz graph: nodes coloured by device, values that cross between devices drawn bold.
enum PlanGraphviz {
    private static let colours = ["#cfe2f3", "#f9cb9c", "#d9ead3", "#ead1dc", "#fff2cc", "#d0e0e3"]

    static func text(_ plan: PlanExplanation) -> String {
        let devices = Array(Set(plan.nodes.map(\.device))).sorted()
        var lines = ["digraph plan {", "  node [shape=box, style=filled, fontname=\"sans-serif\"];"]
        var maker: [String: Int] = [:]
        for (index, node) in plan.nodes.enumerated() {
            let colour = colours[(devices.firstIndex(of: node.device) ?? 0) % colours.count]
            let label = "\(node.name)\\n\(node.opType) on \(node.device)"
            lines.append("  n\(index) [label=\"\(escaped(label))\", fillcolor=\"\(colour)\"];")
            for value in node.outputs { maker[value] = index }
        }
        for (index, node) in plan.nodes.enumerated() {
            for value in node.inputs {
                guard let source = maker[value] else { continue }
                let crosses = plan.nodes[source].device != node.device
                let style = crosses ? " [penwidth=3, label=\"\(escaped(value))\"]" : ""
                lines.append("  n\(source) -> n\(index)\(style);")
            }
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// `\n` stays a line break of the label; quotes are the only other thing that would end it.
    private static func escaped(_ text: String) -> String {
        String(text.flatMap { $0 == "\"" ? ["\\", "\""] : $0.isNewline ? [" "] : [$0] })
    }
}
