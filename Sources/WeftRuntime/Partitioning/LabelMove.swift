/// A choice between two spaces for every node, made at once by one minimum cut.
///
/// `low` is a node's space on the source's side, `high` on the sink's; equal ones fix the node. Three moves need no
/// more: the placement over two spaces (low 0, high 1 everywhere), a swap of two spaces with the rest fixed, and an
/// expansion (low = what the node has, high = the growing space). The first two are exact. In an expansion a term that
/// no cut can express is replaced by one that is never less and is equal where nothing changes, so the move never
/// makes a placement dearer.
///
/// A value is charged once per destination by one more vertex each: it falls on a side as soon as one consumer does.
///
///     source side                sink side
///     u ──price──▶ x ──∞──▶ c1, c2, …      x is on the sink's side if any consumer is
///     c1, c2, … ──∞──▶ y ──price──▶ u      y is on the source's side if any consumer is
struct LabelMove {
    private let problem: PlacementProblem
    private let low: [Int]
    private let high: [Int]
    private let scale: Double
    private var cut: MinimumCut

    /// What an infinite price counts as; finite prices together stay below its sixteenth.
    private static let forbidden: Int64 = 1 << 56
    private static let finiteLimit = 0x1p52

    /// Picoseconds, or coarser units if all prices of the problem would not fit in 2^52 of them.
    static func scale(of problem: PlacementProblem) -> Double {
        var total = 0.0
        for node in problem.nodes { for price in node.prices where price < .infinity { total += price } }
        for value in problem.values {
            for from in 0..<problem.spaces {
                for to in 0..<problem.spaces where value.transfer[from, to] < .infinity {
                    total += value.transfer[from, to]
                }
            }
        }
        for fusion in problem.fusions { total += fusion.saving }
        return total > 0 ? min(1e12, finiteLimit / total) : 1e12
    }

    /// Makes the move; returns a space per node.
    static func best(_ problem: PlacementProblem, low: [Int], high: [Int], scale: Double) -> [Int] {
        var move = LabelMove(problem: problem, low: low, high: high, scale: scale)
        move.chargeNodes()
        var consumers = Consumers(spaces: problem.spaces, nodes: problem.nodes.count)
        for value in problem.values { move.charge(value, &consumers) }
        for fusion in problem.fusions { move.reward(fusion) }
        let sinkSide = move.cut.sinkSide()
        return low.indices.map { sinkSide[$0] ? high[$0] : low[$0] }
    }

    private init(problem: PlacementProblem, low: [Int], high: [Int], scale: Double) {
        self.problem = problem
        self.low = low
        self.high = high
        self.scale = scale
        cut = MinimumCut(vertices: low.count)
    }

    private func units(_ seconds: Double) -> Int64 {
        guard seconds < .infinity else { return Self.forbidden }
        return Int64(min(max(seconds * scale, 0), Self.finiteLimit) + 0.5)
    }

    private func isFree(_ node: Int) -> Bool { low[node] != high[node] }

    private mutating func chargeNodes() {
        for node in low.indices where isFree(node) {
            let prices = problem.nodes[node].prices
            cut.charge(node, source: units(prices[low[node]]), sink: units(prices[high[node]]))
        }
    }

    // MARK: Transfers

    /// Scratch for one value at a time: which destinations are certain, and who stands for the others.
    private struct Consumers {
        var certain: [Bool]
        var free: [Int] = []
        /// The vertex that stands for all consumers that bring the value to a space from one side; -1 if there is none.
        var atLow: [Int]
        var atHigh: [Int]
        private var seen: [Int]
        private var round = 0

        init(spaces: Int, nodes: Int) {
            certain = Array(repeating: false, count: spaces)
            atLow = Array(repeating: -1, count: spaces)
            atHigh = atLow
            seen = Array(repeating: 0, count: nodes)
        }

        mutating func begin() {
            for space in certain.indices {
                certain[space] = false
                atLow[space] = -1
                atHigh[space] = -1
            }
            free.removeAll(keepingCapacity: true)
            round += 1
        }

        mutating func isNew(_ node: Int) -> Bool {
            defer { seen[node] = round }
            return seen[node] != round
        }
    }

    private mutating func charge(_ value: PlacementProblem.Value, _ consumers: inout Consumers) {
        let (producer, ifLow, ifHigh): (Int?, Int, Int) =
            switch value.origin {
            case .node(let node): (isFree(node) ? node : nil, low[node], high[node])
            case .space(let space): (nil, space, space)
            }
        consumers.begin()
        if let destination = value.destination { consumers.certain[destination] = true }
        for node in value.consumers where consumers.isNew(node) {
            if isFree(node) { consumers.free.append(node) } else { consumers.certain[low[node]] = true }
        }
        if let producer {
            for space in 0..<problem.spaces where consumers.certain[space] {
                cut.charge(
                    producer, source: units(value.transfer[ifLow, space]), sink: units(value.transfer[ifHigh, space]))
            }
            if consumers.free.count == 1 {
                return chargePair(value, producer, consumers.free[0], certain: consumers.certain)
            }
        }
        gather(&consumers)
        for space in 0..<problem.spaces {
            let fromLow = units(value.transfer[ifLow, space]), fromHigh = units(value.transfer[ifHigh, space])
            if consumers.atHigh[space] >= 0 {
                cut.charge(consumers.atHigh[space], sink: fromHigh)
                if let producer { cut.connect(producer, consumers.atHigh[space], fromLow - fromHigh) }
            }
            if consumers.atLow[space] >= 0 {
                cut.charge(consumers.atLow[space], source: fromLow)
                if let producer { cut.connect(consumers.atLow[space], producer, fromHigh - fromLow) }
            }
        }
    }

    /// Charges a value with one free consumer: all four cases at once, exactly where prices obey the triangle inequality.
    private mutating func chargePair(
        _ value: PlacementProblem.Value, _ producer: Int, _ consumer: Int, certain: [Bool]
    ) {
        func price(_ from: Int, _ to: Int) -> Int64 { certain[to] ? 0 : units(value.transfer[from, to]) }
        let lowLow = price(low[producer], low[consumer]), lowHigh = price(low[producer], high[consumer])
        let highLow = price(high[producer], low[consumer]), highHigh = price(high[producer], high[consumer])
        let joint = max(lowHigh + highLow - lowLow - highHigh, 0)
        // lowLow + (highLow - lowLow)[producer high] + (highHigh - highLow)[consumer high] + joint[low, high]
        cut.charge(producer, source: lowLow, sink: highLow)
        cut.charge(consumer, source: highLow, sink: highHigh)
        cut.connect(producer, consumer, joint)
    }

    /// Makes one vertex stand for all free consumers of a destination; a lone consumer stands for itself.
    private mutating func gather(_ consumers: inout Consumers) {
        for (position, node) in consumers.free.enumerated() {
            for isHigh in [false, true] {
                let space = isHigh ? high[node] : low[node]
                if consumers.certain[space] { continue }
                func falls(_ other: Int) -> Bool { (isHigh ? high[other] : low[other]) == space }
                let known = isHigh ? consumers.atHigh[space] : consumers.atLow[space]
                var vertex = known
                if known < 0 {
                    let isShared = consumers.free[(position + 1)...].contains(where: falls)
                    vertex = isShared ? cut.addVertex() : node
                    if isHigh { consumers.atHigh[space] = vertex } else { consumers.atLow[space] = vertex }
                }
                guard vertex != node else { continue }
                if isHigh {
                    cut.connect(vertex, node, MinimumCut.unbounded)
                } else {
                    cut.connect(node, vertex, MinimumCut.unbounded)
                }
            }
        }
    }

    // MARK: Fusions

    /// Takes the saving off if every member falls where the fusion is; leaves out one whose members cannot all go there.
    private mutating func reward(_ fusion: PlacementProblem.Fusion) {
        let space = fusion.space
        guard fusion.members.allSatisfy({ low[$0] == space || high[$0] == space }) else { return }
        let free = fusion.members.filter(isFree)
        guard let first = free.first else { return }
        let isHigh = high[first] == space
        guard free.allSatisfy({ (isHigh ? high[$0] : low[$0]) == space }) else { return }
        let vertex = free.count == 1 ? first : cut.addVertex()
        let saving = units(fusion.saving)
        if isHigh { cut.charge(vertex, source: saving) } else { cut.charge(vertex, sink: saving) }
        for member in free where member != vertex {
            if isHigh {
                cut.connect(member, vertex, MinimumCut.unbounded)
            } else {
                cut.connect(vertex, member, MinimumCut.unbounded)
            }
        }
    }
}
