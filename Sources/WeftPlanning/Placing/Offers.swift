package import WeftProvider

/// A variant of a node, with its price on one device.
package struct Way: Sendable {
    package var variant: Variant
    package let price: Price

    package var seconds: Double { price.seconds }
}

/// A device that may run a node, with its ways to run it; `ways` is never empty.
package struct Choice: Sendable {
    package let device: Int
    package let ways: [Way]

    /// The cheapest of the ways that pass, the first one of equal prices; nil if none passes.
    package func cheapest(where passes: (Variant) -> Bool = { _ in true }) -> Way? {
        var best: Way?
        for way in ways where passes(way.variant) {
            if best.map({ way.seconds < $0.seconds }) ?? true { best = way }
        }
        return best
    }
}

/// The answers of every device about every node, and the fusions that it offers; asked once for each plan.
package struct Offers {
    /// A device's answer about one node.
    enum Answer {
        case able(Choice)
        case declined(Decline)
    }

    /// A fusion that a device offers: its members, the fused node, and the ways to run it.
    package struct Group {
        package let members: [Int]
        let fused: NodeView
        package let choice: Choice
    }

    package let devices: [EngineDevice]
    let view: GraphView
    /// The answers, by node, then by device.
    private(set) var answers: [[Answer]]
    package let groups: [Group]

    /// Asks all devices; asks for fusions only if `groups` is true, and keeps those within one frame.
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

    /// The same offers with other choices of one device for some nodes.
    func replacing(_ choices: [Int: Choice], of device: Int) -> Offers {
        var copy = self
        for (node, choice) in choices { copy.answers[node][device] = .able(choice) }
        return copy
    }

    /// The id and the reason of each device that declines the node, of the first `count` devices or of all.
    package func reasons(_ node: Int, first count: Int? = nil) -> [String] {
        devices.indices.prefix(count ?? devices.count).compactMap { reason(node, on: $0) }
    }

    /// The device's id and its reason; nil if the device does not decline the node.
    func reason(_ node: Int, on device: Int) -> String? {
        guard case .declined(let reason) = answers[node][device] else { return nil }
        return "\(devices[device].description.id) \(reason)"
    }
}
