/// Which nodes wait for which, stored so that it can be cut into segments many times.
package struct SegmentGraph: Sendable {
    package let nodeCount: Int
    /// For each node, the nodes that wait for it; a dependency that was given twice is listed twice.
    let successors: FlatLists
    /// How many dependencies each node has.
    private let waits: [Int32]
    /// All nodes in topological order.
    private let topological: [Int32]

    /// `dependencies` has, for each node, the nodes that it waits for. Throws `.cycle` if nodes wait for each other.
    package init(dependencies: [[Int]]) throws(PartitioningError) {
        for node in dependencies.indices {
            for other in dependencies[node] where other < 0 || other >= dependencies.count {
                throw .malformed("node \(node) waits for node \(other), which does not exist")
            }
        }
        let count = dependencies.reduce(0) { $0 + $1.count }
        try self.init(
            FlatLists(dependencies.count, count) { add in
                for node in dependencies.indices {
                    for other in dependencies[node] { add(other, Int32(truncatingIfNeeded: node)) }
                }
            })
    }

    /// The dependencies of a placement problem. Throws `.cycle` if nodes wait for each other.
    package init(_ problem: PackedProblem) throws(PartitioningError) {
        try self.init(
            FlatLists(problem.nodeCount, problem.readers.items.count) { add in
                for value in 0..<problem.valueCount where problem.origins[value] >= 0 {
                    let producer = Int(problem.origins[value])
                    for slot in problem.readers.range(value) { add(producer, problem.readers.items[slot]) }
                }
            })
    }

    private init(_ successors: FlatLists) throws(PartitioningError) {
        self.successors = successors
        nodeCount = successors.count
        var waits = [Int32](repeating: 0, count: nodeCount)
        for node in successors.items { waits[Int(node)] += 1 }
        self.waits = waits
        var order: [Int32] = []
        order.reserveCapacity(nodeCount)
        Self.strip(successors, &waits, &order)
        topological = order
        if order.count < nodeCount { throw .cycle(nodes: Self.cycle(successors, waits)) }
    }

    /// Removes nodes that wait for no other, one after the other; nodes that are left wait for each other.
    private static func strip(_ successors: FlatLists, _ waits: inout [Int32], _ order: inout [Int32]) {
        for node in waits.indices where waits[node] == 0 { order.append(Int32(truncatingIfNeeded: node)) }
        var done = 0
        while done < order.count {
            for slot in successors.range(Int(order[done])) {
                let next = Int(successors.items[slot])
                waits[next] -= 1
                if waits[next] == 0 { order.append(Int32(truncatingIfNeeded: next)) }
            }
            done += 1
        }
    }

    /// Follows dependencies back from the first node that still waits, until a node comes a second time.
    private static func cycle(_ successors: FlatLists, _ waits: [Int32]) -> [Int] {
        let dependencies = FlatLists(inverting: successors, count: waits.count)
        var path: [Int] = []
        var place: [Int: Int] = [:]
        var next = waits.indices.first { waits[$0] > 0 }
        while let node = next {
            if let start = place[node] { return path[start...].reversed() }
            place[node] = path.count
            path.append(node)
            next = dependencies.items[dependencies.range(node)].first { waits[Int($0)] > 0 }.map { Int($0) }
        }
        return path
    }

    /// One topological order cut into segments: stays in a space, and there with a provider, while a node is ready.
    ///
    /// Every space is tried as the start. The order with the least total of `launch` (seconds to start a segment, by
    /// space) wins, then the one with the fewest segments; over two spaces no order switches less often. Within a
    /// space the same is done over providers. Of several ready nodes the one with the smallest index runs first.
    /// - Complexity: O(*n*) per start tried.
    package func segments(_ labels: [SegmentLabel], launch: [Double]) -> [OrderedSegment] {
        var best: (order: SegmentedOrder, weight: Double)?
        for order in spaceOrders(labels) {
            let weight = order.labels.reduce(0) { $0 + (launch.indices.contains($1.space) ? launch[$1.space] : 0) }
            if let known = best, (known.weight, known.order.count) <= (weight, order.count) { continue }
            best = (order, weight)
        }
        return best.map { parted($0.order, labels).segments } ?? []
    }

    /// The orders that are worth comparing: one for each space as the start, and of each the form in which work of
    /// overlapping spaces starts as early as it can.
    package func orders(_ labels: [SegmentLabel], overlaps: [Bool]) -> [[OrderedSegment]] {
        flatOrders(labels, overlaps: overlaps).map(\.segments)
    }

    /// The same in flat arrays.
    func flatOrders(_ labels: [SegmentLabel], overlaps: [Bool]) -> [SegmentedOrder] {
        let plain = spaceOrders(labels)
        var orders = plain
        for order in plain where order.labels.contains(where: { overlaps[$0.space] }) {
            if let early = early(order, overlaps) { orders.append(early) }
        }
        return orders.map { parted($0, labels) }
    }

    /// The least seconds of launches in any order: the most along any chain of nodes, one launch for a change of space.
    func leastLaunches(_ spaces: [Int], launch: [Double]) -> Double {
        var reached = spaces.map { launch[$0] }
        var most = 0.0
        for node in topological.lazy.map({ Int($0) }) {
            let space = spaces[node], here = reached[node]
            most = max(most, here)
            for slot in successors.range(node) {
                let next = Int(successors.items[slot])
                let there = spaces[next] == space ? here : here + launch[spaces[next]]
                if there > reached[next] { reached[next] = there }
            }
        }
        return most
    }

    /// The order whose launches, by `rate`, take the least time; stops at the first that reaches `least`.
    func cheapestOrder(
        _ labels: [SegmentLabel], least: Double, _ rate: (SegmentedOrder) -> Double
    ) -> (order: SegmentedOrder, launches: Double)? {
        let spaces = labels.map { Int32(truncatingIfNeeded: $0.space) }
        var pass = Pass(self)
        var best: (order: SegmentedOrder, launches: Double)?
        for rotation in Self.rotations(of: Self.distinct(spaces)) {
            let order = parted(pass.order(spaces, rotation), labels)
            let launches = rate(order)
            if let known = best, (known.launches, known.order.count) <= (launches, order.count) { continue }
            best = (order, launches)
            if launches <= least * (1 + 1e-12) { break }
        }
        return best
    }

    /// The orders that result from trying the spaces in each rotation of their list.
    private func spaceOrders(_ labels: [SegmentLabel]) -> [SegmentedOrder] {
        precondition(labels.count == nodeCount, "every node needs a label")
        let spaces = labels.map { Int32(truncatingIfNeeded: $0.space) }
        var pass = Pass(self)
        return Self.rotations(of: Self.distinct(spaces)).map { pass.order(spaces, $0) }
    }

    private static func rotations(of labels: [Int]) -> [[Int]] {
        labels.isEmpty ? [[]] : labels.indices.map { Array(labels[$0...] + labels[..<$0]) }
    }

    /// The distinct labels, ascending.
    private static func distinct(_ labels: some Sequence<Int32>) -> [Int] {
        var occurs: [Bool] = []
        for label in labels {
            if label >= occurs.count {
                occurs.append(contentsOf: repeatElement(false, count: Int(label) + 1 - occurs.count))
            }
            occurs[Int(label)] = true
        }
        return occurs.indices.filter { occurs[$0] }
    }

    /// Splits segments by provider, into the fewest parts that any rotation of its providers gives.
    private func parted(_ order: SegmentedOrder, _ labels: [SegmentLabel]) -> SegmentedOrder {
        guard let first = labels.first?.provider else { return order }
        if labels.allSatisfy({ $0.provider == first }) { return order.provided(by: first) }
        let providers = labels.map { Int32(truncatingIfNeeded: $0.provider) }
        var result = SegmentedOrder(capacity: order.nodes.count)
        var pass = Pass(self)
        for segment in 0..<order.count {
            let nodes = order.nodes[order.range(segment)]
            let space = order.labels[segment].space
            let present = Self.distinct(nodes.lazy.map { providers[Int($0)] })
            if present.count > 1 {
                let orders = Self.rotations(of: present).map { pass.order(of: nodes, providers, $0) }
                if let fewest = orders.min(by: { $0.count < $1.count }) {
                    for part in 0..<fewest.count {
                        for slot in fewest.range(part) { result.append(Int(fewest.nodes[slot])) }
                        result.endSegment(SegmentLabel(space: space, provider: fewest.labels[part].space))
                    }
                }
            } else {
                for node in nodes { result.append(Int(node)) }
                result.endSegment(SegmentLabel(space: space, provider: present.first ?? 0))
            }
        }
        return result
    }

    /// Orders nodes: stays with a label while it has ready nodes, then takes the first label in order that has some.
    private struct Pass {
        private let graph: SegmentGraph
        private var ready: [ReadySet] = []
        private var waits: [Int32] = []

        init(_ graph: SegmentGraph) { self.graph = graph }

        private mutating func prepare(_ order: [Int]) {
            for _ in ready.count..<max(ready.count, (order.max() ?? 0) + 1) {
                ready.append(ReadySet(limit: graph.nodeCount))
            }
        }

        /// Orders all nodes; the segments' labels have the given label as their space.
        mutating func order(_ labels: [Int32], _ order: [Int]) -> SegmentedOrder {
            prepare(order)
            waits = graph.waits
            for node in 0..<graph.nodeCount where waits[node] == 0 { ready[Int(labels[node])].insert(node) }
            return run(labels, order, capacity: graph.nodeCount)
        }

        /// Orders some of the nodes, counting only dependencies among these.
        mutating func order(of nodes: ArraySlice<Int32>, _ labels: [Int32], _ order: [Int]) -> SegmentedOrder {
            prepare(order)
            if waits.count != graph.nodeCount { waits = Array(repeating: 0, count: graph.nodeCount) }
            for node in nodes {
                waits[Int(node)] = 0
                for slot in graph.successors.range(Int(node)) {
                    waits[Int(graph.successors.items[slot])] = Self.outOfReach
                }
            }
            for node in nodes { waits[Int(node)] = 0 }
            for node in nodes {
                for slot in graph.successors.range(Int(node)) { waits[Int(graph.successors.items[slot])] += 1 }
            }
            for node in nodes where waits[Int(node)] == 0 { ready[Int(labels[Int(node)])].insert(Int(node)) }
            return run(labels, order, capacity: nodes.count)
        }

        /// A number of dependencies so low that a node which is not being ordered never becomes ready.
        private static let outOfReach = Int32.min / 2

        private mutating func run(_ labels: [Int32], _ order: [Int], capacity: Int) -> SegmentedOrder {
            var found = SegmentedOrder(capacity: capacity)
            let successors = graph.successors
            // As local variables the arrays need no check for being shared at each step, as they would in `self`.
            var waits: [Int32] = [], ready: [ReadySet] = []
            swap(&waits, &self.waits)
            swap(&ready, &self.ready)
            while let label = order.first(where: { !ready[$0].isEmpty }) {
                while let node = ready[label].removeLeast() {
                    found.append(node)
                    for slot in successors.range(node) {
                        let next = Int(successors.items[slot])
                        waits[next] -= 1
                        if waits[next] == 0 { ready[Int(labels[next])].insert(next) }
                    }
                }
                found.endSegment(SegmentLabel(space: label, provider: 0))
            }
            swap(&waits, &self.waits)
            swap(&ready, &self.ready)
            return found
        }
    }
}
