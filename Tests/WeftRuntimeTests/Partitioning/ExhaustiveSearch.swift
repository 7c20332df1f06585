import WeftRuntime

@testable import WeftPlacement

/// The least cost of a problem over all labellings, found by trying them node by node.
///
/// Gives up a branch only where even the cheapest rest cannot bring it below what is known. Shares no line with the
/// problem's own evaluator: costs are added up as labels are given.
struct ExhaustiveSearch {
    private struct Value {
        let producer: Int
        let origin: Int
        let destination: Int
        let prices: [[Double]]
    }

    private let count: Int
    private let spaces: Int
    private let prices: [[Double]]
    private let values: [Value]
    /// By node: what it reads, each once, and what it makes.
    private let reads: [[Int]]
    private let makes: [[Int]]
    /// By the last of its members.
    private let fusions: [[PlacementProblem.Fusion]]
    /// By node: the cheapest that it and those after it can cost, transfers left out, all savings taken.
    private let rest: [Double]
    private var labels: [Int]
    private var present: [Int]
    private(set) var least = Double.infinity
    private(set) var visits = 0

    /// Values have to come from nodes of smaller indices than their readers'.
    init(_ problem: PlacementProblem) {
        let count = problem.nodes.count
        self.count = count
        spaces = problem.spaces
        let prices = problem.nodes.map { node in
            (0..<problem.spaces).map { node.pin == nil || node.pin == $0 ? node.prices[$0] : .infinity }
        }
        self.prices = prices
        var reads = Array(repeating: [Int](), count: count)
        var makes = reads
        values = problem.values.enumerated().map { index, value in
            for reader in Set(value.consumers) { reads[reader].append(index) }
            let prices = (0..<problem.spaces).map { from in (0..<problem.spaces).map { value.transfer[from, $0] } }
            switch value.origin {
            case .node(let node):
                makes[node].append(index)
                return Value(producer: node, origin: -1, destination: value.destination ?? -1, prices: prices)
            case .space(let space):
                return Value(producer: -1, origin: space, destination: value.destination ?? -1, prices: prices)
            }
        }
        self.reads = reads
        self.makes = makes
        var fusions = Array(repeating: [PlacementProblem.Fusion](), count: count)
        for fusion in problem.fusions { if let last = fusion.members.max() { fusions[last].append(fusion) } }
        self.fusions = fusions
        var rest = Array(repeating: 0.0, count: count + 1)
        for node in (0..<count).reversed() {
            let savings = fusions[node].reduce(0) { $0 + $1.saving }
            rest[node] = rest[node + 1] + (prices[node].min() ?? 0) - savings
        }
        self.rest = rest
        labels = Array(repeating: -1, count: count)
        present = values.map { $0.origin >= 0 ? 1 << $0.origin : 0 }
    }

    /// Tries everything that could cost less than `known`; `least` stays infinite if nothing does.
    mutating func run(below known: Double = .infinity) {
        least = known
        var cost = 0.0
        for (index, value) in values.enumerated() where value.origin >= 0 && value.destination >= 0 {
            if value.destination != value.origin { cost += value.prices[value.origin][value.destination] }
            present[index] |= 1 << value.destination
        }
        if count == 0 { least = min(least, cost) } else { place(0, cost) }
    }

    private mutating func place(_ node: Int, _ before: Double) {
        for space in 0..<spaces where prices[node][space] < .infinity {
            visits += 1
            var cost = before + prices[node][space]
            let saved = reads[node].map { present[$0] }
            for value in reads[node] where present[value] >> space & 1 == 0 {
                let producer = values[value].producer
                cost += values[value].prices[producer < 0 ? values[value].origin : labels[producer]][space]
                present[value] |= 1 << space
            }
            for value in makes[node] {
                present[value] = 1 << space
                let wanted = values[value].destination
                if wanted >= 0, wanted != space {
                    cost += values[value].prices[space][wanted]
                    present[value] |= 1 << wanted
                }
            }
            labels[node] = space
            for fusion in fusions[node] where fusion.members.allSatisfy({ labels[$0] == fusion.space }) {
                cost -= fusion.saving
            }
            if node + 1 == count {
                least = min(least, cost)
            } else if cost + rest[node + 1] < least {
                place(node + 1, cost)
            }
            for (value, bits) in zip(reads[node], saved) { present[value] = bits }
        }
        labels[node] = -1
    }
}
