extension PlacementProblem {
    /// The cheapest placement found that fits; nil if none was found.
    ///
    /// If the cheapest placement of all fits, this is it. Else bytes are given a price, found by bisection, that drives
    /// nodes away until the rest fits; then nodes are moved back where there is room. The result never costs more than
    /// a host-only placement and is the same every time, but may not be the best.
    package func solve(within memory: PlacementMemory) throws(PartitioningError) -> Placement? {
        let free = try solve()
        if memory.allows(memory.needs(of: free.spaces, in: self)) { return free }
        var found: [[Int]] = []
        if let host = try hostOnlyPlacement() { found.append(host.spaces) }
        var tightest = free.spaces
        for counting in PlacementMemory.Counting.allCases {
            var search = BytePriceSearch(self, memory, counting, free.spaces)
            try search.run()
            found += search.fitting
            if excess(search.tightest, memory) < excess(tightest, memory) { tightest = search.tightest }
        }
        if found.isEmpty {
            var fill = MemoryFill(self, memory, tightest)
            found += fill.repaired().map { [$0] } ?? []
        }
        var rated: [Placement] = []
        for labels in found where !rated.contains(where: { $0.spaces == labels }) {
            guard memory.allows(memory.needs(of: labels, in: self)) else { continue }
            rated.append(Placement(spaces: labels, seconds: cost(of: labels)))
        }
        rated.sort { $0.seconds < $1.seconds }
        var best: Placement?
        // A placement that starts with more free memory can end cheaper than one that was cheaper at first.
        for start in rated.prefix(4) where start.seconds < .infinity {
            var fill = MemoryFill(self, memory, start.spaces)
            let labels = fill.improved()
            let filled = Placement(spaces: labels, seconds: cost(of: labels))
            if best.map({ filled.seconds < $0.seconds }) ?? true { best = filled }
        }
        return best
    }

    private func excess(_ labels: [Int], _ memory: PlacementMemory) -> Int {
        memory.excess(memory.needs(of: labels, in: self))
    }
}

/// Searches for the least price of a byte at which the placement of the cut fits.
private struct BytePriceSearch {
    private let problem: PlacementProblem
    private let memory: PlacementMemory
    private let counting: PlacementMemory.Counting
    /// Placements that fit, those of the lowest prices last.
    private(set) var fitting: [[Int]] = []
    /// The placement that exceeds the capacities by the fewest bytes.
    private(set) var tightest: [Int]
    private var excess: Int
    private let free: [Int]

    private static let doublings = 40
    private static let halvings = 10

    /// `free` is the placement that does not fit.
    init(
        _ problem: PlacementProblem, _ memory: PlacementMemory, _ counting: PlacementMemory.Counting, _ free: [Int]
    ) {
        self.problem = problem
        self.free = free
        tightest = free
        excess = memory.excess(memory.needs(of: free, in: problem))
        self.memory = memory
        self.counting = counting
    }

    mutating func run() throws(PartitioningError) {
        let needs = memory.needs(of: free, in: problem)
        let cost = problem.cost(of: free)
        guard cost < .infinity else { return }
        // Starts at a price at which all bytes needed in a space cost a 64th of what the whole placement costs.
        var prices = [Double](repeating: 0, count: problem.spaces)
        for space in memory.limited where needs[space] > 0 {
            prices[space] = max(abs(cost), 1e-9) / Double(needs[space]) / 64
        }
        var low = 0.0, high = 1.0
        var hasFit = false
        for _ in 0..<Self.doublings {
            if try fits(prices.map { $0 * high }) {
                hasFit = true
                break
            }
            (low, high) = (high, high * 2)
        }
        guard hasFit else { return }
        for _ in 0..<Self.halvings {
            let middle = (low + high) / 2
            if try fits(prices.map { $0 * middle }) { high = middle } else { low = middle }
        }
        // The common factor may be higher than a single space needs: lower the price of each space by itself.
        var refined = prices.map { $0 * high }
        guard memory.limited.count > 1 else { return }
        for space in memory.limited where refined[space] > 0 {
            var (least, most) = (0.0, refined[space])
            for _ in 0..<Self.halvings / 2 {
                refined[space] = (least + most) / 2
                if try fits(refined) { most = refined[space] } else { least = refined[space] }
            }
            refined[space] = most
        }
    }

    private mutating func fits(_ prices: [Double]) throws(PartitioningError) -> Bool {
        let labels = try memory.pricing(problem, prices, counting).solve().spaces
        let missing = memory.excess(memory.needs(of: labels, in: problem))
        if missing < excess { (tightest, excess) = (labels, missing) }
        guard missing == 0 else { return false }
        if fitting.last != labels { fitting.append(labels) }
        return true
    }
}
