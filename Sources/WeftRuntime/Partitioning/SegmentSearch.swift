/// Stretches, the labels they came from, and the time that was simulated for them.
package struct SegmentedPlan: Sendable, Equatable {
    package var labels: [SegmentLabel]
    package var segments: [Stretch]
    package var seconds: Double

    package init(labels: [SegmentLabel], segments: [Stretch], seconds: Double) {
        self.labels = labels
        self.segments = segments
        self.seconds = seconds
    }
}

/// Gives whole stretches to their neighbours while that lowers the simulated time of the plan.
///
/// The cut prices nodes and transfers; what each segment costs to launch and to wait for, and what runs beside the
/// host, enters here.
package struct SegmentSearch: Sendable {
    private let graph: SegmentGraph
    private let simulation: PlanSimulation
    /// How many changed plans may be simulated where work overlaps.
    private let trials: Int
    /// Stretches of more nodes are not tried on another space then.
    private let largest: Int

    package init(_ graph: SegmentGraph, _ simulation: PlanSimulation, trials: Int = 32, largest: Int = 64) {
        self.graph = graph
        self.simulation = simulation
        self.trials = trials
        self.largest = largest
    }

    /// The quickest of the orders of a placement, each start being tried.
    package func plan(_ labels: [SegmentLabel]) -> SegmentedPlan {
        var best: SegmentedPlan?
        for order in graph.orders(labels, overlaps: simulation.overlaps) {
            let seconds = simulation.seconds(labels, order)
            if let known = best, (known.seconds, known.segments.count) <= (seconds, order.count) { continue }
            best = SegmentedPlan(labels: labels, segments: order, seconds: seconds)
        }
        return best ?? SegmentedPlan(labels: labels, segments: [], seconds: 0)
    }

    /// The best plan found from the labels as given and from the `rivals`.
    ///
    /// Never slower than either: with the host-only labels among the rivals, never slower than the host alone.
    package func improve(_ labels: [SegmentLabel], rivals: [[SegmentLabel]] = []) -> SegmentedPlan {
        var best = plan(labels)
        for rival in rivals where rival != labels {
            let planned = plan(rival)
            if planned.seconds < best.seconds { best = planned }
        }
        var merge = StretchMerge(simulation)
        for _ in 0..<3 {
            guard let merged = merge.labels(best.labels, best.segments) else { break }
            let planned = plan(merged)
            guard planned.seconds < best.seconds else { break }
            best = planned
        }
        var left = simulation.overlaps.contains(true) ? trials : 0
        while left > 0, let better = improvement(of: best, &left, &merge.scratch) { best = better }
        return best
    }

    private struct Move {
        let stretch: Int
        let label: SegmentLabel
        let gain: Double
    }

    /// All moves that promise something and do not touch each other, or as many of the best as it takes to gain.
    private func improvement(
        of plan: SegmentedPlan, _ left: inout Int, _ scratch: inout PlanSimulation.Scratch
    ) -> SegmentedPlan? {
        let moves = moves(of: plan, &scratch)
        var size = moves.count
        while size > 0 && left > 0 {
            if let better = apply(moves.prefix(size), to: plan, &left) { return better }
            size /= 2
        }
        for move in moves.dropFirst().prefix(left) {
            if let better = apply([move], to: plan, &left) { return better }
        }
        return nil
    }

    private func apply(_ moves: some Sequence<Move>, to plan: SegmentedPlan, _ left: inout Int) -> SegmentedPlan? {
        left -= 1
        var labels = plan.labels
        for move in moves { for node in plan.segments[move.stretch].nodes { labels[node] = move.label } }
        let planned = self.plan(labels)
        return planned.seconds < plan.seconds - 1e-12 * abs(plan.seconds) ? planned : nil
    }

    /// Moves of single stretches to a neighbour's label that may pay, the best first, none beside another.
    private func moves(of plan: SegmentedPlan, _ scratch: inout PlanSimulation.Scratch) -> [Move] {
        var found: [Move] = []
        let stretches = plan.segments
        for (index, stretch) in stretches.enumerated() where stretch.nodes.count <= largest {
            let before = index > 0 ? stretches[index - 1].label : nil
            let after = index + 1 < stretches.count ? stretches[index + 1].label : nil
            let launch = simulation.launch[stretch.label.space]
            for label in Set([before, after].compactMap { $0 }) where label != stretch.label {
                var saved = launch
                if before == label && after == label { saved += simulation.launch[label.space] }
                // What leaves the path that all wait for may save as much as it takes.
                saved += stretch.nodes.reduce(0) { $0 + simulation.problem.nodes[$1].prices[stretch.label.space] }
                let gain = saved - simulation.change(of: stretch.nodes, to: label.space, plan.labels, &scratch)
                if gain > 1e-12 * abs(plan.seconds) { found.append(Move(stretch: index, label: label, gain: gain)) }
            }
        }
        found.sort { ($0.gain, $1.stretch) > ($1.gain, $0.stretch) }
        var isTouched = Array(repeating: false, count: stretches.count + 2)
        return found.filter { move in
            let around = move.stretch...move.stretch + 2
            guard !isTouched[move.stretch + 1] else { return false }
            for neighbour in around { isTouched[neighbour] = true }
            return true
        }
    }
}
