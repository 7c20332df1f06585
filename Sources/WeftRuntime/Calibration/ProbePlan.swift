import WeftProvider

/// The probes that a device runs, each with a variant, the most informative first.
///
/// The first variant of each kind of work comes before further variants of the same kind, and within that the
/// second size of every family before all other sizes. If time runs out, what is left out would only have added
/// detail.
struct ProbePlan {
    struct Item {
        let probe: Probe
        let variant: Variant
        /// The sort key: 1 if an earlier variant of the probe has the same kind of work, else 0; the rank of its
        /// size; the number of its family; its position.
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

    /// The rank of a size in its family: the second size first, then the second largest, the smallest, and the others.
    ///
    /// The second is quick to measure, yet large enough for a useful rate.
    private static func rank(of index: Int, among count: Int) -> Int {
        switch index {
        case min(1, count - 1): 0
        case count - 2: 1
        case 0: 2
        default: 3 + index
        }
    }
}
