/// A time that no plan can beat: the greater of the critical path and the least load of the lanes.
///
/// A lane does one piece of work at a time: the host is one, and so is each space that works beside it. Both bounds are
/// optimistic: every node takes the space that is best for the bound, even if its neighbours' spaces contradict it.
package struct LowerBound: Sendable {
    /// Nodes that one kernel of a space may compute together, and the least seconds that it takes.
    package struct Group: Sendable {
        package var members: [Int]
        package var space: Int
        package var seconds: Double

        package init(members: [Int], space: Int, seconds: Double) {
            self.members = members
            self.space = space
            self.seconds = seconds
        }
    }

    /// The facts about the memory spaces that the bound needs.
    package struct Spaces: Sendable {
        /// The lane of each space; the host's is 0.
        package var lanes: [Int]
        /// Seconds to start a segment in each space.
        package var launch: [Double]

        package init(lanes: [Int], launch: [Double]) {
            self.lanes = lanes
            self.launch = launch
        }
    }

    /// Seconds of the longest chain of nodes that depend on each other, with its transfers and launches.
    package let criticalPath: Double
    /// Seconds that the busiest lane works at least, however the nodes are shared out; transfers are not counted.
    package let load: Double

    package var seconds: Double { max(criticalPath, load) }

    /// Uses the problem's prices, values and transfers. In place of its fusions it uses `groups`, which may overlap.
    ///
    /// `dependencies` lists the nodes that each node waits for, also those whose values the problem never moves.
    package init(_ problem: PlacementProblem, groups: [Group], dependencies: [[Int]], spaces: Spaces) {
        let least = Self.leastPrices(problem, groups)
        criticalPath = Self.criticalPath(problem, least, dependencies, spaces.launch)
        load = Self.load(least, spaces)
    }

    /// For each node and space, the least seconds that the node adds to a plan, alone or as its share of a group.
    ///
    /// A group's time is divided among its members in proportion to what they take alone. So whichever groups a plan
    /// chooses, its nodes together cost at least the sum of their least shares.
    private static func leastPrices(_ problem: PlacementProblem, _ groups: [Group]) -> [[Double]] {
        let alone = problem.nodes.map { node in
            node.prices.indices.map { node.allows($0) ? node.prices[$0] : .infinity }
        }
        var least = alone
        for group in groups where !group.members.isEmpty {
            let whole = group.members.reduce(0) { $0 + alone[$1][group.space] }
            for member in group.members {
                let part =
                    whole > 0 && whole < .infinity
                    ? alone[member][group.space] / whole : 1 / Double(group.members.count)
                least[member][group.space] = min(least[member][group.space], group.seconds * part)
            }
        }
        return least
    }
}

// MARK: The critical path

extension LowerBound {
    /// A value arrives in a space as early as the best space of its producer allows. If it comes from another space, a
    /// segment has to be launched first.
    private static func criticalPath(
        _ problem: PlacementProblem, _ prices: [[Double]], _ dependencies: [[Int]], _ launch: [Double]
    ) -> Double {
        let (spaces, nodes) = (problem.spaces, prices.count)
        var readers = [[Int]](repeating: [], count: nodes)
        var waits = dependencies.map(\.count)
        for (node, sources) in dependencies.enumerated() {
            for source in sources { readers[source].append(node) }
        }
        /// The earliest time at which all operands of a node can be in a space, by node, then by space.
        var starts: [Double] = []
        for _ in 0..<nodes { starts += launch }
        /// The earliest time at which the current node can be done, by space.
        var ends = launch
        func bring(_ value: PlacementProblem.Value, _ starts: inout [Double]) {
            for to in 0..<spaces {
                var arrival = ends[to]
                for from in 0..<spaces where from != to {
                    arrival = min(arrival, ends[from] + value.transfer[from, to] + launch[to])
                }
                for consumer in value.consumers where starts[consumer * spaces + to] < arrival {
                    starts[consumer * spaces + to] = arrival
                }
            }
        }
        var made = [[Int]](repeating: [], count: nodes)
        for (index, value) in problem.values.enumerated() {
            switch value.origin {
            case .node(let node): made[node].append(index)
            case .space(let home):
                for space in 0..<spaces { ends[space] = space == home ? 0 : .infinity }
                bring(value, &starts)
            }
        }
        var longest = 0.0
        var ready = (0..<nodes).filter { waits[$0] == 0 }
        while let node = ready.popLast() {
            for space in 0..<spaces { ends[space] = starts[node * spaces + space] + prices[node][space] }
            let end = ends.min() ?? 0
            longest = max(longest, end)
            for index in made[node] {
                bring(problem.values[index], &starts)
                guard let home = problem.values[index].destination else { continue }
                var arrival = ends[home]
                for space in 0..<spaces {
                    arrival = min(arrival, ends[space] + problem.values[index].transfer[space, home])
                }
                longest = max(longest, arrival)
            }
            for reader in readers[node] {
                for space in 0..<spaces where starts[reader * spaces + space] < end {
                    starts[reader * spaces + space] = end
                }
                waits[reader] -= 1
                if waits[reader] == 0 { ready.append(reader) }
            }
        }
        return longest
    }
}

// MARK: Loads

extension LowerBound {
    /// Any weights of the lanes that add up to one give a bound: a weighted mean of loads is at most the greatest load.
    ///
    /// For two lanes the best weights are searched for. For more, each lane alone and equal weights are tried.
    private static func load(_ prices: [[Double]], _ spaces: Spaces) -> Double {
        let count = (spaces.lanes.max() ?? 0) + 1
        /// The least price of each node in a lane.
        let lanes = (0..<count).map { lane in
            prices.map { row in
                row.indices.reduce(Double.infinity) { spaces.lanes[$1] == lane ? min($0, row[$1]) : $0 }
            }
        }
        guard count > 1 else { return lanes[0].reduce(0, +) }
        if count == 2 {
            let launch = spaces.launch.indices.filter { spaces.lanes[$0] == 1 }.map { spaces.launch[$0] }.min()
            return shared(lanes[0], lanes[1], launch: launch ?? 0)
        }
        func bound(_ weights: [Double]) -> Double {
            prices.indices.reduce(0) { sum, node in
                var least = Double.infinity
                for lane in 0..<count where lanes[lane][node] < .infinity {
                    least = min(least, weights[lane] * lanes[lane][node])
                }
                return sum + (least < .infinity ? least : 0)
            }
        }
        var best = bound([Double](repeating: 1 / Double(count), count: count))
        for alone in 0..<count { best = max(best, bound((0..<count).map { $0 == alone ? 1 : 0 })) }
        return best
    }

    /// The least time in which two lanes can share the work if nodes may be split: the first lane does all of it, or
    /// the second is launched once and the best weights give the bound.
    private static func shared(_ first: [Double], _ second: [Double], launch: Double) -> Double {
        let whole = first.reduce(0, +)
        var best = 0.0
        var (low, high) = (0.0, 1.0)
        for _ in 0..<40 {
            let weight = (low + high) / 2
            var loads = (first: 0.0, second: launch)
            for node in first.indices {
                if (1 - weight) * first[node] < weight * second[node] {
                    loads.first += first[node]
                } else if second[node] < .infinity {
                    loads.second += second[node]
                }
            }
            best = max(best, (1 - weight) * loads.first + weight * loads.second)
            if loads.second > loads.first { low = weight } else { high = weight }
        }
        return min(whole, best)
    }
}
