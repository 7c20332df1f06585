import WeftProvider

/// Decisions that a placement has to follow: those of a plan file, or of a plan that tuning tries.
package struct PlacementRecipe: Sendable {
    /// The device and the variant of a node.
    package struct Assignment: Sendable, Hashable {
        package var device: Int
        /// Nil to use the device's cheapest variant.
        package var variant: String?

        package init(device: Int, variant: String? = nil) {
            self.device = device
            self.variant = variant
        }
    }

    /// Nodes that are fused, and where the fused node runs.
    package struct Group: Sendable, Hashable {
        package var members: [Int]
        package var assignment: Assignment

        package init(members: [Int], assignment: Assignment) {
            self.members = members
            self.assignment = assignment
        }
    }

    /// By planned node; for a member of a group, the group's assignment.
    package var nodes: [Assignment] = []
    package var groups: [Group] = []
    /// Whether every node is a segment of its own, so that each can be timed.
    package var splitsSegments = false
    /// By frame, segments of items in the order in which they run; empty to let prices decide.
    package var orders: [[[Int]]] = []
    /// By planned node, the reason for its place; empty to report the reasons of the rules.
    package var reasons: [PlacementReason] = []
    /// By planned node, the device that it would run on if that device had more memory; empty for no such nodes.
    package var keptOff: [String?] = []

    package init(
        nodes: [Assignment] = [], groups: [Group] = [], splitsSegments: Bool = false, orders: [[[Int]]] = [],
        reasons: [PlacementReason] = [], keptOff: [String?] = []
    ) {
        self.nodes = nodes
        self.groups = groups
        self.splitsSegments = splitsSegments
        self.orders = orders
        self.reasons = reasons
        self.keptOff = keptOff
    }

    /// The choices that the recipe leaves; those of a node whose pin contradicts the recipe stay as they are.
    ///
    /// Throws `.invalidPlan` for another number of nodes, and for a device that does not offer the node or the variant.
    func narrow(
        _ offers: Offers, _ choices: [[Choice]], pins: [Int?], spaces: MemorySpaces
    ) throws(WeftError) -> [[Choice]] {
        guard nodes.count == choices.count else {
            throw WeftError(
                .invalidPlan, "the plan is for \(nodes.count) nodes, the model has \(choices.count)",
                hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`")
        }
        // The device may run a member only as part of the fused node, so any device of its memory space will do.
        let grouped = Set(groups.flatMap(\.members))
        var result = choices
        for (index, assignment) in nodes.enumerated() {
            // A pin that contradicts the recipe was added later and wins.
            if let pin = pins[index], pin != assignment.device { continue }
            let able = offers.answers[index].compactMap(\.choice)
            if grouped.contains(index) {
                let space = spaces.ofDevice[assignment.device]
                result[index] = able.filter { spaces.ofDevice[$0.device] == space }
            } else {
                var ways = able.first { $0.device == assignment.device }?.ways ?? []
                if let name = assignment.variant { ways = ways.filter { $0.variant.name == name } }
                result[index] = ways.isEmpty ? [] : [Choice(device: assignment.device, ways: ways)]
            }
            if result[index].isEmpty { throw refused(offers, index, assignment) }
        }
        return result
    }

    /// The recipe's fusions, with the ways that it names, except those with a pinned member.
    ///
    /// Throws `.invalidPlan` for a fusion or a variant that the device does not offer.
    func fusions(_ offers: Offers, pins: [Int?]) throws(WeftError) -> [Offers.Group] {
        var found: [Offers.Group] = []
        for group in groups where group.members.allSatisfy({ pins[$0] == nil }) {
            let offered = offers.groups.first {
                $0.choice.device == group.assignment.device && $0.members == group.members
            }
            let ways = (offered?.choice.ways ?? []).filter { way in
                group.assignment.variant.map { way.variant.name == $0 } ?? true
            }
            guard let offered, !ways.isEmpty else {
                throw refused(offers, group.members.last ?? 0, group.assignment)
            }
            found.append(
                Offers.Group(
                    members: offered.members, fused: offered.fused,
                    choice: Choice(device: offered.choice.device, ways: ways)))
        }
        return found
    }

    private func refused(_ offers: Offers, _ node: Int, _ assignment: Assignment) -> WeftError {
        let id = offers.devices[assignment.device].description.id
        let name = offers.nodes.indices.contains(node) ? offers.nodes[node].label : "\(node)"
        let way = assignment.variant.map { " as '\($0)'" } ?? ""
        return WeftError(
            .invalidPlan, "the plan has it run on \(id)\(way), which \(id) does not offer",
            hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`", node: name)
    }
}

extension Placed {
    /// The recipe that repeats this placement's devices, variants and fusions, but not its order.
    package var recipe: PlacementRecipe {
        let none = PlacementRecipe.Assignment(device: 0)
        var recipe = PlacementRecipe(
            nodes: [PlacementRecipe.Assignment](repeating: none, count: graph.view.nodes.count))
        for node in nodes where !node.members.isEmpty {
            let assignment = PlacementRecipe.Assignment(device: node.device, variant: node.variant.name)
            for member in node.members { recipe.nodes[member] = assignment }
            if node.members.count > 1 { recipe.groups.append(.init(members: node.members, assignment: assignment)) }
        }
        return recipe
    }
}

extension Offers.Answer {
    /// The choice, if the device can run the node; nil if it declines.
    package var choice: Choice? {
        if case .able(let choice) = self { return choice }
        return nil
    }
}
