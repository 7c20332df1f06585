/// Moves whole branches of a graph to another space so that devices and the host work at the same time.
///
/// The cut minimises the sum of all costs and does not see that two branches can run side by side. A branch is a node
/// with all later nodes that depend on the branch alone: up to where others join it, or to the end of the graph.
package struct BranchSearch {
    private let problem: PlacementProblem
    private let simulation: PlanSimulation
    private let orders: OverlapOrders
    private let waits: [[Int]]
    private let readers: [[Int]]
    /// How many changed plans may be simulated: fewer for larger graphs, as each takes longer.
    private let trials: Int

    /// Limits of the search: the most nodes of a branch, and the most nodes looked at for finding all branches.
    private static let largest = 512
    private static let steps = 100_000

    package init(
        _ problem: PlacementProblem, _ simulation: PlanSimulation, _ orders: OverlapOrders, dependencies: [[Int]]
    ) {
        self.problem = problem
        self.simulation = simulation
        self.orders = orders
        waits = dependencies.map { Array(Set($0)) }
        var readers = [[Int]](repeating: [], count: dependencies.count)
        for (node, sources) in waits.enumerated() { for source in sources { readers[source].append(node) } }
        self.readers = readers
        trials = min(128, 30_000 / max(1, dependencies.count))
    }

    /// A branch, the space that it would go to, and the seconds of work that its present space would lose.
    private struct Move {
        let nodes: [Int]
        let space: Int
        let gain: Double
    }

    /// The labels after all moves that make the plan quicker; the same labels if none does.
    package func improve(_ labels: [SegmentLabel]) -> [SegmentLabel] {
        var best = (labels: labels, seconds: seconds(labels))
        var left = trials
        while left > 0 {
            let before = best.seconds
            for move in moves(from: best.labels, within: best.seconds) where left > 0 {
                var labels = best.labels
                guard move.nodes.contains(where: { labels[$0].space != move.space }) else { continue }
                for node in move.nodes { labels[node].space = move.space }
                left -= 1
                let seconds = seconds(labels)
                if seconds < best.seconds * (1 - 1e-9) { best = (labels, seconds) }
            }
            guard best.seconds < before else { break }
        }
        return best.labels
    }

    private func seconds(_ labels: [SegmentLabel]) -> Double {
        orders.orders(labels).reduce(.infinity) { min($0, simulation.seconds(labels, $1)) }
    }

    /// Moves that may pay: branches that the other space can finish before the plan ends, the most freed time first.
    private func moves(from labels: [SegmentLabel], within seconds: Double) -> [Move] {
        var found: [Move] = []
        var steps = Self.steps
        let starts = starts(labels)
        for node in problem.nodes.indices {
            for space in 0..<problem.spaces where space != labels[node].space && steps > 0 {
                let home = labels[node].space
                guard let branch = branch(from: node, on: space, within: seconds - starts[node], &steps) else {
                    continue
                }
                let freed = branch.reduce(0) { sum, member in
                    labels[member].space == home ? sum + problem.nodes[member].prices[home] : sum
                }
                found.append(Move(nodes: branch, space: space, gain: freed))
            }
        }
        return found.sorted { ($0.gain, $1.nodes[0]) > ($1.gain, $0.nodes[0]) }
    }

    /// The earliest time at which each node can begin in its present space; only nodes with lower numbers delay it.
    private func starts(_ labels: [SegmentLabel]) -> [Double] {
        var starts = [Double](repeating: 0, count: labels.count)
        for node in labels.indices {
            for source in waits[node] where source < node {
                starts[node] = max(starts[node], starts[source] + problem.nodes[source].prices[labels[source].space])
            }
        }
        return starts
    }

    /// The branch that begins with a node; nil if it cannot run in the space, or takes longer there than `seconds`.
    private func branch(
        from start: Int, on space: Int, within seconds: Double, _ steps: inout Int
    ) -> [Int]? {
        var branch: [Int] = []
        var next = [start]
        /// By node, how many of the nodes that it waits for are not in the branch.
        var missing: [Int: Int] = [:]
        var total = 0.0
        while let node = next.popLast() {
            steps -= 1
            total += problem.nodes[node].prices[space]
            guard total < seconds, problem.nodes[node].allows(space), branch.count < Self.largest else { return nil }
            branch.append(node)
            for reader in readers[node] {
                let left = (missing[reader] ?? waits[reader].count) - 1
                missing[reader] = left
                if left == 0 { next.append(reader) }
            }
        }
        return branch
    }
}
