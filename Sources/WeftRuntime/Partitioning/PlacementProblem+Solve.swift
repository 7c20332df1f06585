extension PlacementProblem {
    /// The cheapest placement: exact over two spaces, by moves that never make it dearer over more.
    ///
    /// Never dearer than the host-only, device-first and greedy placements. Of equally cheap placements over two
    /// spaces the one with the fewest nodes off space 0 wins. The same problem gives the same placement every time.
    package func solve() throws(PartitioningError) -> Placement { try PackedProblem(self).solve() }

    /// One minimum cut over two spaces and nothing else: what `solve` is timed against.
    package func bareCut() throws(PartitioningError) -> Placement { try PackedProblem(self).bareCut() }
}

extension PackedProblem {
    /// The cheapest placement, as `PlacementProblem.solve` has it.
    ///
    /// With a `start` it is sought from there, and never dearer than that instead of than the other placements.
    package func solve(from start: [Int]? = nil) throws(PartitioningError) -> Placement {
        var baselines: [Placement] = []
        var best: Placement
        if spaces <= 2 {
            if start == nil { baselines = self.baselines() }
            best = cut()
        } else {
            var search = PlacementSearch(self)
            baselines = start.map { [rated($0)] } ?? self.baselines()
            best = search.best(from: baselines)
        }
        // Prices are rounded to whole picoseconds for the cut: the promise holds for the prices as given.
        for baseline in baselines where baseline.seconds < best.seconds {
            best = Placement(spaces: baseline.spaces, seconds: baseline.seconds, isOptimal: best.isOptimal)
        }
        guard best.seconds < .infinity else { throw .unreachable }
        return best
    }

    /// Host-only, device-first and, where no cut is exact, greedy.
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
        var labels = [Int](repeating: 0, count: nodeCount)
        for node in 0..<nodeCount where !allows(node, 0) { labels[node] = 1 }
        var move = LabelMove(self)
        move.begin(labels)
        if spaces > 1 { for node in 0..<nodeCount where allows(node, 0) && allows(node, 1) { move.offer(node, 0, 1) } }
        move.run(
            values: 0..<Int32(truncatingIfNeeded: valueCount), fusions: 0..<Int32(truncatingIfNeeded: savings.count))
        for node in move.offered { labels[Int(node)] = move.choice(Int(node)) }
        return rated(labels, isOptimal: true)
    }
}
