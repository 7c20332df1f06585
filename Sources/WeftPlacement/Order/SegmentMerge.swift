/// Merges segments into the one before or after them where that saves launches; the order of nodes stays the same.
///
/// Counts time as if nothing overlapped; the caller simulates the result.
struct SegmentMerge {
    private let simulation: PlanSimulation
    var scratch: PlanSimulation.Scratch

    init(_ simulation: PlanSimulation) {
        self.simulation = simulation
        scratch = PlanSimulation.Scratch(simulation)
    }

    /// The labels after all merges that pay, small segments first; nil if none does.
    ///
    /// A segment that another one was merged into is not moved any more.
    mutating func labels(_ labels: [SegmentLabel], _ order: SegmentedOrder) -> [SegmentLabel]? {
        guard order.count > 1 else { return nil }
        let problem = simulation.problem
        var spaces = labels.map(\.space)
        var label = order.labels
        // The remaining neighbours of each segment: -1 before the first, the number of segments after the last.
        var previous = (0..<order.count).map { $0 - 1 }
        var next = (0..<order.count).map { $0 + 1 }
        var isTaken = [Bool](repeating: false, count: order.count)
        var taker: [SegmentLabel?] = []
        let touching = simulation.transfers(touching: order, spaces)
        for index in bySize(order) where !isTaken[index] {
            let own = label[index]
            let nodes = order.nodes[order.range(index)]
            var best: (label: SegmentLabel, gain: Double)?
            let before = previous[index] >= 0 ? label[previous[index]] : nil
            let after = next[index] < order.count ? label[next[index]] : nil
            var launches = simulation.launch[own.space]
            if let before, before == after { launches += simulation.launch[before.space] }
            for target in [before, after] {
                guard let target, target.space != own.space, best?.label != target else { continue }
                var dearer = 0.0
                for node in nodes {
                    let row = Int(node) * problem.spaces
                    dearer += problem.prices[row + target.space] - problem.prices[row + own.space]
                }
                guard dearer < launches + touching[index] else { continue }
                let gain = launches - simulation.change(of: nodes, to: target.space, &spaces, &scratch)
                if gain > max(best?.gain ?? 0, 1e-12) { best = (target, gain) }
            }
            guard let best else { continue }
            if taker.isEmpty { taker = Array(repeating: nil, count: order.count) }
            taker[index] = best.label
            for node in nodes { spaces[Int(node)] = best.label.space }
            label[index] = best.label
            if before == best.label {
                isTaken[previous[index]] = true
                previous[index] = previous[previous[index]]
                if previous[index] >= 0 { next[previous[index]] = index }
            }
            if after == best.label {
                isTaken[next[index]] = true
                next[index] = next[next[index]]
                if next[index] < order.count { previous[next[index]] = index }
            }
        }
        guard !taker.isEmpty else { return nil }
        var labels = labels
        for index in 0..<order.count {
            guard let label = taker[index] else { continue }
            for slot in order.range(index) { labels[Int(order.nodes[slot])] = label }
        }
        return labels
    }

    /// The segments by number of nodes, ascending, then by position.
    private func bySize(_ order: SegmentedOrder) -> [Int] {
        (0..<order.count).map { UInt64(order.range($0).count) << 32 | UInt64($0) }.sorted().map {
            Int($0 & 0xFFFF_FFFF)
        }
    }
}
