import WeftPlacement
package import WeftProvider

/// Applies the rules to the offers: pins, strictness, and host values, which are wanted on the host.
package struct Admission {
    private let offers: Offers
    private let rules: PlacementRules
    private let spaces: MemorySpaces
    /// By node, whether it computes sizes and conditions only, and so stays on the host if the host runs it.
    let staysOnHost: [Bool]
    /// By node, the device that it is pinned to; nil for nodes without a pin.
    package let pins: [Int?]

    package init(_ offers: Offers, rules: PlacementRules, spaces: MemorySpaces) {
        self.offers = offers
        self.rules = rules
        self.spaces = spaces
        staysOnHost = HostValues.pinned(offers.view)
        pins = offers.nodes.map { rules.pinned($0.name) }
    }

    /// By node, the devices that may run it, in the order of the list; never empty.
    ///
    /// `units` are the labels of dynamic nodes, which are not placed. Throws `.unsupportedOperator` for a node that no
    /// device runs, and `.placementForbidden` for a pin to a device that does not run the node. Under strict rules it
    /// also throws `.placementForbidden` for a node without an allowed device and, unless all allowed devices are the
    /// host's or the whole list is allowed, for any dynamic node.
    package func choices(units: [String]) throws(WeftError) -> [[Choice]] {
        var choices: [[Choice]] = []
        choices.reserveCapacity(offers.nodes.count)
        for node in offers.nodes.indices { choices.append(try self.choices(node)) }
        guard let allowed = rules.strictCount else { return choices }
        try checkStrict(choices, allowed, units)
        for node in choices.indices where !staysOnHost[node] {
            choices[node] = choices[node].filter { $0.device < allowed }
        }
        return choices
    }

    /// Whether any device may run a node; a body with a node that none may run is not placed with the graph.
    func isPlaceable(_ node: Int) -> Bool {
        guard let choices = try? choices(node) else { return false }
        guard let allowed = rules.strictCount, !staysOnHost[node] else { return true }
        return choices.contains { $0.device < allowed }
    }

    private func choices(_ node: Int) throws(WeftError) -> [Choice] {
        var able: [Choice] = []
        for answer in offers.answers[node] { if case .able(let choice) = answer { able.append(choice) } }
        guard !able.isEmpty else {
            throw WeftError(
                .unsupportedOperator,
                "no provider of the list runs it: \(offers.reasons(node).joined(separator: "; "))",
                hint: "providers.md lists what each provider runs", node: offers.nodes[node].label)
        }
        if let pin = pins[node] {
            guard let choice = able.first(where: { $0.device == pin }) else {
                let reason = offers.reason(node, on: pin) ?? ""
                throw WeftError(
                    .placementForbidden, "is pinned to a device that does not run it: \(reason)",
                    node: offers.nodes[node].label)
            }
            return [choice]
        }
        if staysOnHost[node] {
            let host = able.filter { spaces.isHost($0.device) }
            if !host.isEmpty { able = host }
        }
        return able
    }

    private func checkStrict(_ choices: [[Choice]], _ allowed: Int, _ units: [String]) throws(WeftError) {
        var lines: [String] = []
        for (index, node) in offers.nodes.enumerated() where !staysOnHost[index] {
            guard !choices[index].contains(where: { $0.device < allowed }) else { continue }
            lines.append("\(node.label): \(offers.reasons(index, first: allowed).joined(separator: "; "))")
        }
        let isHostOnly = offers.devices.prefix(allowed).allSatisfy { $0.description.isHost }
        if allowed < offers.devices.count, !isHostOnly {
            lines += units.map { "\($0): depends on values that only a run knows" }
        }
        guard lines.isEmpty else {
            let shown = lines.prefix(8).joined(separator: ", ")
            let more = lines.count > 8 ? ", and \(lines.count - 8) more" : ""
            throw WeftError(
                .placementForbidden, "strict placement leaves \(lines.count) nodes without a provider: \(shown)\(more)",
                hint: "drop strict, or add `cpu` to the list")
        }
    }
}

extension HostValues {
    /// By node of a graph, whether it has to stay on the host.
    static func pinned(_ view: GraphView) -> [Bool] {
        let nodes = view.nodes.map { node in
            Node(
                isSmallIntegerProducer: node.outputs.allSatisfy { operand in
                    guard let operand, let type = operand.type.elementType else { return operand == nil }
                    return (type.isInteger || type == .bool) && operand.shape.elementCount <= smallCount
                },
                operands: node.inputs.map { operand in
                    Operand(
                        producer: operand.flatMap { view.producer(of: $0.value) },
                        isWantedOnHost: operand?.wantsHost ?? false)
                })
        }
        return pinned(nodes)
    }

    /// The most elements of a tensor that counts as sizes or conditions.
    private static let smallCount = 64
}
