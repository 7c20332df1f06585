/// The space that every node takes, and what the whole then costs.
package struct Placement: Sendable, Equatable {
    /// A space per node.
    package let spaces: [Int]
    /// Node prices and transfers, less savings.
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
    /// Every node in the first space of `order` that it may take, or in its cheapest if it may take none of them.
    package func preferencePlacement(_ order: [Int]) throws(PartitioningError) -> Placement {
        try validate()
        return preference(order)
    }

    private func preference(_ order: [Int]) -> Placement {
        rated(nodes.indices.map { node in order.first(where: nodes[node].allows) ?? cheapestSpace(of: node) })
    }

    /// Every node on space 0; nil if one may not be there.
    package func hostOnlyPlacement() throws(PartitioningError) -> Placement? {
        try validate()
        return hostOnly()
    }

    func hostOnly() -> Placement? {
        nodes.allSatisfy { $0.allows(0) } ? rated(Array(repeating: 0, count: nodes.count)) : nil
    }

    /// Whatever a device can run, on the first device that can: how other runtimes place by a list.
    package func deviceFirstPlacement() throws(PartitioningError) -> Placement {
        try validate()
        return deviceFirst()
    }

    func deviceFirst() -> Placement { preference(Array(1..<max(spaces, 1)) + [0]) }

    /// Node by node in order of index, the space that adds least to what is already placed.
    ///
    /// Counts a node's price and bringing its operands to it; sees nothing of what comes after.
    package func greedyPlacement() throws(PartitioningError) -> Placement {
        try validate()
        return greedy()
    }

    func greedy() -> Placement {
        var operands = Array(repeating: [Int](), count: nodes.count)
        for (index, value) in values.enumerated() {
            for consumer in value.consumers where operands[consumer].last != index { operands[consumer].append(index) }
        }
        var labels = Array(repeating: -1, count: nodes.count)
        var present = Array(repeating: false, count: values.count * spaces)
        for node in nodes.indices {
            func source(_ value: Int) -> Int? {
                switch values[value].origin {
                case .node(let producer): labels[producer] < 0 ? nil : labels[producer]
                case .space(let space): space
                }
            }
            var best = (space: cheapestSpace(of: node), seconds: Double.infinity)
            for space in 0..<spaces where nodes[node].allows(space) {
                var seconds = nodes[node].prices[space]
                for value in operands[node] where !present[value * spaces + space] {
                    if let from = source(value) { seconds += values[value].transfer[from, space] }
                }
                if seconds < best.seconds { best = (space, seconds) }
            }
            labels[node] = best.space
            for value in operands[node] { present[value * spaces + best.space] = true }
        }
        return rated(labels)
    }

    /// The space with the least price for a node by itself, the first of equals.
    func cheapestSpace(of node: Int) -> Int {
        var best = 0
        for space in 0..<spaces where nodes[node].allows(space) {
            if !nodes[node].allows(best) || nodes[node].prices[space] < nodes[node].prices[best] { best = space }
        }
        return best
    }

    func rated(_ labels: [Int], isOptimal: Bool = false) -> Placement {
        Placement(spaces: labels, seconds: cost(of: labels), isOptimal: isOptimal)
    }
}
