/// The time that a placement in a given order takes: nodes, transfers, launches and savings, devices beside the host.
///
/// What comes to the host is brought by the work that makes it, anything else by the first work that reads it. Where
/// nothing overlaps, the time is the placement's cost and a launch per stretch.
package struct PlanSimulation: Sendable {
    package let problem: PlacementProblem
    /// Seconds to start a stretch, per space.
    package let launch: [Double]
    /// Per space, whether its work runs beside the host's.
    package let overlaps: [Bool]
    /// Values that node n reads are `reads[firstRead[n] ..< firstRead[n + 1]]`, and so on.
    private let reads: Incidence
    private let makes: Incidence
    private let fusions: Incidence

    package init(_ problem: PlacementProblem, launch: [Double], overlaps: [Bool]) {
        self.problem = problem
        self.launch = launch
        self.overlaps = overlaps
        let count = problem.nodes.count
        reads = Incidence(count, problem.values.map(\.consumers))
        makes = Incidence(
            count, problem.values.map { value in if case .node(let node) = value.origin { [node] } else { [] } })
        fusions = Incidence(count, problem.fusions.map(\.members))
    }

    /// `.infinity` if a node is where it may not be, or needs what no link can bring.
    package func seconds(_ labels: [SegmentLabel], _ stretches: [Stretch]) -> Double {
        let spaces = problem.spaces
        var stretchOf = [Int32](repeating: 0, count: labels.count)
        for (index, stretch) in stretches.enumerated() { for node in stretch.nodes { stretchOf[node] = Int32(index) } }
        var work = stretches.map { launch[$0.label.space] }
        for node in labels.indices {
            let space = labels[node].space
            work[Int(stretchOf[node])] +=
                problem.nodes[node].allows(space) ? problem.nodes[node].prices[space] : .infinity
        }
        for fusion in problem.fusions where fusion.members.allSatisfy({ labels[$0].space == fusion.space }) {
            if let last = fusion.members.max() { work[Int(stretchOf[last])] -= fusion.saving }
        }
        var needs = [[Int32]](repeating: [], count: overlaps.contains(true) ? stretches.count : 0)
        /// The first stretch of each space that reads the value at hand.
        var reader = [Int32](repeating: -1, count: spaces)
        var tail = 0.0
        for value in problem.values {
            let from: Int
            var maker: Int32 = -1
            switch value.origin {
            case .node(let node): (from, maker) = (labels[node].space, stretchOf[node])
            case .space(let space): from = space
            }
            for space in 0..<spaces { reader[space] = -1 }
            var isForeign = false
            for node in value.consumers where labels[node].space != from {
                let (space, stretch) = (labels[node].space, stretchOf[node])
                if reader[space] < 0 || stretch < reader[space] { reader[space] = stretch }
                isForeign = true
                if maker >= 0, !needs.isEmpty { needs[Int(stretch)].append(maker) }
            }
            if !isForeign && (value.destination ?? from) == from { continue }
            for to in 0..<spaces where to != from && (reader[to] >= 0 || value.destination == to) {
                let payer = to == 0 && maker >= 0 ? maker : reader[to]
                if payer >= 0 { work[Int(payer)] += value.transfer[from, to] } else { tail += value.transfer[from, to] }
            }
        }
        if needs.isEmpty { return work.reduce(tail, +) }
        var clock = PlanClock(overlaps: overlaps)
        for (index, stretch) in stretches.enumerated() {
            clock.run(work[index], in: stretch.label.space, after: needs[index].lazy.map { Int($0) })
        }
        return clock.seconds + tail
    }

    /// Per stretch, the seconds of all transfers that begin or end there, and of the savings it has none of.
    ///
    /// Moving the stretch to another space can save no more than these.
    func transfers(touching stretches: [Stretch], _ labels: [SegmentLabel]) -> [Double] {
        var stretchOf = [Int32](repeating: 0, count: labels.count)
        for (index, stretch) in stretches.enumerated() { for node in stretch.nodes { stretchOf[node] = Int32(index) } }
        var seconds = [Double](repeating: 0, count: stretches.count)
        for index in problem.values.indices {
            let from: Int
            var maker: Int32 = -1
            switch problem.values[index].origin {
            case .node(let node): (from, maker) = (labels[node].space, stretchOf[node])
            case .space(let space): from = space
            }
            var brought: UInt64 = 1 << UInt64(from & 63)
            var leaving = 0.0
            for node in problem.values[index].consumers {
                let to = labels[node].space
                guard to != from else { continue }
                let price = problem.values[index].transfer[from, to]
                seconds[Int(stretchOf[node])] += price
                if brought >> UInt64(to & 63) & 1 == 0 { leaving += price }
                brought |= 1 << UInt64(to & 63)
            }
            if let to = problem.values[index].destination, brought >> UInt64(to & 63) & 1 == 0 {
                leaving += problem.values[index].transfer[from, to]
            }
            if maker >= 0 { seconds[Int(maker)] += leaving }
        }
        for fusion in problem.fusions {
            for member in fusion.members where labels[member].space != fusion.space {
                seconds[Int(stretchOf[member])] += fusion.saving
            }
        }
        return seconds
    }

    /// What the placement's cost changes by if `nodes` all take `space`; launches and overlap are left out.
    func change(of nodes: [Int], to space: Int, _ labels: [SegmentLabel], _ scratch: inout Scratch) -> Double {
        var change = 0.0
        scratch.begin(nodes)
        func after(_ node: Int) -> Int { scratch.isMoving(node) ? space : labels[node].space }
        for node in nodes {
            guard problem.nodes[node].allows(space) else { return .infinity }
            change += problem.nodes[node].prices[space] - problem.nodes[node].prices[labels[node].space]
        }
        for node in nodes {
            for index in [reads[node], makes[node]].joined() where scratch.isNew(value: Int(index)) {
                let value = problem.values[Int(index)]
                change += transfers(value) { after($0) } - transfers(value) { labels[$0].space }
            }
            for index in fusions[node] where scratch.isNew(fusion: Int(index)) {
                let fusion = problem.fusions[Int(index)]
                if fusion.members.allSatisfy({ labels[$0].space == fusion.space }) { change += fusion.saving }
                if fusion.members.allSatisfy({ after($0) == fusion.space }) { change -= fusion.saving }
            }
        }
        return change
    }

    private func transfers(_ value: PlacementProblem.Value, _ space: (Int) -> Int) -> Double {
        let from =
            switch value.origin {
            case .node(let node): space(node)
            case .space(let space): space
            }
        var seen: UInt64 = 1 << UInt64(from & 63)
        var total = 0.0
        func bring(to: Int) {
            guard seen >> UInt64(to & 63) & 1 == 0 else { return }
            seen |= 1 << UInt64(to & 63)
            total += value.transfer[from, to]
        }
        if let destination = value.destination { bring(to: destination) }
        for node in value.consumers { bring(to: space(node)) }
        return total
    }

    /// Marks that are cleared by counting up.
    struct Scratch {
        private var nodes: [Int32]
        private var values: [Int32]
        private var fusions: [Int32]
        private var round: Int32 = 0

        init(_ simulation: PlanSimulation) {
            nodes = Array(repeating: 0, count: simulation.problem.nodes.count)
            values = Array(repeating: 0, count: simulation.problem.values.count)
            fusions = Array(repeating: 0, count: simulation.problem.fusions.count)
        }

        mutating func begin(_ moving: [Int]) {
            round += 1
            for node in moving { nodes[node] = round }
        }

        func isMoving(_ node: Int) -> Bool { nodes[node] == round }

        mutating func isNew(value: Int) -> Bool {
            defer { values[value] = round }
            return values[value] != round
        }

        mutating func isNew(fusion: Int) -> Bool {
            defer { fusions[fusion] = round }
            return fusions[fusion] != round
        }
    }

    /// Which of many things touch a node, laid out in one block.
    private struct Incidence: Sendable {
        private let first: [Int32]
        private let things: [Int32]

        init(_ nodes: Int, _ lists: [[Int]]) {
            var first = [Int32](repeating: 0, count: nodes + 2)
            for list in lists { for node in list { first[node + 2] += 1 } }
            for node in 0..<nodes { first[node + 2] += first[node + 1] }
            var things = [Int32](repeating: 0, count: Int(first[nodes + 1]))
            for (thing, list) in lists.enumerated() {
                for node in list {
                    things[Int(first[node + 1])] = Int32(thing)
                    first[node + 1] += 1
                }
            }
            self.first = first
            self.things = things
        }

        subscript(node: Int) -> ArraySlice<Int32> { things[Int(first[node])..<Int(first[node + 1])] }
    }
}
