import WeftProvider

/// Decisions that a placement has to follow: all of a plan file's, or those of a plan that is tried out.
package struct PlacementRecipe: Sendable {
    /// Where and how a node runs.
    package struct Assignment: Sendable, Hashable {
        package var device: Int
        /// Nil where the cheapest decides.
        package var variant: String?

        package init(device: Int, variant: String? = nil) {
            self.device = device
            self.variant = variant
        }
    }

    /// Nodes that run as one.
    package struct Group: Sendable, Hashable {
        package var members: [Int]
        package var assignment: Assignment

        package init(members: [Int], assignment: Assignment) {
            self.members = members
            self.assignment = assignment
        }
    }

    /// By planned node; a member of a group has the group's.
    package var nodes: [Assignment] = []
    package var groups: [Group] = []
    /// Whether every node is a segment of its own, so that each can be timed.
    package var splitsSegments = false
    /// Blocks of items in the order they run; nil where prices decide.
    package var order: [[Int]]?
    /// By planned node, why it is where it is; empty where the rules say.
    package var reasons: [String] = []
    /// By planned node, the device that it would be on, had that device had more memory; empty for none.
    package var keptOff: [String?] = []

    package init(
        nodes: [Assignment] = [], groups: [Group] = [], splitsSegments: Bool = false, order: [[Int]]? = nil,
        reasons: [String] = [], keptOff: [String?] = []
    ) {
        self.nodes = nodes
        self.groups = groups
        self.splitsSegments = splitsSegments
        self.order = order
        self.reasons = reasons
        self.keptOff = keptOff
    }

    /// The choices that are left of those that the rules admit.
    ///
    /// Throws `.invalidPlan` for a node that its device does not run, or not in this way.
    func narrow(
        _ offers: Offers, _ choices: [[Choice]], pins: [Int?], spaces: MemorySpaces
    ) throws(WeftError) -> [[Choice]] {
        guard nodes.count == choices.count else {
            throw WeftError(
                .invalidPlan, "the plan is for \(nodes.count) nodes, the model has \(choices.count)",
                hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`")
        }
        // A member's device may run it only as a part of something: what counts for it is the memory space.
        let grouped = Set(groups.flatMap(\.members))
        var result = choices
        for (index, assignment) in nodes.enumerated() {
            // A pin that came later wins; one that was there before is what the node follows anyhow.
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

    /// The fusions that it names, with the ways that it names, but for those with a pinned member.
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

    /// Says so of nodes whose memory decided when the plan was made.
    func noteKeptOff(in report: inout PlacementReport) {
        for (index, device) in keptOff.enumerated() where report.entries.indices.contains(index) {
            report.entries[index].keptOff = device
        }
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

extension PlacementRecipe {
    /// All that a plan decided, to be decided again.
    package init(_ report: PlacementReport, devices: [EngineDevice]) {
        var numbers: [String: Int] = [:]
        for (index, device) in devices.enumerated() { numbers[device.description.id] = index }
        var members: [Int: Group] = [:]
        for entry in report.entries {
            guard let device = numbers[entry.device] else { continue }
            let assignment = Assignment(device: device, variant: entry.variant)
            if let fusion = entry.fusion {
                members[fusion, default: Group(members: [], assignment: assignment)].members.append(nodes.count)
            }
            nodes.append(assignment)
        }
        groups = members.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Offers.Answer {
    /// The device's ways, where it is able.
    package var choice: Choice? {
        if case .able(let choice) = self { return choice }
        return nil
    }
}
