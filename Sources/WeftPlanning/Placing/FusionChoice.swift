import WeftProvider

/// Picks fusions that pay: for the cut, which counts their savings, and for the draft, when nodes have their spaces.
package struct FusionChoice {
    /// A group that may be fused to one node in a memory space.
    struct Candidate {
        let group: Offers.Group
        let space: Int
        /// Seconds saved: the cheapest prices of the members in the space, less that of the fused node.
        let saving: Double
    }

    /// All groups that may be chosen, the best first.
    private let candidates: [Candidate]
    /// Least seconds by node, then by space; infinite if no device of the space may run the node.
    package let prices: [[Double]]

    /// Keeps the groups that the rules allow.
    ///
    /// No member may be pinned, every member may run in the space, and at least one on the device itself. By preference
    /// no member may have an earlier device of the list; by cost the fused node has to be cheaper than its members
    /// together, each at its cheapest in the space.
    package init(
        _ groups: [Offers.Group], choices: [[Choice]], pins: [Int?], mode: PlacementRules.Mode, spaces: MemorySpaces
    ) {
        var candidates: [Candidate] = []
        let prices = choices.map { Self.prices($0, spaces) }
        for group in groups {
            let device = group.choice.device
            let space = spaces.ofDevice[device]
            guard let fused = group.choice.cheapest()?.seconds,
                group.members.allSatisfy({ pins[$0] == nil && prices[$0][space] < .infinity }),
                group.members.contains(where: { choices[$0].contains { $0.device == device } })
            else { continue }
            let saving = group.members.reduce(0) { $0 + prices[$1][space] } - fused
            let pays =
                switch mode {
                case .cost: saving > 0
                case .preference: group.members.allSatisfy { choices[$0].allSatisfy { $0.device >= device } }
                }
            if pays { candidates.append(Candidate(group: group, space: space, saving: saving)) }
        }
        switch mode {
        case .cost: candidates.sort { $0.saving > $1.saving }
        case .preference:
            // Devices earlier in the list take precedence.
            candidates.sort { ($0.group.choice.device, -$0.saving) < ($1.group.choice.device, -$1.saving) }
        }
        self.candidates = candidates
        self.prices = prices
    }

    /// Candidates of which no two in one space share a node; the cut counts their savings.
    func disjoint(spaces: Int) -> [Candidate] {
        guard let nodes = candidates.lazy.compactMap({ $0.group.members.max() }).max() else { return [] }
        var isTaken = [[Bool]](repeating: [Bool](repeating: false, count: nodes + 1), count: spaces)
        return candidates.filter { candidate in
            guard !candidate.group.members.contains(where: { isTaken[candidate.space][$0] }) else { return false }
            for member in candidate.group.members { isTaken[candidate.space][member] = true }
            return true
        }
    }

    /// The fusions for given spaces of the nodes: of `counted`, then of all candidates, those whose members are all in
    /// the candidate's space and not yet fused.
    func choose(_ counted: [Candidate], labels: [Int]) -> [Offers.Group] {
        var isTaken = [Bool](repeating: false, count: labels.count)
        var chosen: [Offers.Group] = []
        for candidate in counted + candidates {
            let members = candidate.group.members
            guard members.allSatisfy({ labels[$0] == candidate.space && !isTaken[$0] }) else { continue }
            for member in members { isTaken[member] = true }
            chosen.append(candidate.group)
        }
        return chosen
    }

    private static func prices(_ choices: [Choice], _ spaces: MemorySpaces) -> [Double] {
        var prices = [Double](repeating: .infinity, count: spaces.count)
        for choice in choices {
            let space = spaces.ofDevice[choice.device]
            for way in choice.ways { prices[space] = min(prices[space], way.seconds) }
        }
        return prices
    }
}
