/// Gives stretches to the neighbour before or after them where that saves launches, all else staying in its order.
///
/// Counts work as if nothing overlapped; the caller simulates what comes out.
struct StretchMerge {
    private let simulation: PlanSimulation
    var scratch: PlanSimulation.Scratch

    init(_ simulation: PlanSimulation) {
        self.simulation = simulation
        scratch = PlanSimulation.Scratch(simulation)
    }

    /// The labels after all changes that pay, small stretches first; nil where none does.
    mutating func labels(_ labels: [SegmentLabel], _ stretches: [Stretch]) -> [SegmentLabel]? {
        guard stretches.count > 1 else { return nil }
        var labels = labels
        var nodes = stretches.map(\.nodes)
        var label = stretches.map(\.label)
        // Neighbours that are left, by stretch; one before the first, one after the last.
        var previous = stretches.indices.map { $0 - 1 }
        var next = stretches.indices.map { $0 + 1 }
        let touching = simulation.transfers(touching: stretches, labels)
        let order = stretches.indices.sorted { (nodes[$0].count, $0) < (nodes[$1].count, $1) }
        var hasChanged = false
        for index in order where !nodes[index].isEmpty {
            let own = label[index]
            var best: (label: SegmentLabel, gain: Double)?
            let around = [previous[index], next[index]].filter(stretches.indices.contains)
            for neighbour in around where label[neighbour].space != own.space && best?.label != label[neighbour] {
                let target = label[neighbour]
                var saved = simulation.launch[own.space]
                if around.count == 2, around.allSatisfy({ label[$0] == target }) {
                    saved += simulation.launch[target.space]
                }
                var dearer = 0.0
                for node in nodes[index] {
                    let prices = simulation.problem.nodes[node].prices
                    dearer += prices[target.space] - prices[own.space]
                }
                guard dearer < saved + touching[index] else { continue }
                let gain = saved - simulation.change(of: nodes[index], to: target.space, labels, &scratch)
                if gain > max(best?.gain ?? 0, 1e-12) { best = (target, gain) }
            }
            guard let best else { continue }
            hasChanged = true
            for node in nodes[index] { labels[node] = best.label }
            label[index] = best.label
            for neighbour in around where label[neighbour] == best.label {
                let (first, second) = neighbour < index ? (neighbour, index) : (index, neighbour)
                // The stretch takes its neighbours' nodes in, in order.
                nodes[index] = nodes[first] + nodes[second]
                nodes[neighbour] = []
                let outer = neighbour < index ? previous[neighbour] : next[neighbour]
                if neighbour < index { previous[index] = outer } else { next[index] = outer }
                if stretches.indices.contains(outer) {
                    if neighbour < index { next[outer] = index } else { previous[outer] = index }
                }
            }
        }
        return hasChanged ? labels : nil
    }
}
