/// A choice between two spaces for every node, made for all nodes at once by one minimum cut.
///
/// A node takes the space `low` if it ends on the source's side of the cut, and `high` on the sink's side; where both
/// are equal, the node is fixed. Three kinds of move are made with it: a placement over two spaces (low 0, high 1
/// everywhere), a swap of two spaces with all other nodes fixed, and an expansion (low is the node's space, high the
/// space that grows). The first two are exact. In an expansion, a cost that no cut can express is replaced by one that
/// is never less, and is equal where nothing changes: so the move never makes a placement more expensive.
///
/// Each destination of a value has a vertex of its own, so that the value is charged once there: the vertex falls on a
/// side as soon as one consumer does.
///
///     source side                sink side
///     u ──price──▶ x ──∞──▶ c1, c2, …      x is on the sink's side if any consumer is
///     c1, c2, … ──∞──▶ y ──price──▶ u      y is on the source's side if any consumer is
struct LabelMove {
    private var problem: PackedProblem
    private var scale: Double
    private var low: [Int] = []
    private var high: [Int] = []
    /// The nodes that the move may place.
    private(set) var offered: [Int32] = []
    /// Their vertices; -1 for the other nodes.
    private var vertex: [Int32]
    private var cut = MinimumCut(vertices: 0)
    private var sinkSide: [Bool] = []
    private var value: Readers

    /// The capacity that stands for an infinite price; all finite prices together stay below a sixteenth of it.
    private static let forbidden: Int64 = 1 << 56
    private static let finiteLimit = 0x1p52

    init(_ problem: PackedProblem) {
        self.problem = problem
        scale = Self.scale(of: problem)
        vertex = Array(repeating: -1, count: problem.nodeCount)
        value = Readers(spaces: problem.spaces, nodes: problem.nodeCount)
    }

    /// Uses other prices from now on, for the same nodes, values and fusions.
    mutating func reprice(_ problem: PackedProblem) {
        self.problem = problem
        scale = Self.scale(of: problem)
    }

    /// Picoseconds, or coarser units if all prices of the problem would not fit in 2^52 of them.
    private static func scale(of problem: PackedProblem) -> Double {
        var total = 0.0
        for price in problem.prices where price < .infinity { total += price }
        for price in problem.transfers where price < .infinity { total += price }
        for saving in problem.savings { total += saving }
        return total > 0 ? min(1e12, finiteLimit / total) : 1e12
    }

    /// Fixes all nodes where they are.
    mutating func begin(_ labels: [Int]) {
        for node in offered { vertex[Int(node)] = -1 }
        offered.removeAll(keepingCapacity: true)
        low = labels
        high = labels
    }

    /// Lets a node that was fixed choose between two spaces.
    mutating func offer(_ node: Int, _ low: Int, _ high: Int) {
        self.low[node] = low
        self.high[node] = high
        vertex[node] = Int32(truncatingIfNeeded: offered.count)
        offered.append(Int32(truncatingIfNeeded: node))
    }

    /// Makes the move, counting only these values and fusions.
    mutating func run(values: some Sequence<Int32>, fusions: some Sequence<Int32>) {
        cut.begin(vertices: offered.count)
        chargeNodes()
        for value in values { charge(Int(value)) }
        for fusion in fusions { reward(Int(fusion)) }
        sinkSide = cut.sinkSide()
    }

    /// The space that the move gave to a node that was offered two.
    func choice(_ node: Int) -> Int { sinkSide[Int(vertex[node])] ? high[node] : low[node] }

    private func units(_ seconds: Double) -> Int64 {
        guard seconds < .infinity else { return Self.forbidden }
        return Int64(min(max(seconds * scale, 0), Self.finiteLimit) + 0.5)
    }

    private mutating func chargeNodes() {
        for node in offered.lazy.map({ Int($0) }) {
            let row = node * problem.spaces
            cut.charge(
                Int(vertex[node]), source: units(problem.prices[row + low[node]]),
                sink: units(problem.prices[row + high[node]]))
        }
    }

    // MARK: Transfers

    /// Scratch for one value at a time: its certain destinations, and the vertices that stand for the others.
    private struct Readers {
        /// The spaces that the value is brought to whatever the move decides, as bits.
        var certain: UInt64 = 0
        var free: [Int32] = []
        /// By space, the vertex of all consumers that need the value there if they end on this side; -1 for none.
        var atLow: [Int]
        var atHigh: [Int]
        private var seen: [Int32]
        private var round: Int32 = 0

        init(spaces: Int, nodes: Int) {
            atLow = Array(repeating: -1, count: max(spaces, 0))
            atHigh = atLow
            seen = Array(repeating: 0, count: nodes)
        }

        mutating func begin() {
            certain = 0
            free.removeAll(keepingCapacity: true)
            round &+= 1
        }

        mutating func isNew(_ node: Int) -> Bool {
            if seen[node] == round { return false }
            seen[node] = round
            return true
        }
    }

    private func price(_ value: Int, _ from: Int, _ to: Int) -> Int64 {
        units(problem.transfers[(value * problem.spaces + from) * problem.spaces + to])
    }

    private mutating func charge(_ index: Int) {
        let origin = problem.origins[index]
        var producer = -1
        var ifLow = Int(~origin), ifHigh = Int(~origin)
        if origin >= 0 {
            producer = Int(vertex[Int(origin)])
            (ifLow, ifHigh) = (low[Int(origin)], high[Int(origin)])
        }
        value.begin()
        if problem.destinations[index] >= 0 { value.certain |= 1 << UInt64(problem.destinations[index]) }
        for slot in problem.readers.range(index) {
            let node = Int(problem.readers.items[slot])
            if vertex[node] < 0 {
                value.certain |= 1 << UInt64(low[node])
            } else if value.isNew(node) {
                value.free.append(Int32(truncatingIfNeeded: node))
            }
        }
        if producer >= 0 {
            var certain = value.certain
            while certain != 0 {
                let space = certain.trailingZeroBitCount
                certain &= certain - 1
                cut.charge(producer, source: price(index, ifLow, space), sink: price(index, ifHigh, space))
            }
            if value.free.count == 1 {
                return chargePair(index, producer, ifLow, ifHigh, consumer: Int(value.free[0]))
            }
        }
        if !value.free.isEmpty { chargeGathered(index, producer, ifLow, ifHigh) }
    }

    /// Charges a value with one free consumer, all four cases at once; exact if prices obey the triangle inequality.
    private mutating func chargePair(_ index: Int, _ producer: Int, _ ifLow: Int, _ ifHigh: Int, consumer: Int) {
        let (toLow, toHigh) = (low[consumer], high[consumer])
        let isLowFree = value.certain >> UInt64(toLow) & 1 == 0, isHighFree = value.certain >> UInt64(toHigh) & 1 == 0
        let lowLow = isLowFree ? price(index, ifLow, toLow) : 0, lowHigh = isHighFree ? price(index, ifLow, toHigh) : 0
        let highLow = isLowFree ? price(index, ifHigh, toLow) : 0
        let highHigh = isHighFree ? price(index, ifHigh, toHigh) : 0
        let joint = max(lowHigh + highLow - lowLow - highHigh, 0)
        // lowLow + (highLow - lowLow)[producer high] + (highHigh - highLow)[consumer high] + joint[low, high]
        cut.charge(producer, source: lowLow, sink: highLow)
        cut.charge(Int(vertex[consumer]), source: highLow, sink: highHigh)
        cut.connect(producer, Int(vertex[consumer]), joint)
    }

    private mutating func chargeGathered(_ index: Int, _ producer: Int, _ ifLow: Int, _ ifHigh: Int) {
        var reached = gather()
        while reached != 0 {
            let space = reached.trailingZeroBitCount
            reached &= reached - 1
            let fromLow = price(index, ifLow, space), fromHigh = price(index, ifHigh, space)
            let (atLow, atHigh) = (value.atLow[space], value.atHigh[space])
            (value.atLow[space], value.atHigh[space]) = (-1, -1)
            if atHigh >= 0 {
                cut.charge(atHigh, sink: fromHigh)
                if producer >= 0 { cut.connect(producer, atHigh, fromLow - fromHigh) }
            }
            if atLow >= 0 {
                cut.charge(atLow, source: fromLow)
                if producer >= 0 { cut.connect(atLow, producer, fromHigh - fromLow) }
            }
        }
    }

    /// Gives each destination one vertex for all its free consumers; a single consumer's own vertex serves as it is.
    ///
    /// Returns the destinations, as bits.
    private mutating func gather() -> UInt64 {
        var reached: UInt64 = 0
        for position in value.free.indices {
            let node = Int(value.free[position]), own = Int(vertex[node])
            let (toLow, toHigh) = (low[node], high[node])
            if value.certain >> UInt64(toLow) & 1 == 0 {
                reached |= 1 << UInt64(toLow)
                if value.atLow[toLow] < 0 {
                    value.atLow[toLow] = isShared(after: position, low, toLow) ? cut.addVertex() : own
                }
                if value.atLow[toLow] != own { cut.connect(own, value.atLow[toLow], MinimumCut.unbounded) }
            }
            if value.certain >> UInt64(toHigh) & 1 == 0 {
                reached |= 1 << UInt64(toHigh)
                if value.atHigh[toHigh] < 0 {
                    value.atHigh[toHigh] = isShared(after: position, high, toHigh) ? cut.addVertex() : own
                }
                if value.atHigh[toHigh] != own { cut.connect(value.atHigh[toHigh], own, MinimumCut.unbounded) }
            }
        }
        return reached
    }

    /// Whether another free consumer after `position` would take `space` on that side.
    private func isShared(after position: Int, _ side: [Int], _ space: Int) -> Bool {
        for other in position + 1..<value.free.count where side[Int(value.free[other])] == space { return true }
        return false
    }

    // MARK: Fusions

    /// Subtracts a fusion's saving if all members end in its space; ignores a fusion whose members cannot all be there.
    private mutating func reward(_ fusion: Int) {
        let space = Int(problem.fusionSpaces[fusion])
        let range = problem.members.range(fusion)
        var first = -1
        var free = 0
        var isHigh = false
        for slot in range {
            let node = Int(problem.members.items[slot])
            guard low[node] == space || high[node] == space else { return }
            guard vertex[node] >= 0 else { continue }
            if free == 0 { (first, isHigh) = (Int(vertex[node]), high[node] == space) }
            guard (isHigh ? high[node] : low[node]) == space else { return }
            free += 1
        }
        guard free > 0 else { return }
        let own = free == 1 ? first : cut.addVertex()
        let saving = units(problem.savings[fusion])
        if isHigh { cut.charge(own, source: saving) } else { cut.charge(own, sink: saving) }
        for slot in range {
            let member = Int(vertex[Int(problem.members.items[slot])])
            guard member >= 0, member != own else { continue }
            if isHigh {
                cut.connect(member, own, MinimumCut.unbounded)
            } else {
                cut.connect(own, member, MinimumCut.unbounded)
            }
        }
    }
}
