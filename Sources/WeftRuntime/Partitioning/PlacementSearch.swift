/// Expansions and swaps over more than two spaces, each an exact cut or nearly so, until none helps.
///
/// Works on what is at stake: nodes that a dominance leaves more than one space, and the values and fusions that touch
/// them.
struct PlacementSearch {
    private let problem: PackedProblem
    private let incidence: Incidence
    private let dominance: SpaceDominance
    private var move: LabelMove
    private let free: [Int]
    private let values: [Int]
    private let fusions: [Int]

    init(_ problem: PackedProblem) {
        self.problem = problem
        let incidence = Incidence(problem)
        let dominance = SpaceDominance(problem, incidence)
        self.incidence = incidence
        self.dominance = dominance
        move = LabelMove(problem)
        let left = dominance.left
        func isFree(_ node: Int32) -> Bool { left[Int(node)] & (left[Int(node)] - 1) != 0 }
        free = (0..<problem.nodeCount).filter { isFree(Int32(truncatingIfNeeded: $0)) }
        values = (0..<problem.valueCount).filter { value in
            problem.origins[value] >= 0 && isFree(problem.origins[value])
                || problem.readers.items[problem.readers.range(value)].contains(where: isFree)
        }
        fusions = (0..<problem.savings.count).filter { fusion in
            problem.members.items[problem.members.range(fusion)].contains(where: isFree)
        }
    }

    /// What the terms at stake come to.
    private func seconds(_ labels: [Int]) -> Double {
        var total = 0.0
        for node in free { total += problem.prices[node * problem.spaces + labels[node]] }
        for value in values { total += problem.carriage(of: value, labels) }
        for fusion in fusions where problem.isWhole(fusion, labels) { total -= problem.savings[fusion] }
        return total
    }

    /// Starts from the best of the baselines and of the placements that use only two of the spaces where they can.
    mutating func best(from baselines: [Placement]) -> Placement {
        var start = baselines[0]
        for baseline in baselines where baseline.seconds < start.seconds { start = baseline }
        var labels = dominance.settled(start.spaces)
        var best = seconds(labels)
        func isBetter(_ seconds: Double) -> Bool {
            // A margin, so that rounding cannot make two placements follow each other for ever.
            seconds < best - (best < .infinity ? 1e-12 * abs(best) : 0)
        }
        var cheapest = labels
        for node in free { cheapest[node] = problem.cheapestSpace(of: node) }
        for (first, second) in pairs {
            let candidate = swapped(cheapest, first, second, everyone: true)
            let seconds = seconds(candidate)
            if isBetter(seconds) { (labels, best) = (candidate, seconds) }
        }
        var hasImproved = true
        while hasImproved {
            hasImproved = false
            func consider(_ candidate: [Int]) {
                guard candidate != labels else { return }
                let seconds = seconds(candidate)
                guard isBetter(seconds) else { return }
                (labels, best) = (candidate, seconds)
                hasImproved = true
            }
            for space in 0..<problem.spaces { consider(expanded(labels, space)) }
            for (first, second) in pairs { consider(swapped(labels, first, second, everyone: false)) }
        }
        return problem.rated(labels)
    }

    private var pairs: [(Int, Int)] {
        (0..<problem.spaces).flatMap { first in (first + 1..<problem.spaces).map { (first, $0) } }
    }

    private func allows(_ node: Int, _ space: Int) -> Bool { dominance.left[node] >> UInt64(space) & 1 == 1 }

    /// Lets every free node move to `space` or stay.
    private mutating func expanded(_ labels: [Int], _ space: Int) -> [Int] {
        var high = labels
        for node in free where allows(node, space) { high[node] = space }
        return move.best(low: labels, high: high, values: values, fusions: fusions)
    }

    /// Places anew, in one of two spaces, the nodes that are in one of them, or all that may be there.
    private mutating func swapped(_ labels: [Int], _ first: Int, _ second: Int, everyone: Bool) -> [Int] {
        var low = labels, high = labels
        for node in free where everyone || labels[node] == first || labels[node] == second {
            switch (allows(node, first), allows(node, second)) {
            case (true, true): (low[node], high[node]) = (first, second)
            case (true, false): (low[node], high[node]) = (first, first)
            case (false, true): (low[node], high[node]) = (second, second)
            case (false, false): break
            }
        }
        return move.best(low: low, high: high, values: values, fusions: fusions)
    }
}
