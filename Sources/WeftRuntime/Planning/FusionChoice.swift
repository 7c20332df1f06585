import WeftProvider

/// Picks the fusions that pay, once the nodes have their memory spaces.
struct FusionChoice {
    /// A group of nodes that becomes one.
    struct Chosen {
        let members: [Int]
        let fused: NodeView
        let choice: Placer.Choice
    }

    private let placer: Placer
    private let choices: [[Placer.Choice]]
    private let labels: [Int]

    init(_ placer: Placer, choices: [[Placer.Choice]], labels: [Int]) {
        self.placer = placer
        self.choices = choices
        self.labels = labels
    }

    /// Non-overlapping fusions, the greatest savings first.
    ///
    /// All members lie in the device's memory space, and it is a choice of one of them. By preference none may have an
    /// earlier device of the list; by cost the fused node must be cheaper than its parts at their cheapest.
    func choose() -> [Chosen] {
        var candidates: [(saving: Double, chosen: Chosen)] = []
        for (index, device) in placer.devices.enumerated() {
            let space = placer.space(index)
            for fusion in device.provider.fusions(in: placer.view, on: device.description) {
                guard
                    fusion.members.allSatisfy({
                        labels[$0] == space && placer.rules.pinned(placer.nodes[$0].name) == nil
                    }),
                    case .variants(let variants) = device.provider.support(fusion.fused, on: device.description),
                    let cheapest = device.cheapest(variants)
                else { continue }
                let parts = fusion.members.reduce(0) { $0 + price(of: $1) }
                let leads = fusion.members.contains { choices[$0].contains { $0.device == index } }
                let yields = fusion.members.allSatisfy { choices[$0].allSatisfy { $0.device >= index } }
                let pays = placer.rules.mode == .preference ? yields : parts > cheapest.seconds
                guard leads, pays else { continue }
                let choice = Placer.Choice(device: index, variants: variants)
                candidates.append(
                    (parts - cheapest.seconds, Chosen(members: fusion.members, fused: fusion.fused, choice: choice)))
            }
        }
        if placer.rules.mode == .preference {
            // The device that comes first in the list has the first word.
            candidates.sort { ($0.chosen.choice.device, -$0.saving) < ($1.chosen.choice.device, -$1.saving) }
        } else {
            candidates.sort { $0.saving > $1.saving }
        }
        var taken: Set<Int> = []
        var result: [Chosen] = []
        for candidate in candidates where candidate.chosen.members.allSatisfy({ !taken.contains($0) }) {
            taken.formUnion(candidate.chosen.members)
            result.append(candidate.chosen)
        }
        return result
    }

    private func price(of node: Int) -> Double {
        choices[node].compactMap { placer.devices[$0.device].cheapest($0.variants)?.seconds }.min() ?? .infinity
    }
}
