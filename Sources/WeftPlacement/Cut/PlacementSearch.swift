/// Places nodes over more than two spaces: makes expansions and swaps, each by one cut, until none lowers the cost.
///
/// Only nodes to which `SpaceDominance` leaves more than one space take part, with the values and fusions that touch
/// them. Where they are many, repeating a move frees only nodes near those that have changed since it was last made;
/// a swap is limited in this way from the first time on.
struct PlacementSearch {
    private enum Kind {
        case expand(Int)
        case swap(Int, Int)
    }

    private var problem: PackedProblem
    private let incidence: Incidence
    private let dominance: SpaceDominance
    private var move: LabelMove
    /// The nodes that have a choice, and the values and fusions that touch them.
    private let free: [Int32]
    private let atStake: Terms
    private var labels: [Int] = []
    private var seconds = Double.infinity
    /// The nodes that changed their space, in the order of the changes.
    private var history: [Int32] = []
    private var nodeMarks: Marks
    private var valueMarks: Marks
    private var fusionMarks: Marks

    /// Values and fusions.
    private struct Terms {
        let values: [Int32]
        let fusions: [Int32]
    }

    /// If no more nodes than this have a choice, every move frees all of them.
    private static let fewNodes = 256
    /// A node is freed if it is at most this many values or fusions away from a changed node.
    private static let reach = 1

    init(_ problem: PackedProblem, _ incidence: Incidence, charging perTransfer: [Double] = []) {
        self.problem = problem
        self.incidence = incidence
        dominance = SpaceDominance(problem, incidence, charging: perTransfer)
        move = LabelMove(problem)
        let left = dominance.left
        free = (0..<Int32(truncatingIfNeeded: problem.nodeCount)).filter { left[Int($0)] & (left[Int($0)] - 1) != 0 }
        nodeMarks = Marks(count: problem.nodeCount)
        var values = Marks(count: problem.valueCount), fusions = Marks(count: problem.savings.count)
        atStake = Self.touching(free, incidence, &values, &fusions)
        (valueMarks, fusionMarks) = (values, fusions)
    }

    /// Searches from the best of the baselines. For few nodes it also tries, for each pair of spaces, to start from a
    /// placement that uses other spaces only where it must.
    mutating func best(from baselines: [Placement]) -> Placement {
        var start = baselines[0]
        for baseline in baselines where baseline.seconds < start.seconds { start = baseline }
        labels = dominance.settled(start.spaces)
        seconds = problem.cost(of: labels)
        let isSmall = free.count <= Self.fewNodes
        if isSmall { tryPairs() }
        let kinds = (0..<problem.spaces).map { Kind.expand($0) } + pairs.map { Kind.swap($0, $1) }
        /// The length of `history` when each kind of move was last made; -1 for a kind that has to free all nodes.
        var seen = kinds.map { kind in if case .swap = kind, !isSmall { 0 } else { -1 } }
        var idle = 0
        var next = 0
        while idle < kinds.count {
            let changed = history.count
            let isFull = isSmall || seen[next] < 0
            if seen[next] == changed {
                idle += 1
            } else if attempt(kinds[next], isFull ? free : near(history[seen[next]...]), isFull ? atStake : nil) {
                idle = 0
            } else {
                idle += 1
            }
            seen[next] = changed
            next = next + 1 == kinds.count ? 0 : next + 1
        }
        return problem.rated(labels)
    }

    /// Continues from the result with higher transfer prices: expands each space once, with many nodes only the host's.
    mutating func labels(under dearer: PackedProblem) -> [Int] {
        problem = dearer
        move.reprice(dearer)
        seconds = problem.cost(of: labels)
        let count = free.count <= Self.fewNodes ? problem.spaces : 1
        for space in 0..<count { _ = attempt(.expand(space), free, atStake) }
        return labels
    }

    private var pairs: [(Int, Int)] {
        (0..<problem.spaces).flatMap { first in (first + 1..<problem.spaces).map { (first, $0) } }
    }

    /// Tries, for each pair of spaces, a placement that uses others only where it must; keeps the best if it is better.
    private mutating func tryPairs() {
        for (first, second) in pairs {
            var candidate = labels
            for node in free {
                candidate[Int(node)] =
                    allows(node, first) ? first : allows(node, second) ? second : problem.cheapestSpace(of: Int(node))
            }
            move.begin(candidate)
            for node in free where allows(node, first) && allows(node, second) { move.offer(Int(node), first, second) }
            move.run(values: atStake.values, fusions: atStake.fusions)
            for node in move.offered { candidate[Int(node)] = move.choice(Int(node)) }
            let cost = problem.cost(of: candidate)
            if isBetter(cost, than: seconds) { (labels, seconds) = (candidate, cost) }
        }
    }

    /// Whether it is less by more than rounding errors, so that the search cannot go back and forth for ever.
    private func isBetter(_ seconds: Double, than known: Double) -> Bool {
        seconds < known - (known < .infinity ? 1e-12 * abs(known) : 0)
    }

    private func allows(_ node: Int32, _ space: Int) -> Bool { dominance.left[Int(node)] >> UInt64(space) & 1 == 1 }

    /// Makes a move of some nodes and keeps it if it lowers the cost. `terms` contain at least what touches the nodes.
    private mutating func attempt(_ kind: Kind, _ nodes: [Int32], _ terms: Terms?) -> Bool {
        move.begin(labels)
        for node in nodes {
            let label = labels[Int(node)]
            switch kind {
            case .expand(let space): if label != space, allows(node, space) { move.offer(Int(node), label, space) }
            case .swap(let first, let second):
                if label == first || label == second, allows(node, first), allows(node, second) {
                    move.offer(Int(node), first, second)
                }
            }
        }
        guard !move.offered.isEmpty else { return false }
        let terms = terms ?? touching(move.offered)
        move.run(values: terms.values, fusions: terms.fusions)
        let changed = move.offered.filter { move.choice(Int($0)) != labels[Int($0)] }
        guard !changed.isEmpty else { return false }
        let touched = touching(changed)
        let before = price(changed, touched)
        let old = changed.map { labels[Int($0)] }
        for node in changed { labels[Int(node)] = move.choice(Int(node)) }
        let after = price(changed, touched)
        guard isBetter(seconds - before + after, than: seconds) || (seconds == .infinity && after < before) else {
            for (node, label) in zip(changed, old) { labels[Int(node)] = label }
            return false
        }
        seconds = seconds < .infinity ? seconds - before + after : problem.cost(of: labels)
        history.append(contentsOf: changed)
        return true
    }

    /// What some nodes, values and fusions add to the cost.
    private func price(_ nodes: [Int32], _ terms: Terms) -> Double {
        var total = 0.0
        for node in nodes { total += problem.prices[Int(node) * problem.spaces + labels[Int(node)]] }
        for value in terms.values { total += problem.transferSeconds(of: Int(value), labels) }
        for fusion in terms.fusions where problem.isWhole(Int(fusion), labels) { total -= problem.savings[Int(fusion)] }
        return total
    }

    private mutating func touching(_ nodes: [Int32]) -> Terms {
        Self.touching(nodes, incidence, &valueMarks, &fusionMarks)
    }

    /// The values and fusions that touch some nodes, each once.
    private static func touching(
        _ nodes: [Int32], _ incidence: Incidence, _ values: inout Marks, _ fusions: inout Marks
    ) -> Terms {
        values.begin()
        fusions.begin()
        for node in nodes {
            for slot in incidence.reads.range(Int(node)) { values.mark(incidence.reads.items[slot]) }
            for slot in incidence.makes.range(Int(node)) { values.mark(incidence.makes.items[slot]) }
            for slot in incidence.fusions.range(Int(node)) { fusions.mark(incidence.fusions.items[slot]) }
        }
        return Terms(values: values.marked, fusions: fusions.marked)
    }

    /// The nodes with a choice that are within `reach` of the given nodes, these included.
    private mutating func near(_ nodes: some Sequence<Int32>) -> [Int32] {
        nodeMarks.begin()
        for node in nodes { nodeMarks.mark(node) }
        var done = 0
        for _ in 0..<Self.reach {
            let terms = touching(Array(nodeMarks.marked[done...]))
            done = nodeMarks.marked.count
            for value in terms.values {
                if problem.origins[Int(value)] >= 0 { nodeMarks.mark(problem.origins[Int(value)]) }
                for slot in problem.readers.range(Int(value)) { nodeMarks.mark(problem.readers.items[slot]) }
            }
            for fusion in terms.fusions {
                for slot in problem.members.range(Int(fusion)) { nodeMarks.mark(problem.members.items[slot]) }
            }
        }
        return nodeMarks.marked.filter { dominance.left[Int($0)] & (dominance.left[Int($0)] - 1) != 0 }
    }

    /// A set of numbers in order of insertion. Starting a new round clears it without touching every element.
    private struct Marks {
        private var rounds: [Int32]
        private var round: Int32 = 0
        private(set) var marked: [Int32] = []

        init(count: Int) { rounds = Array(repeating: 0, count: count) }

        mutating func begin() {
            round &+= 1
            marked.removeAll(keepingCapacity: true)
        }

        mutating func mark(_ item: Int32) {
            guard rounds[Int(item)] != round else { return }
            rounds[Int(item)] = round
            marked.append(item)
        }
    }
}
