import WeftPlacement
import WeftProvider

/// Searches for the capacities at which a placement that fits by estimate also fits by its memory layout.
///
/// Keeps the cheapest draft that fits of all that it tries.
struct CapacitySearch {
    private let problem: PlacementProblem
    private let prospects: Prospects
    private let drafter: Drafter
    private let measure: DraftMeasure
    private let mode: PlacementRules.Mode
    private var memory: PlacementMemory
    /// The cheapest draft that fits, with its cost: predicted seconds by cost, the problem's cost by preference.
    private(set) var best: (draft: Draft, cost: Double)?
    /// The need with the fewest bytes in excess of the limits, of all drafts that `run` tried.
    private(set) var least: DraftNeed?

    private static let rounds = 8

    init(
        _ problem: PlacementProblem, _ memory: PlacementMemory, _ drafter: Drafter, _ measure: DraftMeasure,
        _ prospects: Prospects, mode: PlacementRules.Mode
    ) {
        self.problem = problem
        self.memory = memory
        self.drafter = drafter
        self.measure = measure
        self.prospects = prospects
        self.mode = mode
    }

    private var isByCost: Bool { mode == .cost }

    /// Keeps a draft if it fits and is the cheapest so far.
    mutating func consider(_ draft: Draft, cost: Double) {
        guard best.map({ cost < $0.cost }) ?? true else { return }
        if let need = measure.need(of: draft), need.fits { best = (draft, cost) }
    }

    /// Places repeatedly, at most `rounds` times: with less capacity if the layout is too large, with more if it leaves
    /// room.
    mutating func run() throws(WeftError) {
        let limits = memory.capacities
        var low = [Int](repeating: 0, count: limits.count)
        var high = limits
        var tried: [[Int]] = []
        for _ in 0..<Self.rounds {
            guard let labels = try labels() else { return }
            if tried.contains(labels) && best != nil { return }
            tried.append(labels)
            let draft = try draft(labels)
            let need = measure.need(of: draft)
            if let need, lacking(need) < least.map(lacking) ?? Int.max { least = need }
            var hasChanged = false
            let isFitting = need?.fits ?? false
            if isFitting { consider(draft, cost: isByCost ? draft.seconds : problem.cost(of: labels)) }
            for space in memory.capacities.indices {
                guard let limit = limits[space], let capacity = memory.capacities[space] else { continue }
                let used = need.map { bytes($0, in: space) } ?? limit + limit / 4
                var next = capacity
                if used > limit {
                    high[space] = capacity
                    next = max(low[space], capacity - max(used - limit, limit / 128))
                } else if isFitting {
                    low[space] = capacity
                    let most = high[space] ?? limit
                    // The estimate may be too high: add the free bytes, but stay below the capacity that was too much.
                    next = most > capacity ? min(capacity + (limit - used), (capacity + most) / 2) : capacity
                    if capacity == most, capacity >= limit { next = capacity + (limit - used) }
                }
                if abs(next - capacity) > limit / 256 || used > limit && next != capacity {
                    memory.capacities[space] = next
                    hasChanged = true
                }
            }
            if !hasChanged { return }
        }
    }

    private func lacking(_ need: DraftNeed) -> Int {
        need.excess.values.reduce(0) { $0.addingReportingOverflow($1).overflow ? Int.max : $0 + $1 }
    }

    private func bytes(_ need: DraftNeed, in space: Int) -> Int {
        measure.devices.indices.reduce(0) { most, device in
            drafter.spaces.ofDevice[device] == space ? max(most, need.bytes(on: device)) : most
        }
    }

    private func draft(_ labels: [Int]) throws(WeftError) -> Draft {
        if isByCost { return try drafter.draft(labels, prospects) }
        let settled = drafter.settled(prospects.choices, labels).map { Array($0.prefix(1)) }
        let preferred = FusionChoice(
            drafter.offers.groups, choices: settled, pins: prospects.admission.pins, mode: .preference,
            spaces: drafter.spaces)
        return try drafter.draft(settled, fusions: preferred)
    }

    /// The cheapest placement that fits by estimate, as a space for each node; nil if there is none.
    ///
    /// By preference that is the cut's result. By cost, the search for segments improves the cut's results.
    private func labels() throws(WeftError) -> [Int]? {
        do {
            guard let plain = try problem.solve(within: memory) else { return nil }
            guard isByCost else { return plain.spaces }
            let launch = drafter.spaces.launch
            let simulation = PlanSimulation(problem, launch: launch, overlaps: drafter.spaces.overlaps)
            let graph = try SegmentGraph(try PackedProblem(problem))
            let dearer = problem.charging(launch.map { $0 / 2 })
            let starts = [plain, try dearer.solve(within: memory)].compactMap(\.self)
            var best: SegmentedPlan?
            for start in starts {
                let labels = start.spaces.map { SegmentLabel(space: $0, provider: 0) }
                // Nodes may leave a space with a limit, but not enter one: it may be full.
                var leaving = problem
                for node in leaving.nodes.indices {
                    for space in memory.limited where space != start.spaces[node] {
                        leaving.nodes[node].prices[space] = .infinity
                    }
                }
                let search = SegmentSearch(
                    graph, PlanSimulation(leaving, launch: launch, overlaps: drafter.spaces.overlaps))
                for plan in [search.improve(labels), SegmentSearch(graph, simulation).plan(labels)] {
                    guard plan.seconds < best?.seconds ?? .infinity,
                        memory.allows(memory.needs(of: plan.labels.map(\.space), in: problem))
                    else { continue }
                    best = plan
                }
            }
            return best?.labels.map(\.space) ?? plain.spaces
        } catch {
            throw WeftError(.internalInconsistency, "no placement was found: \(error)")
        }
    }
}
