/// A placement problem in flat arrays, checked once, for algorithms that read it many times.
///
/// There are at most as many spaces as a word has bits.
package struct PackedProblem: Sendable {
    package let spaces: Int
    package let nodeCount: Int
    package let valueCount: Int
    /// Seconds of node n in space s, at `n * spaces + s`; `.infinity` where it may not run.
    package let prices: [Double]
    /// The node that makes each value; `~space` for a graph input that lies in `space` when the run begins.
    let origins: [Int32]
    /// The space that a value must end in; -1 where it need not.
    let destinations: [Int32]
    /// Seconds of bringing value v from a to b, at `(v * spaces + a) * spaces + b`.
    package private(set) var transfers: [Double]
    /// How often each value is moved in a run.
    private let counts: [Double]
    /// The nodes that read each value, as given.
    let readers: FlatLists
    let members: FlatLists
    let fusionSpaces: [Int32]
    let savings: [Double]

    static let mostSpaces = 64

    /// Throws unless all indices exist and every node may take some space.
    package init(_ problem: PlacementProblem) throws(PartitioningError) {
        var fault: PartitioningError?
        self.init(problem, &fault)
        if let fault { throw fault }
    }

    /// For a problem that is known to be valid: an index that does not exist traps when it is read.
    package init(unchecked problem: PlacementProblem) {
        var fault: PartitioningError?
        self.init(problem, &fault)
    }

    private init(_ problem: PlacementProblem, _ fault: inout PartitioningError?) {
        func note(_ error: @autoclosure () -> PartitioningError) { if fault == nil { fault = error() } }
        let spaces = problem.spaces, nodeCount = problem.nodes.count
        if spaces <= 0 { note(.malformed("it has no spaces")) }
        if spaces > Self.mostSpaces { note(.malformed("it has more than \(Self.mostSpaces) spaces")) }
        if max(nodeCount, problem.values.count) > Int(Int32.max) { note(.malformed("it has too many nodes or values")) }
        self.spaces = spaces
        self.nodeCount = nodeCount
        valueCount = problem.values.count
        prices = Self.prices(problem, &fault)

        var origins = [Int32](repeating: 0, count: problem.values.count)
        var destinations = [Int32](repeating: -1, count: problem.values.count)
        var transfers: [Double] = []
        transfers.reserveCapacity(problem.values.count * spaces * spaces)
        var readers = FlatLists(lists: problem.values.count, items: problem.values.count * 2)
        func holds(_ space: Int) -> Bool { 0 <= space && space < spaces }
        for index in problem.values.indices {
            var isSound: Bool
            switch problem.values[index].origin {
            case .node(let node):
                origins[index] = Int32(truncatingIfNeeded: node)
                isSound = 0 <= node && node < nodeCount
            case .space(let space):
                origins[index] = ~Int32(truncatingIfNeeded: space)
                isSound = holds(space)
            }
            if let destination = problem.values[index].destination {
                destinations[index] = Int32(truncatingIfNeeded: destination)
                isSound = isSound && holds(destination)
            }
            for node in problem.values[index].consumers {
                isSound = isSound && 0 <= node && node < nodeCount
                readers.append(node)
            }
            readers.endList()
            isSound = isSound && problem.values[index].transfer.append(to: &transfers, spaces: spaces)
            if !isSound { note(.malformed("value \(index) names a node or a space that does not exist")) }
        }
        (self.origins, self.destinations, self.transfers) = (origins, destinations, transfers)
        self.readers = readers
        counts = problem.values.map(\.count)

        members = Self.members(problem, &fault)
        fusionSpaces = problem.fusions.map { Int32(truncatingIfNeeded: $0.space) }
        savings = problem.fusions.map(\.saving)
        if fault == nil {
            let stranded = (0..<nodeCount).filter { node in
                !prices[node * spaces..<(node + 1) * spaces].contains { $0 < .infinity }
            }
            if !stranded.isEmpty { fault = .unplaceable(nodes: stranded) }
        }
    }

    private static func prices(_ problem: PlacementProblem, _ fault: inout PartitioningError?) -> [Double] {
        let spaces = problem.spaces
        var prices: [Double] = []
        prices.reserveCapacity(problem.nodes.count * max(spaces, 0))
        for index in problem.nodes.indices {
            let pin = problem.nodes[index].pin
            var count = 0
            for price in problem.nodes[index].prices {
                prices.append(price < .infinity && (pin ?? count) == count ? price : .infinity)
                count += 1
            }
            if count != spaces, fault == nil {
                fault = .malformed("node \(index) has \(count) prices for \(spaces) spaces")
            }
        }
        return prices
    }

    private static func members(_ problem: PlacementProblem, _ fault: inout PartitioningError?) -> FlatLists {
        var members = FlatLists(lists: problem.fusions.count, items: problem.fusions.count * 2)
        for index in problem.fusions.indices {
            let space = problem.fusions[index].space
            var isSound = problem.fusions[index].saving >= 0 && 0 <= space && space < problem.spaces
            for node in problem.fusions[index].members {
                isSound = isSound && 0 <= node && node < problem.nodes.count
                members.append(node)
            }
            members.endList()
            if !isSound, fault == nil {
                fault = .malformed(
                    "fusion \(index) has a negative saving, or names a node or space that does not exist")
            }
        }
        return members
    }

    /// The same as `PlacementProblem.charging`.
    package func charging(_ perTransfer: [Double]) -> PackedProblem {
        var dearer = self
        var index = 0
        for value in 0..<valueCount {
            for from in 0..<spaces {
                for to in 0..<spaces {
                    if from != to { dearer.transfers[index] += (perTransfer[from] + perTransfer[to]) * counts[value] }
                    index += 1
                }
            }
        }
        return dearer
    }

    package func allows(_ node: Int, _ space: Int) -> Bool { prices[node * spaces + space] < .infinity }

    /// The space in which a value is made, or lies when the run begins.
    package func source(_ value: Int, _ labels: [Int]) -> Int {
        let origin = origins[value]
        return origin < 0 ? Int(~origin) : labels[Int(origin)]
    }
}

extension PackedProblem {
    /// The price of a placement in seconds; `.infinity` if a node is in a space where it may not run.
    package func cost(of labels: [Int]) -> Double {
        var total = 0.0
        for node in 0..<nodeCount { total += prices[node * spaces + labels[node]] }
        for value in 0..<valueCount { total += transferSeconds(of: value, labels) }
        for fusion in 0..<savings.count where isWhole(fusion, labels) { total -= savings[fusion] }
        return total
    }

    /// Seconds of all transfers of a value to the other spaces that need it.
    func transferSeconds(of value: Int, _ labels: [Int]) -> Double {
        let from = source(value, labels)
        var seen: UInt64 = 1 << UInt64(from)
        var total = 0.0
        let row = (value * spaces + from) * spaces
        let destination = Int(destinations[value])
        if destination >= 0, destination != from {
            seen |= 1 << UInt64(destination)
            total += transfers[row + destination]
        }
        for slot in readers.range(value) {
            let to = labels[Int(readers.items[slot])]
            if seen >> UInt64(to) & 1 == 0 {
                seen |= 1 << UInt64(to)
                total += transfers[row + to]
            }
        }
        return total
    }

    /// Whether all members of a fusion are in its space.
    func isWhole(_ fusion: Int, _ labels: [Int]) -> Bool {
        let space = Int(fusionSpaces[fusion])
        for slot in members.range(fusion) where labels[Int(members.items[slot])] != space { return false }
        return true
    }

    func rated(_ labels: [Int], isOptimal: Bool = false) -> Placement {
        Placement(spaces: labels, seconds: cost(of: labels), isOptimal: isOptimal)
    }
}

/// Which values and fusions touch each node of a packed problem.
package struct Incidence: Sendable {
    let reads: FlatLists
    let makes: FlatLists
    let fusions: FlatLists

    package init(_ problem: PackedProblem) {
        reads = FlatLists(inverting: problem.readers, count: problem.nodeCount)
        fusions = FlatLists(inverting: problem.members, count: problem.nodeCount)
        makes = FlatLists(problem.nodeCount, problem.valueCount) { add in
            for value in 0..<problem.valueCount where problem.origins[value] >= 0 {
                add(Int(problem.origins[value]), Int32(truncatingIfNeeded: value))
            }
        }
    }
}
