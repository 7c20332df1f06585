/// What no plan can beat: the greater of the critical path and the least load of each lane.
///
/// A lane is whatever works through one thing at a time. Transfers and launches count as nothing.
package struct LowerBound: Sendable {
    /// Nodes that one kernel may do together, and what it takes at the least.
    package struct Group: Sendable {
        package var members: [Int]
        package var seconds: Double

        package init(members: [Int], seconds: Double) {
            self.members = members
            self.seconds = seconds
        }
    }

    package let criticalPath: Double
    /// Per lane, the work that no other lane can do; all work, if there is one lane.
    package let loads: [Double]

    package var seconds: Double { max(criticalPath, loads.max() ?? 0) }

    /// `prices` are a node's per space, infinite where it cannot run; `dependencies` the nodes that each waits for, in
    /// any order; `lanes` the lane of each space.
    package init(prices: [[Double]], groups: [Group], dependencies: [[Int]], lanes: [Int]) {
        var least = prices.map { $0.min() ?? .infinity }
        for group in groups where !group.members.isEmpty {
            // Whichever of the members a path or a lane has, they cost no more than the whole.
            let share = group.seconds / Double(group.members.count)
            for member in group.members { least[member] = min(least[member], share) }
        }
        var loads = [Double](repeating: 0, count: (lanes.max() ?? 0) + 1)
        for (node, list) in prices.enumerated() {
            var only: Int?
            var isFree = false
            for (space, price) in list.enumerated() where price < .infinity {
                if let known = only, known != lanes[space] { isFree = true }
                only = lanes[space]
            }
            if let only, !isFree { loads[only] += least[node] }
        }
        self.loads = loads
        criticalPath = Self.longestPath(least, dependencies)
    }

    private static func longestPath(_ weights: [Double], _ dependencies: [[Int]]) -> Double {
        var waits = [Int](repeating: 0, count: weights.count)
        var readers = [[Int]](repeating: [], count: weights.count)
        for (node, sources) in dependencies.enumerated() {
            waits[node] = sources.count
            for source in sources { readers[source].append(node) }
        }
        var starts = [Double](repeating: 0, count: weights.count)
        var longest = 0.0
        var ready = weights.indices.filter { waits[$0] == 0 }
        while let node = ready.popLast() {
            let end = starts[node] + weights[node]
            longest = max(longest, end)
            for reader in readers[node] {
                starts[reader] = max(starts[reader], end)
                waits[reader] -= 1
                if waits[reader] == 0 { ready.append(reader) }
            }
        }
        return longest
    }
}
