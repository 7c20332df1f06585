/// Segments, the labels that they were made from, and their simulated time.
package struct SegmentedPlan: Sendable, Equatable {
    package var labels: [SegmentLabel]
    package var segments: [OrderedSegment]
    package var seconds: Double

    package init(labels: [SegmentLabel], segments: [OrderedSegment], seconds: Double) {
        self.labels = labels
        self.segments = segments
        self.seconds = seconds
    }
}

/// Gives whole segments the label of a neighbour while that lowers the simulated time of the plan.
///
/// The cut counts only nodes and transfers. This search also counts what it takes to launch each segment and to wait
/// for it, and that devices work beside the host.
package struct SegmentSearch: Sendable {
    private let graph: SegmentGraph
    private let simulation: PlanSimulation
    /// How many changed plans may be simulated where work overlaps.
    private let trials: Int
    /// The most nodes of a segment that is moved to another space where work overlaps.
    private let largest: Int

    package init(_ graph: SegmentGraph, _ simulation: PlanSimulation, trials: Int = 32, largest: Int = 64) {
        self.graph = graph
        self.simulation = simulation
        self.trials = trials
        self.largest = largest
    }

    /// A placement in its quickest order, with each space tried as the start.
    package func plan(_ labels: [SegmentLabel]) -> SegmentedPlan { ordered(labels).plan }

    /// Labels in their quickest order.
    private struct Ordered {
        let labels: [SegmentLabel]
        let order: SegmentedOrder
        let seconds: Double

        var plan: SegmentedPlan { SegmentedPlan(labels: labels, segments: order.segments, seconds: seconds) }
    }

    private func ordered(_ labels: [SegmentLabel]) -> Ordered {
        simulation.hasOverlap ? overlapped(labels) : Start(labels, self).ordered(self)
    }

    /// Labels, with a lower bound of their time where nothing overlaps, known before they are put in order.
    private struct Start {
        let labels: [SegmentLabel]
        let cost: Double
        let launches: Double

        init(_ labels: [SegmentLabel], _ search: SegmentSearch) {
            self.labels = labels
            let spaces = labels.map(\.space)
            let simulation = search.simulation
            cost = simulation.problem.cost(of: spaces)
            launches = search.graph.leastLaunches(spaces, launch: simulation.launch)
        }

        /// Whether the best order may take less than `seconds`.
        func mayBeat(_ seconds: Double) -> Bool {
            let least = cost + launches
            return least - 1e-12 * abs(least) < seconds
        }

        func ordered(_ search: SegmentSearch) -> Ordered {
            let best = search.graph.cheapestOrder(labels, least: launches, search.simulation.launches)
            return Ordered(
                labels: labels, order: best?.order ?? SegmentedOrder(), seconds: cost + (best?.launches ?? 0))
        }
    }

    private func overlapped(_ labels: [SegmentLabel]) -> Ordered {
        let spaces = labels.map(\.space)
        var best: Ordered?
        for order in graph.flatOrders(labels, overlaps: simulation.overlaps) {
            let seconds = simulation.timed(spaces, order)
            if let known = best, (known.seconds, known.order.count) <= (seconds, order.count) { continue }
            best = Ordered(labels: labels, order: order, seconds: seconds)
        }
        return best ?? Ordered(labels: labels, order: SegmentedOrder(), seconds: 0)
    }

    /// The best plan found from three placements: the cheapest, the cheapest if each end of a transfer costs half a
    /// launch more, and the host-only one.
    package func place() throws(PartitioningError) -> SegmentedPlan {
        let problem = simulation.problem
        let (cheapest, charged) = try problem.solve(simulation.incidence, charging: simulation.launch.map { $0 / 2 })
        let placements = [cheapest.spaces, charged, problem.hostOnly()?.spaces]
        let starts = placements.compactMap { spaces in spaces?.map { SegmentLabel(space: $0, provider: 0) } }
        return improve(starts[0], rivals: Array(starts.dropFirst()))
    }

    /// The best plan found from the given labels and from the `rivals`.
    ///
    /// It is never slower than any of them: with host-only labels among the rivals, never slower than the host alone.
    package func improve(_ labels: [SegmentLabel], rivals: [[SegmentLabel]] = []) -> SegmentedPlan {
        var best = simulation.hasOverlap ? soonest([labels] + rivals) : cheapest([labels] + rivals)
        var merge = SegmentMerge(simulation)
        for _ in 0..<3 {
            guard let merged = merge.labels(best.labels, best.order) else { break }
            let planned = ordered(merged)
            guard planned.seconds < best.seconds else { break }
            best = planned
        }
        var left = simulation.hasOverlap ? trials : 0
        while left > 0, let better = improvement(of: best, &left, &merge.scratch) { best = better }
        return best.plan
    }

    /// The quickest of several labels, each in its quickest order.
    private func soonest(_ starts: [[SegmentLabel]]) -> Ordered {
        var best = ordered(starts[0])
        for start in starts.dropFirst() where start != starts[0] {
            let planned = ordered(start)
            if planned.seconds < best.seconds { best = planned }
        }
        return best
    }

    /// The same where nothing overlaps: orders the labels with the lowest bound, then others that may be quicker.
    private func cheapest(_ labels: [[SegmentLabel]]) -> Ordered {
        let starts = labels.enumerated().map { index, own in
            index > 0 && own == labels[0] ? nil : Start(own, self)
        }.compactMap { $0 }
        var first = 0
        for index in starts.indices
        where starts[index].cost + starts[index].launches
            < starts[first].cost + starts[first].launches
        { first = index }
        var best = starts[first].ordered(self)
        for index in starts.indices where index != first && starts[index].mayBeat(best.seconds) {
            let planned = starts[index].ordered(self)
            if planned.seconds < best.seconds { best = planned }
        }
        return best
    }

    private struct Move {
        let segment: Int
        let label: SegmentLabel
        let gain: Double
    }

    /// A quicker plan: tries all moves at once, then the best half and so on, then single moves; nil if none helps.
    private func improvement(
        of plan: Ordered, _ left: inout Int, _ scratch: inout PlanSimulation.Scratch
    ) -> Ordered? {
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

    private func apply(_ moves: some Sequence<Move>, to plan: Ordered, _ left: inout Int) -> Ordered? {
        left -= 1
        var labels = plan.labels
        for move in moves {
            for slot in plan.order.range(move.segment) { labels[Int(plan.order.nodes[slot])] = move.label }
        }
        let planned = ordered(labels)
        return planned.seconds < plan.seconds - 1e-12 * abs(plan.seconds) ? planned : nil
    }

    /// Moves of single segments to a neighbour's label that may pay, the best first; no two of neighbouring segments.
    private func moves(of plan: Ordered, _ scratch: inout PlanSimulation.Scratch) -> [Move] {
        var found: [Move] = []
        let order = plan.order
        let problem = simulation.problem
        var spaces = plan.labels.map(\.space)
        for index in 0..<order.count where order.range(index).count <= largest {
            let own = order.labels[index]
            let nodes = order.nodes[order.range(index)]
            let before = index > 0 ? order.labels[index - 1] : nil
            let after = index + 1 < order.count ? order.labels[index + 1] : nil
            for (position, label) in [before, after].enumerated() {
                guard let label, label != own, position == 0 || label != before else { continue }
                var saved = simulation.launch[own.space]
                if before == label && after == label { saved += simulation.launch[label.space] }
                // Work that leaves the critical path saves at most its own time.
                for node in nodes { saved += problem.prices[Int(node) * problem.spaces + own.space] }
                let gain = saved - simulation.change(of: nodes, to: label.space, &spaces, &scratch)
                if gain > 1e-12 * abs(plan.seconds) { found.append(Move(segment: index, label: label, gain: gain)) }
            }
        }
        found.sort { ($0.gain, $1.segment) > ($1.gain, $0.segment) }
        var isTouched = Array(repeating: false, count: order.count + 2)
        return found.filter { move in
            let around = move.segment...move.segment + 2
            guard !isTouched[move.segment + 1] else { return false }
            for neighbour in around { isTouched[neighbour] = true }
            return true
        }
    }
}
