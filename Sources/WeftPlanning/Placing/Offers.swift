package import WeftProvider

/// A way to run a node on a device, with its price.
package struct Way: Sendable {
    package var variant: Variant
    package let price: Price

    package var seconds: Double { price.seconds }
}

/// A device that may run a node, and its ways to do it; never empty.
package struct Choice: Sendable {
    package let device: Int
    package let ways: [Way]

    /// The cheapest of the ways that pass, the first of equals.
    package func cheapest(where passes: (Variant) -> Bool = { _ in true }) -> Way? {
        var best: Way?
        for way in ways where passes(way.variant) {
            if best.map({ way.seconds < $0.seconds }) ?? true { best = way }
        }
        return best
    }
}

/// What every device says of every node, and of nodes that it would run as one: asked once a plan.
package struct Offers {
    /// A device's answer about one node.
    enum Answer {
        case able(Choice)
        case declined(Decline)
    }

    /// Nodes that a device would run as one, and how.
    package struct Group {
        package let members: [Int]
        let fused: NodeView
        package let choice: Choice
    }

    package let devices: [EngineDevice]
    let view: GraphView
    /// By node, then by device.
    private(set) var answers: [[Answer]]
    package let groups: [Group]

    /// Asks about the nodes alone where `groups` is false; of groups, those within one frame count.
    init(_ graph: PlacementGraph, devices: [EngineDevice], groups asksForGroups: Bool = true) {
        let view = graph.view
        func answer(_ device: Int, _ node: NodeView) -> Answer {
            let engine = devices[device]
            switch engine.provider.support(node, on: engine.description) {
            case .declined(let decline): return .declined(decline)
            case .variants(let variants):
                let ways = engine.ways(variants, of: node)
                return ways.isEmpty
                    ? .declined(.other("offers no variant")) : .able(Choice(device: device, ways: ways))
            }
        }
        self.devices = devices
        self.view = view
        answers = view.nodes.map { node in devices.indices.map { answer($0, node) } }
        var groups: [Group] = []
        for (index, device) in devices.enumerated() where asksForGroups {
            for fusion in device.provider.fusions(in: view, on: device.description) {
                guard let first = fusion.members.first,
                    fusion.members.allSatisfy({ graph.frameOfNode[$0] == graph.frameOfNode[first] }),
                    case .able(let choice) = answer(index, fusion.fused)
                else { continue }
                groups.append(Group(members: fusion.members, fused: fusion.fused, choice: choice))
            }
        }
        self.groups = groups
    }

    var nodes: [NodeView] { view.nodes }

    /// The same but for one device's answers about some nodes.
    func replacing(_ choices: [Int: Choice], of device: Int) -> Offers {
        var copy = self
        for (node, choice) in choices { copy.answers[node][device] = .able(choice) }
        return copy
    }

    /// `id` and its reason, for each device that declines the node.
    package func reasons(_ node: Int, first count: Int? = nil) -> [String] {
        devices.indices.prefix(count ?? devices.count).compactMap { reason(node, on: $0) }
    }

    /// `id` and its reason, where the device declines the node.
    func reason(_ node: Int, on device: Int) -> String? {
        guard case .declined(let reason) = answers[node][device] else { return nil }
        return "\(devices[device].description.id) \(reason)"
    }
}
