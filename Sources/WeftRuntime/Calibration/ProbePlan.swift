import WeftProvider

/// The probes that a device runs, each with a variant, the most telling first.
///
/// Every family's second size comes before anybody's other sizes, and every class of rate before a second variant of
/// one: what is left off at the end of the time adds detail, not knowledge.
struct ProbePlan {
    struct Item {
        let probe: Probe
        let variant: Variant
        /// Whether its class of rate has been had, its size, its family, its place in the table.
        let order: [Int]
    }

    let items: [Item]

    init(_ probes: [Probe], variants: (NodeView) -> [Variant]) {
        var items: [Item] = []
        var families: [String] = []
        for probe in probes where !families.contains(probe.family) { families.append(probe.family) }
        for (number, family) in families.enumerated() {
            let sizes = probes.filter { $0.family == family }
            for (index, probe) in sizes.enumerated() {
                var seen: Set<RateKey> = []
                for variant in variants(probe.view) {
                    let isRepeat = seen.insert(variant.work.rate).inserted ? 0 : 1
                    let order = [isRepeat, Self.rank(of: index, among: sizes.count), number, items.count]
                    items.append(Item(probe: probe, variant: variant, order: order))
                }
            }
        }
        self.items = items.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }

    /// The second, which is quick and yet work; then one that is large, the smallest, and what is left.
    private static func rank(of index: Int, among count: Int) -> Int {
        switch index {
        case min(1, count - 1): 0
        case count - 2: 1
        case 0: 2
        default: 3 + index
        }
    }
}
