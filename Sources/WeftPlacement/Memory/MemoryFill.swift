/// Moves nodes back to spaces where they are cheaper, as long as the memory there suffices.
///
/// A move takes a run of nodes, consecutive among those that may go. Moves with the greatest saving for a byte are
/// tried first. When no single move fits any more, one run may take the place of another.
struct MemoryFill {
    private let problem: PlacementProblem
    private let memory: PlacementMemory
    private let simulation: PlanSimulation
    private var scratch: PlanSimulation.Scratch
    private let packed: PackedProblem
    private var labels: [Int]
    private var cost: Double
    /// How many more placements may be tried.
    private var trials: Int
    /// By node, the weights that it reads, and the bytes of all values that it reads and makes.
    private let weightsOf: [[Int]]
    private let valueBytes: [Int]

    private static let longest = 64
    /// Nodes and values to look at in all trials together: the larger the problem, the fewer trials.
    private static let effort = 4_000_000

    init(_ problem: PlacementProblem, _ memory: PlacementMemory, _ labels: [Int]) {
        self.problem = problem
        self.memory = memory
        packed = PackedProblem(unchecked: problem)
        simulation = PlanSimulation(
            packed, launch: [Double](repeating: 0, count: problem.spaces),
            overlaps: [Bool](repeating: false, count: problem.spaces))
        scratch = PlanSimulation.Scratch(simulation)
        self.labels = labels
        cost = packed.cost(of: labels)
        trials = Self.effort / max(1, problem.nodes.count + problem.values.count)
        var weightsOf = [[Int]](repeating: [], count: problem.nodes.count)
        for (index, weight) in memory.weights.enumerated() {
            for node in weight.readers { weightsOf[node].append(index) }
        }
        var valueBytes = [Int](repeating: 0, count: problem.nodes.count)
        for value in problem.values {
            for node in value.consumers { valueBytes[node] += value.bytes }
            if case .node(let node) = value.origin { valueBytes[node] += value.bytes }
        }
        self.weightsOf = weightsOf
        self.valueBytes = valueBytes
    }

    private struct Move {
        let nodes: [Int]
        let space: Int
        /// The change of the placement's cost in seconds; negative if it gets cheaper.
        let change: Double
        /// Bytes that the move adds to the target space; if that has no limit, bytes that it frees where it leaves.
        let bytes: Int
    }

    /// A space for each node: fits, and costs no more than the labels that were given.
    mutating func improved() -> [Int] {
        while trials > 0 {
            let moves = moves()
            let gains = moves.filter { $0.change < -1e-12 * abs(cost) }.sorted {
                ($0.change / Double($0.bytes + 1), $0.nodes[0]) < ($1.change / Double($1.bytes + 1), $1.nodes[0])
            }
            if gains.prefix(64).contains(where: { take([$0]) }) { continue }
            if exchange(gains, moves) { continue }
            break
        }
        return labels
    }

    /// A space for each node that fits, whatever it costs, starting from labels that do not fit; nil if none was found.
    mutating func repaired() -> [Int]? {
        func excess(_ spaces: [Int]) -> Int { memory.excess(memory.needs(of: spaces, in: problem)) }
        var spaces = labels
        var missing = excess(spaces)
        while missing > 0, trials > 0 {
            var best = (spaces: spaces, missing: missing)
            for move in moves() where trials > 0 {
                trials -= 1
                var changed = spaces
                for node in move.nodes { changed[node] = move.space }
                let left = excess(changed)
                if left < best.missing { best = (changed, left) }
            }
            guard best.missing < missing else { return nil }
            (spaces, missing) = best
            labels = spaces
        }
        cost = packed.cost(of: spaces)
        return missing == 0 && cost < .infinity ? spaces : nil
    }

    /// Moves one run out of a space and another in, if both moves together save time.
    private mutating func exchange(_ gains: [Move], _ moves: [Move]) -> Bool {
        let leaving = moves.filter { memory.capacities[labels[$0.nodes[0]]] != nil && $0.bytes > 0 }
            .sorted { ($0.change / Double($0.bytes), $0.nodes[0]) < ($1.change / Double($1.bytes), $1.nodes[0]) }
            .prefix(24)
        for gain in gains.sorted(by: { ($0.change, $0.nodes[0]) < ($1.change, $1.nodes[0]) }).prefix(24) {
            for other in leaving where other.change + gain.change < 0 {
                if other.nodes.contains(where: gain.nodes.contains) { continue }
                if take([other, gain]) { return true }
            }
        }
        return false
    }

    /// Makes the moves if the resulting placement is cheaper and fits.
    private mutating func take(_ moves: [Move]) -> Bool {
        guard trials > 0 else { return false }
        trials -= 1
        var spaces = labels
        for move in moves { for node in move.nodes { spaces[node] = move.space } }
        let changed = packed.cost(of: spaces)
        guard changed < cost - 1e-12 * abs(cost), memory.allows(memory.needs(of: spaces, in: problem)) else {
            return false
        }
        labels = spaces
        cost = changed
        return true
    }

    /// For each space, runs of 1, 2, 4, … nodes that are elsewhere and may go there; nodes that are there are skipped.
    private mutating func moves() -> [Move] {
        var found: [Move] = []
        for space in 0..<problem.spaces {
            let able = labels.indices.filter { labels[$0] != space && problem.nodes[$0].allows(space) }
            var length = 1
            while length <= min(Self.longest, able.count) {
                for start in 0...able.count - length { add(Array(able[start..<start + length]), to: space, &found) }
                length *= 2
            }
            for fusion in problem.fusions where fusion.space == space {
                let members = fusion.members.filter { labels[$0] != space }
                if members.count > 1 { add(members, to: space, &found) }
            }
        }
        return found
    }

    private mutating func add(_ nodes: [Int], to space: Int, _ found: inout [Move]) {
        let change = simulation.change(of: nodes.map { Int32($0) }[...], to: space, &labels, &scratch)
        guard change < .infinity else { return }
        // Bytes count only in spaces with a limit: in the target space, else in the space that the nodes leave.
        let counted = memory.capacities[space] != nil ? space : labels[nodes[0]]
        var bytes = 0
        if memory.capacities[counted] != nil {
            var seen: Set<Int> = []
            for node in nodes {
                bytes += valueBytes[node]
                for weight in weightsOf[node] where seen.insert(weight).inserted {
                    bytes += memory.weights[weight].bytes[counted]
                }
            }
        }
        found.append(Move(nodes: nodes, space: space, change: change, bytes: bytes))
    }
}
