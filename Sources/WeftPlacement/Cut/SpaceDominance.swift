/// Rules out spaces that a node takes in no cheapest placement, whatever spaces the other nodes take.
///
/// A space is ruled out if the node's cheapest space costs less even after adding the most that transfers and fusions
/// can cost for the change. Fewer spaces for a node give closer limits for its neighbours.
struct SpaceDominance {
    /// A space that was ruled out for a node, and the space that is better.
    private struct Fall {
        let node: Int
        let space: Int
        let better: Int
    }

    private let problem: PackedProblem
    private let incidence: Incidence
    /// What entering or leaving each space may add to the price of a transfer.
    private let perTransfer: [Double]
    /// The spaces left to each node, as bits.
    private(set) var left: [UInt64]
    private var falls: [Fall] = []

    /// With a `perTransfer`, a space is ruled out only if it would be both with and without it.
    init(_ problem: PackedProblem, _ incidence: Incidence, charging perTransfer: [Double] = []) {
        self.problem = problem
        self.incidence = incidence
        self.perTransfer = perTransfer.isEmpty ? Array(repeating: 0, count: problem.spaces) : perTransfer
        left = Array(repeating: 0, count: problem.nodeCount)
        for node in 0..<problem.nodeCount {
            for space in 0..<problem.spaces where problem.allows(node, space) { left[node] |= 1 << UInt64(space) }
        }
        run()
    }

    /// The same labels, with spaces that were ruled out replaced by the better ones.
    func settled(_ labels: [Int]) -> [Int] {
        var labels = labels
        for fall in falls where labels[fall.node] == fall.space { labels[fall.node] = fall.better }
        return labels
    }

    private mutating func run() {
        var work = (0..<problem.nodeCount).filter { left[$0] & (left[$0] - 1) != 0 }
        var isQueued = [Bool](repeating: false, count: problem.nodeCount)
        // Each round looks at the neighbours of nodes that the last one changed; after a few rounds few are left.
        for _ in 0..<Self.rounds where !work.isEmpty {
            var next: [Int] = []
            for node in work { isQueued[node] = false }
            for node in work where narrow(node) {
                forEachNeighbour(of: node) { other in
                    if !isQueued[other], left[other] & (left[other] - 1) != 0 {
                        isQueued[other] = true
                        next.append(other)
                    }
                }
            }
            work = next
        }
    }

    private static let rounds = 6

    private func forEachNeighbour(of node: Int, _ body: (Int) -> Void) {
        for slot in incidence.reads.range(node) {
            let value = Int(incidence.reads.items[slot])
            if problem.origins[value] >= 0 { body(Int(problem.origins[value])) }
        }
        for slot in incidence.makes.range(node) {
            for reader in problem.readers.range(Int(incidence.makes.items[slot])) {
                body(Int(problem.readers.items[reader]))
            }
        }
    }

    /// Rules out the spaces of a node that its cheapest one beats; returns whether there was one.
    private mutating func narrow(_ node: Int) -> Bool {
        let row = node * problem.spaces
        var best = -1
        forEachBit(left[node]) { space in
            if best < 0 || problem.prices[row + space] < problem.prices[row + best] { best = space }
        }
        var fell: UInt64 = 0
        forEachBit(left[node] & ~(1 << UInt64(best))) { space in
            let gain = problem.prices[row + space] - problem.prices[row + best]
            // The margin is greater than the rounding errors of prices and of their sums.
            let margin = 1e-12 * (1e-3 + problem.prices[row + space])
            if gain > 0, gain > worst(node, from: space, to: best) + margin { fell |= 1 << UInt64(space) }
        }
        guard fell != 0 else { return false }
        left[node] &= ~fell
        forEachBit(fell) { falls.append(Fall(node: node, space: $0, better: best)) }
        return true
    }

    /// The most that moving a node can cost in transfers and lost savings, whatever spaces the other nodes take.
    private func worst(_ node: Int, from old: Int, to new: Int) -> Double {
        let spaces = problem.spaces
        var worst = 0.0
        for slot in incidence.fusions.range(node) {
            let fusion = Int(incidence.fusions.items[slot])
            if problem.fusionSpaces[fusion] == old { worst += problem.savings[fusion] }
        }
        for slot in incidence.makes.range(node) {
            let value = Int(incidence.makes.items[slot])
            let table = value * spaces * spaces
            let (possible, certain) = wanted(value, by: -1)
            forEachBit(possible | certain) { space in
                var change =
                    problem.transfers[table + new * spaces + space] - problem.transfers[table + old * spaces + space]
                change += max(charge(new, space) - charge(old, space), 0)
                if change > 0 || certain >> UInt64(space) & 1 == 1 { worst += change }
            }
        }
        var last: Int32 = -1
        for slot in incidence.reads.range(node) where incidence.reads.items[slot] != last {
            last = incidence.reads.items[slot]
            let value = Int(last)
            let table = value * spaces * spaces
            let (possible, certain) = wanted(value, by: node)
            let origin = problem.origins[value]
            let sources = origin < 0 ? 1 << UInt64(~origin) : left[Int(origin)]
            var most = -Double.infinity
            forEachBit(sources) { source in
                let arriving = certain >> UInt64(new) & 1 == 1 ? 0 : problem.transfers[table + source * spaces + new]
                let isOnly = (possible | certain) >> UInt64(old) & 1 == 0
                let saved = isOnly ? problem.transfers[table + source * spaces + old] : 0
                let isPaid = certain >> UInt64(new) & 1 == 0
                let charged = (isPaid ? charge(source, new) : 0) - (isOnly ? charge(source, old) : 0)
                most = max(most, arriving - saved + max(charged, 0))
            }
            worst += most
        }
        return worst.isNaN ? .infinity : worst
    }

    private func charge(_ from: Int, _ to: Int) -> Double { from == to ? 0 : perTransfer[from] + perTransfer[to] }

    /// The spaces in which readers other than `node` possibly need a value, and those in which they certainly do.
    private func wanted(_ value: Int, by node: Int) -> (possible: UInt64, certain: UInt64) {
        var possible: UInt64 = 0, certain: UInt64 = 0
        if problem.destinations[value] >= 0 { certain |= 1 << UInt64(problem.destinations[value]) }
        for slot in problem.readers.range(value) where Int(problem.readers.items[slot]) != node {
            let mask = left[Int(problem.readers.items[slot])]
            possible |= mask
            if mask & (mask - 1) == 0 { certain |= mask }
        }
        return (possible, certain)
    }
}

/// Calls `body` with the place of each bit that is set, the least first.
func forEachBit(_ bits: UInt64, _ body: (Int) -> Void) {
    var bits = bits
    while bits != 0 {
        body(bits.trailingZeroBitCount)
        bits &= bits - 1
    }
}
