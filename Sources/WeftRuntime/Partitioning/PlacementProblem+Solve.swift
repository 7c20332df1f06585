extension PlacementProblem {
    /// The cheapest placement: exact over two spaces, by moves that never make it dearer over more.
    ///
    /// Never dearer than the host-only, device-first and greedy placements. Of equally cheap placements over two
    /// spaces the one with the fewest nodes off space 0 wins. The same problem gives the same placement every time.
    package func solve() throws(PartitioningError) -> Placement {
        try validate()
        var baselines = [deviceFirst()]
        if let host = hostOnly() { baselines.insert(host, at: 0) }
        let scale = LabelMove.scale(of: self)
        var best: Placement
        if spaces <= 2 {
            best = cut(scale)
        } else {
            baselines.append(greedy())
            best = searchedPlacement(from: baselines, scale)
        }
        // Prices are rounded to whole picoseconds for the cut: the promise holds for the prices as given.
        for baseline in baselines where baseline.seconds < best.seconds {
            best = Placement(spaces: baseline.spaces, seconds: baseline.seconds, isOptimal: best.isOptimal)
        }
        guard best.seconds < .infinity else { throw .unreachable }
        return best
    }

    /// One minimum cut over two spaces and nothing else: what `solve` is timed against.
    package func bareCut() throws(PartitioningError) -> Placement {
        guard spaces == 2 else { throw .malformed("a single cut is for two spaces, not for \(spaces)") }
        return cut(LabelMove.scale(of: self))
    }

    private func cut(_ scale: Double) -> Placement {
        let low = nodes.map { $0.allows(0) ? 0 : 1 }
        let high = nodes.map { spaces > 1 && $0.allows(1) ? 1 : 0 }
        return rated(LabelMove.best(self, low: low, high: high, scale: scale), isOptimal: true)
    }

    /// Expansions and swaps, each an exact cut or nearly so, until none helps.
    ///
    /// Starts from the best of the baselines and of the placements that use only two of the spaces where they can.
    private func searchedPlacement(from baselines: [Placement], _ scale: Double) -> Placement {
        var starts = baselines
        let cheapest = nodes.indices.map(cheapestSpace(of:))
        for first in 0..<spaces {
            for second in first + 1..<spaces { starts.append(swapped(cheapest, first, second, everyone: true, scale)) }
        }
        var best = starts[0]
        for start in starts where start.seconds < best.seconds { best = start }

        var hasImproved = true
        while hasImproved {
            hasImproved = false
            func consider(_ candidate: Placement) {
                // A margin, so that rounding cannot make two placements follow each other for ever.
                let margin = best.seconds < .infinity ? 1e-12 * abs(best.seconds) : 0
                guard candidate.seconds < best.seconds - margin else { return }
                best = candidate
                hasImproved = true
            }
            for space in 0..<spaces { consider(expanded(best.spaces, space, scale)) }
            for first in 0..<spaces {
                for second in first + 1..<spaces {
                    consider(swapped(best.spaces, first, second, everyone: false, scale))
                }
            }
        }
        return best
    }

    /// Lets every node move to `space` or stay.
    private func expanded(_ labels: [Int], _ space: Int, _ scale: Double) -> Placement {
        let high = nodes.indices.map { nodes[$0].allows(space) ? space : labels[$0] }
        return rated(LabelMove.best(self, low: labels, high: high, scale: scale))
    }

    /// Places anew, in one of two spaces, the nodes that are in one of them, or all that may be there.
    private func swapped(_ labels: [Int], _ first: Int, _ second: Int, everyone: Bool, _ scale: Double) -> Placement {
        var low = labels, high = labels
        for node in nodes.indices where everyone || labels[node] == first || labels[node] == second {
            switch (nodes[node].allows(first), nodes[node].allows(second)) {
            case (true, true): (low[node], high[node]) = (first, second)
            case (true, false): (low[node], high[node]) = (first, first)
            case (false, true): (low[node], high[node]) = (second, second)
            case (false, false): break
            }
        }
        return rated(LabelMove.best(self, low: low, high: high, scale: scale))
    }
}
