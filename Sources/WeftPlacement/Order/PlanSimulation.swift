/// The time that a placement takes in a given order: nodes, transfers, launches and savings, with devices beside the
/// host.
///
/// A transfer to the host counts in the segment that makes the value, any other in the first segment that reads it.
/// Where nothing overlaps, the time is the placement's cost and one launch for each segment.
package struct PlanSimulation: Sendable {
    package let problem: PackedProblem
    /// Seconds to start a segment, by space.
    package let launch: [Double]
    /// By space, whether its work runs beside the host's.
    package let overlaps: [Bool]
    /// Whether any space's work runs beside the host's.
    let hasOverlap: Bool
    let incidence: Incidence

    package init(_ problem: PackedProblem, launch: [Double], overlaps: [Bool]) {
        self.problem = problem
        self.launch = launch
        self.overlaps = overlaps
        hasOverlap = overlaps.contains(true)
        incidence = Incidence(problem)
    }

    /// The same for a problem that is known to be valid: an index that does not exist traps.
    package init(_ problem: PlacementProblem, launch: [Double], overlaps: [Bool]) {
        self.init(PackedProblem(unchecked: problem), launch: launch, overlaps: overlaps)
    }

    /// `.infinity` if a node is in a space where it may not run, or if there is no link for one of its operands.
    package func seconds(_ labels: [SegmentLabel], _ segments: [OrderedSegment]) -> Double {
        let spaces = labels.map(\.space)
        let order = SegmentedOrder(segments)
        return hasOverlap ? timed(spaces, order) : problem.cost(of: spaces) + launches(order)
    }

    /// Seconds to start all segments.
    func launches(_ order: SegmentedOrder) -> Double { order.labels.reduce(0) { $0 + launch[$1.space] } }

    /// Seconds of an order in which work of some spaces overlaps with the host's.
    func timed(_ labels: [Int], _ order: SegmentedOrder) -> Double {
        let segmentOf = order.segmentOfNodes()
        var work = order.labels.map { launch[$0.space] }
        for node in 0..<problem.nodeCount {
            work[Int(segmentOf[node])] += problem.prices[node * problem.spaces + labels[node]]
        }
        for fusion in 0..<problem.savings.count where problem.isWhole(fusion, labels) {
            let members = problem.members.items[problem.members.range(fusion)]
            if let last = members.max() { work[Int(segmentOf[Int(last)])] -= problem.savings[fusion] }
        }
        var needs = Needs(segments: order.count)
        var tail = 0.0
        chargeTransfers(labels, segmentOf, &work, &needs, &tail)
        var clock = PlanClock(overlaps: overlaps)
        for segment in 0..<order.count {
            clock.run(work[segment], in: order.labels[segment].space, after: needs.of(segment))
        }
        return clock.seconds + tail
    }

    private func chargeTransfers(
        _ labels: [Int], _ segmentOf: [Int32], _ work: inout [Double], _ needs: inout Needs, _ tail: inout Double
    ) {
        let spaces = problem.spaces
        /// By space, the first segment that reads the current value.
        var reader = [Int32](repeating: -1, count: spaces)
        for value in 0..<problem.valueCount {
            let from = problem.source(value, labels)
            let maker = problem.origins[value] < 0 ? -1 : segmentOf[Int(problem.origins[value])]
            var reached: UInt64 = 0
            for slot in problem.readers.range(value) {
                let node = Int(problem.readers.items[slot])
                let space = labels[node]
                guard space != from else { continue }
                let segment = segmentOf[node]
                if reached >> UInt64(space) & 1 == 0 || segment < reader[space] { reader[space] = segment }
                reached |= 1 << UInt64(space)
                if maker >= 0 { needs.add(Int(segment), needs: maker) }
            }
            let destination = Int(problem.destinations[value])
            var wanted = reached
            if destination >= 0, destination != from { wanted |= 1 << UInt64(destination) }
            while wanted != 0 {
                let to = wanted.trailingZeroBitCount
                wanted &= wanted - 1
                let isRead = reached >> UInt64(to) & 1 == 1
                let payer = to == 0 && maker >= 0 ? maker : isRead ? reader[to] : -1
                let seconds = problem.transfers[(value * spaces + from) * spaces + to]
                if payer >= 0 { work[Int(payer)] += seconds } else { tail += seconds }
            }
        }
    }

    /// For each segment, the segments whose results it reads: linked lists that share one array.
    private struct Needs {
        private var last: [Int32]
        private var links: [(maker: Int32, before: Int32)] = []

        init(segments: Int) { last = Array(repeating: -1, count: segments) }

        mutating func add(_ segment: Int, needs maker: Int32) {
            links.append((maker, last[segment]))
            last[segment] = Int32(truncatingIfNeeded: links.count - 1)
        }

        func of(_ segment: Int) -> some Sequence<Int> {
            sequence(state: last[segment]) { link -> Int? in
                guard link >= 0 else { return nil }
                defer { link = links[Int(link)].before }
                return Int(links[Int(link)].maker)
            }
        }
    }

    /// For each segment, the seconds of all transfers that begin or end in it, and of savings that it misses because a
    /// member of the fusion is in another space. Moving the segment to another space can save no more than this.
    func transfers(touching order: SegmentedOrder, _ labels: [Int]) -> [Double] {
        let spaces = problem.spaces
        let segmentOf = order.segmentOfNodes()
        var seconds = [Double](repeating: 0, count: order.count)
        for value in 0..<problem.valueCount {
            let from = problem.source(value, labels)
            let row = (value * spaces + from) * spaces
            var brought: UInt64 = 1 << UInt64(from)
            var leaving = 0.0
            for slot in problem.readers.range(value) {
                let node = Int(problem.readers.items[slot])
                let to = labels[node]
                guard to != from else { continue }
                let price = problem.transfers[row + to]
                seconds[Int(segmentOf[node])] += price
                if brought >> UInt64(to) & 1 == 0 { leaving += price }
                brought |= 1 << UInt64(to)
            }
            let destination = Int(problem.destinations[value])
            if destination >= 0, brought >> UInt64(destination) & 1 == 0 {
                leaving += problem.transfers[row + destination]
            }
            if problem.origins[value] >= 0 { seconds[Int(segmentOf[Int(problem.origins[value])])] += leaving }
        }
        for fusion in 0..<problem.savings.count {
            for slot in problem.members.range(fusion) {
                let member = Int(problem.members.items[slot])
                if labels[member] != problem.fusionSpaces[fusion] {
                    seconds[Int(segmentOf[member])] += problem.savings[fusion]
                }
            }
        }
        return seconds
    }

    /// The change of the placement's cost if all `nodes` take `space`, without launches and overlap.
    ///
    /// The labels are changed for the calculation and restored afterwards.
    func change(
        of nodes: ArraySlice<Int32>, to space: Int, _ labels: inout [Int], _ scratch: inout Scratch
    ) -> Double {
        var change = 0.0
        for node in nodes {
            let row = Int(node) * problem.spaces
            guard problem.prices[row + space] < .infinity else { return .infinity }
            change += problem.prices[row + space] - problem.prices[row + labels[Int(node)]]
        }
        scratch.begin()
        for node in nodes {
            for slot in incidence.reads.range(Int(node)) { scratch.touch(value: incidence.reads.items[slot]) }
            for slot in incidence.makes.range(Int(node)) { scratch.touch(value: incidence.makes.items[slot]) }
            for slot in incidence.fusions.range(Int(node)) { scratch.touch(fusion: incidence.fusions.items[slot]) }
        }
        for value in scratch.values { change -= problem.transferSeconds(of: Int(value), labels) }
        for fusion in scratch.fusions where problem.isWhole(Int(fusion), labels) {
            change += problem.savings[Int(fusion)]
        }
        scratch.labels.removeAll(keepingCapacity: true)
        for node in nodes {
            scratch.labels.append(labels[Int(node)])
            labels[Int(node)] = space
        }
        for value in scratch.values { change += problem.transferSeconds(of: Int(value), labels) }
        for fusion in scratch.fusions where problem.isWhole(Int(fusion), labels) {
            change -= problem.savings[Int(fusion)]
        }
        for (node, label) in zip(nodes, scratch.labels) { labels[Int(node)] = label }
        return change
    }

    /// The values and fusions that the current nodes touch, each once. A new round clears them without a loop.
    struct Scratch {
        private var valueMarks: [Int32]
        private var fusionMarks: [Int32]
        private var round: Int32 = 0
        fileprivate private(set) var values: [Int32] = []
        fileprivate private(set) var fusions: [Int32] = []
        fileprivate var labels: [Int] = []

        init(_ simulation: PlanSimulation) {
            valueMarks = Array(repeating: 0, count: simulation.problem.valueCount)
            fusionMarks = Array(repeating: 0, count: simulation.problem.savings.count)
        }

        fileprivate mutating func begin() {
            round &+= 1
            values.removeAll(keepingCapacity: true)
            fusions.removeAll(keepingCapacity: true)
        }

        fileprivate mutating func touch(value: Int32) {
            guard valueMarks[Int(value)] != round else { return }
            valueMarks[Int(value)] = round
            values.append(value)
        }

        fileprivate mutating func touch(fusion: Int32) {
            guard fusionMarks[Int(fusion)] != round else { return }
            fusionMarks[Int(fusion)] = round
            fusions.append(fusion)
        }
    }
}
