import WeftProvider

/// Picks the fusions that pay: for the cut, which counts their savings, and for the nodes once they have their spaces.
package struct FusionChoice {
    /// A group that may become one node in a memory space.
    struct Candidate {
        let group: Offers.Group
        let space: Int
        /// Seconds that its members cost more than it, each at its cheapest in the space.
        let saving: Double
    }

    /// All that may be chosen, the best first.
    private let candidates: [Candidate]
    /// Each node's least price in each space; infinite where no device of it may run the node.
    package let prices: [[Double]]

    /// Groups that the rules allow.
    ///
    /// No member is pinned, and the device is a choice of one of them. By preference none may have an earlier device of
    /// the list; by cost the fused node must be cheaper than its parts at their cheapest.
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
            // The device that comes first in the list has the first word.
            candidates.sort { ($0.group.choice.device, -$0.saving) < ($1.group.choice.device, -$1.saving) }
        }
        self.candidates = candidates
        self.prices = prices
    }

    /// Candidates of which no two in one space share a node: those whose savings the cut counts.
    func disjoint(spaces: Int) -> [Candidate] {
        guard let nodes = candidates.lazy.compactMap({ $0.group.members.max() }).max() else { return [] }
        var isTaken = [[Bool]](repeating: [Bool](repeating: false, count: nodes + 1), count: spaces)
        return candidates.filter { candidate in
            guard !candidate.group.members.contains(where: { isTaken[candidate.space][$0] }) else { return false }
            for member in candidate.group.members { isTaken[candidate.space][member] = true }
            return true
        }
    }

    /// The fusions of nodes that have their spaces: `counted` where they lie whole, then whatever else fits.
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
