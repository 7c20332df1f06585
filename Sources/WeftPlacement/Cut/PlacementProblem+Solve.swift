extension PlacementProblem {
    /// The cheapest placement: exact for two spaces; for more, found by moves that never raise the cost.
    ///
    /// It never costs more than the host-only, device-first and greedy placements. Of equally cheap placements over two
    /// spaces, the one with the fewest nodes outside of space 0 wins. The same problem always gives the same placement.
    package func solve() throws(PartitioningError) -> Placement { try PackedProblem(self).solve() }

    /// One minimum cut over two spaces and nothing else; `solve` is timed against it.
    package func bareCut() throws(PartitioningError) -> Placement { try PackedProblem(self).bareCut() }
}

extension PackedProblem {
    /// The cheapest placement, as `PlacementProblem.solve` promises it.
    package func solve() throws(PartitioningError) -> Placement {
        guard spaces > 2 else { return try sound(cut(), among: baselines()) }
        var search = PlacementSearch(self, Incidence(self))
        let baselines = baselines()
        return try sound(search.best(from: baselines), among: baselines)
    }

    /// The cheapest placement, and the labels of a second one, for which `charging` makes transfers more expensive.
    package func solve(
        _ incidence: Incidence, charging perTransfer: [Double]
    ) throws(PartitioningError) -> (cheapest: Placement, charged: [Int]) {
        let dearer = charging(perTransfer)
        let baselines = baselines()
        guard spaces > 2 else {
            var move = LabelMove(self)
            let placement = try sound(rated(cut(&move), isOptimal: true), among: baselines)
            move.reprice(dearer)
            return (placement, cut(&move))
        }
        var search = PlacementSearch(self, incidence, charging: perTransfer)
        let placement = try sound(search.best(from: baselines), among: baselines)
        return (placement, search.labels(under: dearer))
    }

    /// The placement, or a baseline that is cheaper. Throws `.unreachable` if the cost of all of them is infinite.
    ///
    /// The cut rounds prices to whole picoseconds; this check makes the promises of `solve` hold for the exact prices.
    private func sound(_ placement: Placement, among baselines: [Placement]) throws(PartitioningError) -> Placement {
        var best = placement
        for baseline in baselines where baseline.seconds < best.seconds {
            best = Placement(spaces: baseline.spaces, seconds: baseline.seconds, isOptimal: placement.isOptimal)
        }
        guard best.seconds < .infinity else { throw .unreachable }
        return best
    }

    /// The host-only and device-first placements and, where the search is not exact, the greedy one.
    private func baselines() -> [Placement] {
        let placements = [hostOnly(), deviceFirst(), spaces > 2 ? greedy() : nil]
        return placements.compactMap { $0 }
    }

    /// One minimum cut over two spaces and nothing else.
    package func bareCut() throws(PartitioningError) -> Placement {
        guard spaces == 2 else { throw .malformed("a single cut is for two spaces, not for \(spaces)") }
        return cut()
    }

    private func cut() -> Placement {
        var move = LabelMove(self)
        return rated(cut(&move), isOptimal: true)
    }

    private func cut(_ move: inout LabelMove) -> [Int] {
        var labels = [Int](repeating: 0, count: nodeCount)
        for node in 0..<nodeCount where !allows(node, 0) { labels[node] = 1 }
        move.begin(labels)
        if spaces > 1 { for node in 0..<nodeCount where allows(node, 0) && allows(node, 1) { move.offer(node, 0, 1) } }
        move.run(
            values: 0..<Int32(truncatingIfNeeded: valueCount), fusions: 0..<Int32(truncatingIfNeeded: savings.count))
        for node in move.offered { labels[Int(node)] = move.choice(Int(node)) }
        return labels
    }
}
