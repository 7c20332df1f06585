extension PlacementProblem {
    /// The cheapest placement that was found to fit; nil where none was.
    ///
    /// Where the cheapest of all fits it is that one, and optimal. Else bytes get a price, found by bisection, that
    /// drives nodes away until the rest fits; then nodes come back where there is room. Never dearer than a host-only
    /// placement, and the same every time, but no longer sure to be the best.
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
        // A placement with more room left may take in more than one that was cheaper before.
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

/// Looks for the least price of a byte at which what the cut places fits.
private struct BytePriceSearch {
    private let problem: PlacementProblem
    private let memory: PlacementMemory
    private let counting: PlacementMemory.Counting
    /// Placements that fit, those of the lowest prices last.
    private(set) var fitting: [[Int]] = []
    /// The placement that lacks the fewest bytes.
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
        // Seconds for a byte at which what is too much would cost about as much as the whole plan does.
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
        // One price for all may be more than each space asks for.
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
