/// Nodes that each take one of a few spaces, with the price of every choice: what placement decides.
///
/// A space is a label and no more: the memory of a device, or a tensor layout. A placement costs the sum of its
/// nodes' prices and its transfers' prices, less the savings of fusions that lie whole in their space. A value is
/// charged once per space it is brought to, however many consumers it has there. Constants are no values.
package struct PlacementProblem: Sendable {
    /// What one node costs in each space, and the only space it may take, if it is pinned.
    package struct Node: Sendable {
        /// Seconds per space; `.infinity` where it cannot run.
        package var prices: [Double]
        package var pin: Int?

        package init(prices: [Double], pin: Int? = nil) {
            self.prices = prices
            self.pin = pin
        }

        /// Whether the node may take `space`.
        package func allows(_ space: Int) -> Bool { prices[space] < .infinity && (pin ?? space) == space }
    }

    /// Where a value comes from.
    package enum Origin: Sendable, Equatable {
        case node(Int)
        /// A graph input, which lies in this space when the run begins.
        case space(Int)
    }

    /// A tensor that may have to move: its producer, its consumers, the space it must end in, and its prices.
    package struct Value: Sendable {
        package var origin: Origin
        /// Nodes that read it; one that reads it twice may be listed twice.
        package var consumers: [Int]
        /// The space a graph output must be in at the end; nil if it is no output, or may end anywhere.
        package var destination: Int?
        package var transfer: TransferPrices
        /// How often it is moved in a run; its transfer prices are of all times.
        package var count: Double
        /// What it takes in a memory.
        package var bytes: Int

        package init(
            origin: Origin, consumers: [Int], destination: Int? = nil, transfer: TransferPrices, count: Double = 1,
            bytes: Int = 0
        ) {
            self.origin = origin
            self.consumers = consumers
            self.destination = destination
            self.transfer = transfer
            self.count = count
            self.bytes = bytes
        }
    }

    /// Nodes that one kernel does together: what is saved if all of them take `space`.
    package struct Fusion: Sendable {
        package var members: [Int]
        package var space: Int
        /// Seconds, not negative. Fusions of one space are expected not to overlap.
        package var saving: Double

        package init(members: [Int], space: Int, saving: Double) {
            self.members = members
            self.space = space
            self.saving = saving
        }
    }

    package let spaces: Int
    package var nodes: [Node]
    package var values: [Value]
    package var fusions: [Fusion]

    package init(spaces: Int, nodes: [Node] = [], values: [Value] = [], fusions: [Fusion] = []) {
        self.spaces = spaces
        self.nodes = nodes
        self.values = values
        self.fusions = fusions
    }

    /// The same problem where a transfer costs as much more as entering or leaving a space is to count.
    ///
    /// Transfers are where segments begin and end: so the cut sees something of what launches cost.
    package func charging(_ crossing: [Double]) -> PlacementProblem {
        var dearer = self
        for value in values.indices {
            let (transfer, count) = (values[value].transfer, values[value].count)
            dearer.values[value].transfer = TransferPrices(spaces: spaces) { from, to in
                transfer[from, to] + (crossing[from] + crossing[to]) * count
            }
        }
        return dearer
    }

    /// Throws unless all indices exist and every node may take some space.
    package func validate() throws(PartitioningError) { _ = try PackedProblem(self) }
}

extension PlacementProblem {
    /// A value that a placement brings from one space to another.
    package struct Transfer: Sendable, Equatable {
        package let value: Int
        package let from: Int
        package let to: Int
        package let seconds: Double
    }

    /// The price of a placement in seconds; `.infinity` if a node is where it may not be.
    ///
    /// Written apart from the cut, so that each can be held against the other.
    package func cost(of labels: [Int]) -> Double {
        var total = 0.0
        for node in nodes.indices {
            let space = labels[node]
            total += nodes[node].allows(space) ? nodes[node].prices[space] : .infinity
        }
        for index in values.indices {
            let from = source(of: index, labels)
            var isHome = (values[index].destination ?? from) == from
            for consumer in values[index].consumers where labels[consumer] != from { isHome = false }
            if isHome { continue }
            for to in 0..<spaces where to != from && isBrought(index, to, labels) {
                total += values[index].transfer[from, to]
            }
        }
        for fusion in fusions where fusion.members.allSatisfy({ labels[$0] == fusion.space }) { total -= fusion.saving }
        return total
    }

    private func source(of value: Int, _ labels: [Int]) -> Int {
        switch values[value].origin {
        case .node(let node): labels[node]
        case .space(let space): space
        }
    }

    private func isBrought(_ value: Int, _ to: Int, _ labels: [Int]) -> Bool {
        values[value].destination == to || values[value].consumers.contains { labels[$0] == to }
    }

    /// Every transfer that a placement asks for, by value, then by destination.
    package func transfers(of labels: [Int]) -> [Transfer] {
        var found: [Transfer] = []
        for index in values.indices {
            let from = source(of: index, labels)
            for to in 0..<spaces where to != from && isBrought(index, to, labels) {
                found.append(Transfer(value: index, from: from, to: to, seconds: values[index].transfer[from, to]))
            }
        }
        return found
    }
}

extension PlacementProblem {
    /// The nodes that each node waits for, repeats included.
    package var dependencies: [[Int]] {
        var waits = [[Int]](repeating: [], count: nodes.count)
        for index in values.indices {
            guard case .node(let producer) = values[index].origin else { continue }
            for consumer in values[index].consumers { waits[consumer].append(producer) }
        }
        return waits
    }
}
