/// The question that placement answers: nodes that each take one of a few spaces, and the price of every choice.
///
/// A space can stand for anything that a node may take: the memory of a device, or a tensor layout. A placement costs
/// the sum of its nodes' prices and its transfers' prices, less the savings of fusions whose members are all in their
/// space. A value is charged once for each space it is brought to, however many consumers it has there. Constants are
/// not among the values.
package struct PlacementProblem: Sendable {
    /// The price of one node in each space; if the node is pinned, also the only space that it may take.
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
        /// How often it is moved in a run. `transfer` has the prices of all these times together.
        package var count: Double
        /// The bytes that it takes in memory.
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

    /// Nodes that one kernel can compute together, and what is saved if all of them take `space`.
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

    /// The same problem with higher transfer prices: `perTransfer` is added for the space left and for the one entered.
    ///
    /// Segments begin and end at transfers, so this lets the cut see a part of what launches cost.
    package func charging(_ perTransfer: [Double]) -> PlacementProblem {
        var dearer = self
        for value in values.indices {
            let (transfer, count) = (values[value].transfer, values[value].count)
            dearer.values[value].transfer = TransferPrices(spaces: spaces) { from, to in
                transfer[from, to] + (perTransfer[from] + perTransfer[to]) * count
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

    /// The price of a placement in seconds; `.infinity` if a node is in a space where it may not run.
    ///
    /// This code shares nothing with the cut, so that tests can compare the two.
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

    /// Every transfer that a placement needs, in order of value, then of destination.
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
    /// The nodes that each node waits for; a node that is waited for twice is listed twice.
    package var dependencies: [[Int]] {
        var waits = [[Int]](repeating: [], count: nodes.count)
        for index in values.indices {
            guard case .node(let producer) = values[index].origin else { continue }
            for consumer in values[index].consumers { waits[consumer].append(producer) }
        }
        return waits
    }
}
