import WeftPlanning
import WeftProvider

/// Recipes of plans that together run every node in every way that may pay, each node in a segment of its own.
///
/// Nodes are measured inside of whole runs, so that caches and inputs are as in a run.
struct TuningRecipes {
    let offers: Offers
    /// The choices that the rules admit, by node.
    let choices: [[Choice]]
    let pins: [Int?]
    let spaces: MemorySpaces
    let mode: PlacementRules.Mode
    /// The placement without tuning, where nodes stay while others are tried.
    let base: PlacementRecipe

    /// Ways that cost more than the best way in their memory space by more than this factor are not tried.
    private static let hopeless = 4.0
    /// The same against the best way in host memory, for devices whose rates are not nominal, when placing by cost.
    private static let hopelessDevice = 12.0

    /// All recipes, each once.
    func all() -> [PlacementRecipe] {
        let alone = choices.indices.map { aloneAssignment($0) }
        let best = FusionChoice(offers.groups, choices: choices, pins: pins, mode: mode, spaces: spaces).prices
        var recipes: [PlacementRecipe] = []
        var seen: Set<String> = []
        func add(_ recipe: PlacementRecipe) {
            if seen.insert("\(recipe.nodes)|\(recipe.groups)").inserted { recipes.append(recipe) }
        }
        for device in offers.devices.indices {
            let ways = choices.indices.map { node in usable(node, device, best[node]) }
            for groups in [groups(on: device, best), []] {
                let members = Set(groups.flatMap(\.members))
                let single = choices.indices.filter { !members.contains($0) }.map { ways[$0].count }.max() ?? 0
                let ranks = max(single, groups.map { usable($0, best).count }.max() ?? 0)
                for rank in 0..<ranks {
                    var recipe = PlacementRecipe(nodes: alone, splitsSegments: true)
                    for node in choices.indices where !ways[node].isEmpty && !members.contains(node) {
                        let way = ways[node][min(rank, ways[node].count - 1)]
                        recipe.nodes[node] = .init(device: device, variant: way.variant.name)
                    }
                    for group in groups {
                        let ways = usable(group, best)
                        let way = ways[min(rank, ways.count - 1)]
                        let assignment = PlacementRecipe.Assignment(device: device, variant: way.variant.name)
                        recipe.groups.append(.init(members: group.members, assignment: assignment))
                        for member in group.members { recipe.nodes[member] = assignment }
                    }
                    add(recipe)
                }
            }
        }
        return recipes
    }

    /// The base placement of a node that is not fused; the cheapest one if that device does not run it by itself.
    private func aloneAssignment(_ node: Int) -> PlacementRecipe.Assignment {
        let assigned = base.nodes[node]
        if let choice = choices[node].first(where: { $0.device == assigned.device }) {
            return .init(device: choice.device, variant: choice.cheapest()?.variant.name)
        }
        var best: (device: Int, way: Way)?
        for choice in choices[node] {
            guard let way = choice.cheapest() else { continue }
            if best.map({ way.seconds < $0.way.seconds }) ?? true { best = (choice.device, way) }
        }
        return best.map { .init(device: $0.device, variant: $0.way.variant.name) } ?? assigned
    }

    private func usable(_ node: Int, _ device: Int, _ best: [Double]) -> [Way] {
        guard let choice = choices[node].first(where: { $0.device == device }) else { return [] }
        return promising(choice.ways, device, best)
    }

    private func usable(_ group: Offers.Group, _ best: [[Double]]) -> [Way] {
        let parts = spaces.names.indices.map { space in group.members.reduce(0) { $0 + best[$1][space] } }
        let ways = promising(group.choice.ways, group.choice.device, parts)
        return ways.isEmpty ? Array(group.choice.ways.prefix(1)) : ways
    }

    private func promising(_ ways: [Way], _ device: Int, _ best: [Double]) -> [Way] {
        let space = spaces.ofDevice[device]
        let isKnown = offers.devices[device].rates.source.priceSource != .nominal
        return ways.filter { way in
            if way.seconds > Self.hopeless * max(best[space], 1e-6) { return false }
            guard mode == .cost, space != 0, isKnown, best[0] < .infinity else { return true }
            return way.seconds <= Self.hopelessDevice * max(best[0], 1e-6)
        }
    }

    /// Fusions on a device, no two of which share a node, the largest saving first.
    private func groups(on device: Int, _ best: [[Double]]) -> [Offers.Group] {
        let space = spaces.ofDevice[device]
        let able = offers.groups.filter { group in
            guard group.choice.device == device else { return false }
            guard group.members.allSatisfy({ pins[$0] == nil && best[$0][space] < .infinity }) else { return false }
            guard group.members.contains(where: { choices[$0].contains { $0.device == device } }) else { return false }
            return mode == .cost || group.members.allSatisfy { choices[$0].allSatisfy { $0.device >= device } }
        }
        func saving(_ group: Offers.Group) -> Double {
            group.members.reduce(0) { $0 + best[$1][space] } - (group.choice.cheapest()?.seconds ?? .infinity)
        }
        var taken: Set<Int> = []
        return able.map { (group: $0, saving: saving($0)) }.sorted { $0.saving > $1.saving }.compactMap { entry in
            guard entry.group.members.allSatisfy({ !taken.contains($0) }) else { return nil }
            taken.formUnion(entry.group.members)
            return entry.group
        }
    }
}
