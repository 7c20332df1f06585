import WeftGraph
import WeftProvider

extension Graph {
    /// The graph as text: a line a node, values by name, bodies indented, captures after a bar.
    func text(indent: String = "") -> String {
        func name(_ value: Int) -> String {
            if value == Node.absent { return "-" }
            return constants[value] == nil ? values[value].name : "#" + values[value].name
        }
        func names(_ list: some Sequence<Int>) -> String { list.map(name).joined(separator: " ") }
        var lines = ["\(indent)(\(names(inputs))) -> (\(names(outputs)))"]
        for node in nodes {
            let own = node.inputs.dropLast(node.captureCount)
            let captures = node.inputs.suffix(node.captureCount)
            var line = "\(indent)\(names(node.outputs)) = \(node.opType)(\(names(own))"
            if !captures.isEmpty { line += " | \(names(captures))" }
            line += ")"
            for key in node.attributes.keys.sorted() where ["alpha", "num_scan_inputs"].contains(key) {
                line += " \(key)=\(node.attributes[key]?.text ?? "")"
            }
            lines.append(line)
            for key in node.bodies.keys.sorted() {
                lines.append("\(indent)  \(key):")
                if let body = node.bodies[key] { lines.append(body.text(indent: indent + "    ")) }
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The constant under a name.
    func constant(_ name: String) -> Constant? { value(named: name).flatMap { constants[$0] } }
}
