/// Expansions and swaps over more than two spaces, each an exact cut or nearly so, until none helps.
///
/// Works on what is at stake: nodes that a dominance leaves more than one space, and the values and fusions that touch
/// them. A move that was made before frees only nodes near those that have changed since, where there are many.
struct PlacementSearch {
    private enum Kind {
        case expand(Int)
        case swap(Int, Int)
    }

    private let problem: PackedProblem
    private let incidence: Incidence
    private let dominance: SpaceDominance
    private var move: LabelMove
    /// Nodes that have a choice.
    private let free: [Int32]
    private var labels: [Int] = []
    private var seconds = Double.infinity
    /// Nodes that changed, in order.
    private var history: [Int32] = []
    private var nodeMarks: Marks
    private var valueMarks: Marks
    private var fusionMarks: Marks

    /// Of fewer nodes that have a choice, every move frees all.
    private static let fewNodes = 256
    /// How far from a changed node others are freed.
    private static let reach = 2

    init(_ problem: PackedProblem) {
        self.problem = problem
        incidence = Incidence(problem)
        dominance = SpaceDominance(problem, incidence)
        move = LabelMove(problem)
        let left = dominance.left
        free = (0..<Int32(truncatingIfNeeded: problem.nodeCount)).filter { left[Int($0)] & (left[Int($0)] - 1) != 0 }
        nodeMarks = Marks(count: problem.nodeCount)
        valueMarks = Marks(count: problem.valueCount)
        fusionMarks = Marks(count: problem.savings.count)
    }

    /// Starts from the best of the baselines and, for few nodes, of the placements that use only two of the spaces where
    /// they can.
    mutating func best(from baselines: [Placement]) -> Placement {
        var start = baselines[0]
        for baseline in baselines where baseline.seconds < start.seconds { start = baseline }
        labels = dominance.settled(start.spaces)
        seconds = problem.cost(of: labels)
        let isSmall = free.count <= Self.fewNodes
        if isSmall { tryPairs() }
        let kinds = (0..<problem.spaces).map { Kind.expand($0) } + pairs.map { Kind.swap($0, $1) }
        /// What had changed when each kind of move was last made.
        var seen = [Int](repeating: -1, count: kinds.count)
        var idle = 0
        var next = 0
        while idle < kinds.count {
            let changed = history.count
            if seen[next] < changed {
                let nodes = isSmall || seen[next] < 0 ? free : near(history[seen[next]...])
                idle = attempt(kinds[next], nodes) ? 0 : idle + 1
                seen[next] = changed
            } else {
                idle += 1
            }
            next = next + 1 == kinds.count ? 0 : next + 1
        }
        return problem.rated(labels)
    }

    private var pairs: [(Int, Int)] {
        (0..<problem.spaces).flatMap { first in (first + 1..<problem.spaces).map { (first, $0) } }
    }

    /// Takes the best of the placements that use only two of the spaces where they can, if it is better.
    private mutating func tryPairs() {
        for (first, second) in pairs {
            var candidate = labels
            for node in free {
                candidate[Int(node)] =
                    allows(node, first) ? first : allows(node, second) ? second : problem.cheapestSpace(of: Int(node))
            }
            move.begin(candidate)
            for node in free where allows(node, first) && allows(node, second) { move.offer(Int(node), first, second) }
            let (values, fusions) = atStake(move.offered)
            move.run(values: values, fusions: fusions)
            for node in move.offered { candidate[Int(node)] = move.choice(Int(node)) }
            let cost = problem.cost(of: candidate)
            if isBetter(cost, than: seconds) { (labels, seconds) = (candidate, cost) }
        }
    }

    /// Whether it is less by more than rounding, so that no two placements can follow each other for ever.
    private func isBetter(_ seconds: Double, than known: Double) -> Bool {
        seconds < known - (known < .infinity ? 1e-12 * abs(known) : 0)
    }

    private func allows(_ node: Int32, _ space: Int) -> Bool { dominance.left[Int(node)] >> UInt64(space) & 1 == 1 }

    /// Makes a move of some nodes; keeps it if it helps.
    private mutating func attempt(_ kind: Kind, _ nodes: [Int32]) -> Bool {
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
        let (values, fusions) = atStake(move.offered)
        move.run(values: values, fusions: fusions)
        let changed = move.offered.filter { move.choice(Int($0)) != labels[Int($0)] }
        guard !changed.isEmpty else { return false }
        let (touched, whole) = atStake(changed)
        let before = price(changed, touched, whole)
        let old = changed.map { labels[Int($0)] }
        for node in changed { labels[Int(node)] = move.choice(Int(node)) }
        let after = price(changed, touched, whole)
        guard isBetter(seconds - before + after, than: seconds) || (seconds == .infinity && after < before) else {
            for (node, label) in zip(changed, old) { labels[Int(node)] = label }
            return false
        }
        seconds = seconds < .infinity ? seconds - before + after : problem.cost(of: labels)
        history.append(contentsOf: changed)
        return true
    }

    /// What some nodes, values and fusions come to.
    private func price(_ nodes: [Int32], _ values: [Int32], _ fusions: [Int32]) -> Double {
        var total = 0.0
        for node in nodes { total += problem.prices[Int(node) * problem.spaces + labels[Int(node)]] }
        for value in values { total += problem.carriage(of: Int(value), labels) }
        for fusion in fusions where problem.isWhole(Int(fusion), labels) { total -= problem.savings[Int(fusion)] }
        return total
    }

    /// The values and fusions that touch some nodes, each once.
    private mutating func atStake(_ nodes: [Int32]) -> (values: [Int32], fusions: [Int32]) {
        valueMarks.begin()
        fusionMarks.begin()
        for node in nodes {
            for slot in incidence.reads.range(Int(node)) { valueMarks.mark(incidence.reads.items[slot]) }
            for slot in incidence.makes.range(Int(node)) { valueMarks.mark(incidence.makes.items[slot]) }
            for slot in incidence.fusions.range(Int(node)) { fusionMarks.mark(incidence.fusions.items[slot]) }
        }
        return (valueMarks.marked, fusionMarks.marked)
    }

    /// The nodes with a choice that are few values and fusions away from some others, those included.
    private mutating func near(_ nodes: some Sequence<Int32>) -> [Int32] {
        nodeMarks.begin()
        for node in nodes { nodeMarks.mark(node) }
        var done = 0
        for _ in 0..<Self.reach {
            let (values, fusions) = atStake(Array(nodeMarks.marked[done...]))
            done = nodeMarks.marked.count
            for value in values {
                if problem.origins[Int(value)] >= 0 { nodeMarks.mark(problem.origins[Int(value)]) }
                for slot in problem.readers.range(Int(value)) { nodeMarks.mark(problem.readers.items[slot]) }
            }
            for fusion in fusions {
                for slot in problem.members.range(Int(fusion)) { nodeMarks.mark(problem.members.items[slot]) }
            }
        }
        return nodeMarks.marked.filter { dominance.left[Int($0)] & (dominance.left[Int($0)] - 1) != 0 }
    }

    /// A set of numbers in the order they came, cleared by counting up.
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
