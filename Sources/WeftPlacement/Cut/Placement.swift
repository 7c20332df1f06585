/// The space that every node takes, and what that costs.
package struct Placement: Sendable, Equatable {
    /// A space per node.
    package let spaces: [Int]
    /// Prices of nodes and transfers, less the savings of fusions.
    package let seconds: Double
    /// Whether no other placement can cost less.
    package let isOptimal: Bool

    package init(spaces: [Int], seconds: Double, isOptimal: Bool = false) {
        self.spaces = spaces
        self.seconds = seconds
        self.isOptimal = isOptimal
    }
}

extension PlacementProblem {
    /// Puts every node in the first space of `order` that it may take, or in its cheapest space if it may take none.
    package func preferencePlacement(_ order: [Int]) throws(PartitioningError) -> Placement {
        try PackedProblem(self).preference(order)
    }

    /// Every node on space 0; nil if one may not be there.
    package func hostOnlyPlacement() throws(PartitioningError) -> Placement? { try PackedProblem(self).hostOnly() }

    /// Puts every node on the first device that can run it, as runtimes do that place by a list of preference.
    package func deviceFirstPlacement() throws(PartitioningError) -> Placement { try PackedProblem(self).deviceFirst() }

    /// Puts node by node, in order of index, in the space that adds least to the cost so far.
    ///
    /// Counts the node's price and the transfers of its operands, but nothing that comes after it.
    package func greedyPlacement() throws(PartitioningError) -> Placement { try PackedProblem(self).greedy() }
}

extension PackedProblem {
    /// Every node on space 0; nil if one may not be there.
    package func hostOnly() -> Placement? {
        for node in 0..<nodeCount where !allows(node, 0) { return nil }
        return rated(Array(repeating: 0, count: nodeCount))
    }

    package func deviceFirst() -> Placement { preference(Array(1..<max(spaces, 1)) + [0]) }

    package func preference(_ order: [Int]) -> Placement {
        var labels = [Int](repeating: 0, count: nodeCount)
        for node in 0..<nodeCount {
            var chosen = -1
            for space in order where chosen < 0 && allows(node, space) { chosen = space }
            labels[node] = chosen < 0 ? cheapestSpace(of: node) : chosen
        }
        return rated(labels)
    }

    package func greedy() -> Placement {
        let operands = FlatLists(inverting: readers, count: nodeCount)
        var labels = Array(repeating: -1, count: nodeCount)
        /// Spaces that hold a value so far, as bits.
        var present = [UInt64](repeating: 0, count: valueCount)
        for node in 0..<nodeCount {
            var best = (space: cheapestSpace(of: node), seconds: Double.infinity)
            for space in 0..<spaces where allows(node, space) {
                var seconds = prices[node * spaces + space]
                var last: Int32 = -1
                for slot in operands.range(node) where operands.items[slot] != last {
                    last = operands.items[slot]
                    let value = Int(last)
                    let from = source(value, labels)
                    guard from >= 0, present[value] >> UInt64(space) & 1 == 0 else { continue }
                    seconds += transfers[(value * spaces + from) * spaces + space]
                }
                if seconds < best.seconds { best = (space, seconds) }
            }
            labels[node] = best.space
            for slot in operands.range(node) { present[Int(operands.items[slot])] |= 1 << UInt64(best.space) }
        }
        return rated(labels)
    }

    /// The space in which a node by itself is cheapest; the first of equals.
    func cheapestSpace(of node: Int) -> Int {
        let row = node * spaces
        var best = 0
        for space in 0..<spaces where prices[row + space] < prices[row + best] { best = space }
        return best
    }
}
