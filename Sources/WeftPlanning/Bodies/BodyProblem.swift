import WeftPlacement
import WeftProvider

/// One placement problem of a graph's nodes and of its bodies', whose prices count as often as they run.
///
/// A value that bodies capture is one value, whoever reads it: it is brought to a space once, however many trips read
/// it there. What goes in and out of a trip crosses by way of the host, once a trip.
struct BodyProblem {
    private(set) var problem: PlacementProblem
    /// The nodes of each graph, by the prospects' levels.
    private(set) var levels: [Range<Int>] = []
    private let spaces: MemorySpaces
    private let crossing: [Double]

    /// `crossing` is what entering or leaving a space counts beside the transfer; none where it is empty.
    init(_ placer: Placer, _ prospects: Prospects, crossing: [Double] = []) {
        spaces = placer.spaces
        self.crossing = crossing
        problem = PlacementProblem(spaces: placer.spaces.count)
        add(placer, prospects, trips: 1, given: [:])
    }

    /// The labels of each graph's nodes, by level.
    func split(_ labels: [Int]) -> [[Int]] { levels.map { Array(labels[$0]) } }

    /// Adds a graph that runs `trips` times; `given` are its values that its caller has, by number.
    private mutating func add(_ placer: Placer, _ prospects: Prospects, trips: Double, given: [Int: Int]) {
        // Never nothing: what cannot run anywhere, or cross, stays infinite.
        let trips = max(trips, 1e-9)
        let first = problem.nodes.count
        problem.nodes += prospects.fusions.prices.map { prices in .init(prices: prices.map { $0 * trips }) }
        levels.append(first..<problem.nodes.count)
        problem.fusions += prospects.fusions.disjoint(spaces: spaces.count).map { candidate in
            .init(
                members: candidate.group.members.map { first + $0 }, space: candidate.space,
                saving: max(0, candidate.saving) * trips)
        }
        let captured = Set(placer.bodies.flatMap { $0.captured.map(\.outer) })
        var numbers = given
        for (value, facts) in placer.graph.values.enumerated() {
            let consumers = placer.view.consumers(of: value).map { first + $0 }
            if let number = given[value] {
                problem.values[number].consumers += consumers
                continue
            }
            let producer = placer.view.producer(of: value)
            guard facts.contents == nil, producer != nil || !consumers.isEmpty || captured.contains(value),
                let bytes = facts.type?.byteCount
            else { continue }
            numbers[value] = problem.values.count
            problem.values.append(
                .init(
                    origin: producer.map { .node(first + $0) } ?? .space(0), consumers: consumers,
                    destination: placer.view.isOutput(value) ? 0 : nil, transfer: prices(bytes, trips)))
        }
        for (body, prospects) in zip(placer.bodies, prospects.bodies) {
            var lent: [Int: Int] = [:]
            for (inner, outer) in body.captured { lent[inner] = numbers[outer] }
            add(body.placer, prospects, trips: trips * body.trips.count, given: lent)
        }
    }

    private func prices(_ bytes: Int, _ trips: Double) -> TransferPrices {
        var prices = spaces.links.prices(bytes: bytes, times: trips)
        for from in crossing.indices {
            for to in crossing.indices where to != from { prices[from, to] += (crossing[from] + crossing[to]) * trips }
        }
        return prices
    }
}

extension Placer {
    /// What a joint cut makes of a graph and its bodies: as it is, and with launches in sight.
    func jointDrafts(_ prospects: Prospects) throws(WeftError) -> [Draft] {
        var seen: Set<[[Int]]> = []
        var drafts: [Draft] = []
        for crossing in [[], spaces.launch.map { $0 / 2 }] {
            let joint = BodyProblem(self, prospects, crossing: crossing)
            let cut: [[Int]]
            do { cut = joint.split(try joint.problem.solve().spaces) } catch {
                throw WeftError(.internalInconsistency, "no placement was found: \(error)")
            }
            for labels in [cut, try improved(cut, prospects)] where seen.insert(labels).inserted {
                drafts.append(
                    try draft(prospects) { level in
                        Settled(
                            choices: zip(level.choices, labels[level.level]).map { list, space in
                                list.filter { spaces.ofDevice[$0.device] == space }
                            }, fusions: level.fusions, counted: level.fusions.disjoint(spaces: spaces.count))
                    })
            }
        }
        return drafts
    }

    /// The labels after each graph by itself has given stretches to their neighbours where that saves launches.
    private func improved(_ labels: [[Int]], _ prospects: Prospects) throws(WeftError) -> [[Int]] {
        var labels = labels
        let problem = problem(prospects.fusions)
        let search: SegmentSearch
        do {
            search = SegmentSearch(
                try SegmentGraph(dependencies: dependencies),
                PlanSimulation(problem, launch: spaces.launch, overlaps: spaces.overlaps))
        } catch {
            throw WeftError(.internalInconsistency, "no placement was found: \(error)")
        }
        labels[prospects.level] = search.improve(
            labels[prospects.level].map { SegmentLabel(space: $0, provider: 0) }
        ).labels.map(\.space)
        for (body, inner) in zip(bodies, prospects.bodies) { labels = try body.placer.improved(labels, inner) }
        return labels
    }
}
