/// The bytes that a problem's nodes need in each space, and the capacity of each space.
///
/// A weight is always held, once, however many nodes read it. A value lives from the node that makes it to its last
/// reader, in the order of the nodes' indices; one that crosses needs staging as well. The need is an estimate, as
/// segments may run in another order. Space 0 is the host's and has no limit.
package struct PlacementMemory: Sendable {
    /// A constant: its bytes in each space, and the nodes that read it.
    package struct Weight: Sendable {
        package var bytes: [Int]
        package var readers: [Int]

        package init(bytes: [Int], readers: [Int]) {
            self.bytes = bytes
            self.readers = readers
        }
    }

    package var weights: [Weight]
    /// Scratch bytes while a node runs, by node, then by space; empty if no node needs any.
    package var scratch: [[Int]]
    /// By space, whether values that cross into it or out of it need staging as well.
    package var isStaged: [Bool]
    /// Capacity in bytes, by space; nil for a space without a limit.
    package var capacities: [Int?]

    package init(weights: [Weight], scratch: [[Int]] = [], isStaged: [Bool], capacities: [Int?]) {
        self.weights = weights
        self.scratch = scratch
        self.isStaged = isStaged
        self.capacities = capacities
    }

    /// Spaces that have a limit.
    package var limited: [Int] { capacities.indices.filter { capacities[$0] != nil } }

    /// Whether the needs, in bytes by space, are within the capacities.
    package func allows(_ needs: [Int]) -> Bool { excess(needs) == 0 }

    /// The bytes by which needs exceed the capacities, over all spaces.
    package func excess(_ needs: [Int]) -> Int {
        zip(needs, capacities).reduce(0) { sum, pair in sum + max(0, pair.0 - (pair.1 ?? pair.0)) }
    }

    /// The estimated bytes that a placement needs in each space with a limit; zero in the others.
    package func needs(of labels: [Int], in problem: PlacementProblem) -> [Int] {
        var needs = [Int](repeating: 0, count: capacities.count)
        for space in limited {
            let held = weights.reduce(0) { sum, weight in
                weight.readers.contains { labels[$0] == space } ? sum + weight.bytes[space] : sum
            }
            var scratch = 0
            for node in self.scratch.indices where labels[node] == space {
                scratch = max(scratch, self.scratch[node][space])
            }
            needs[space] = held + scratch + peak(space, labels, problem)
        }
        return needs
    }

    /// The most bytes of values that are alive in a space at one time, staging included.
    private func peak(_ space: Int, _ labels: [Int], _ problem: PlacementProblem) -> Int {
        // By node, the change in bytes before it runs: what begins with it, less what ended with the node before.
        var changes = [Int](repeating: 0, count: labels.count + 2)
        func live(_ bytes: Int, from first: Int, to last: Int) {
            changes[max(0, first)] += bytes
            changes[min(max(first, last), labels.count) + 1] -= bytes
        }
        for value in problem.values where value.bytes > 0 {
            var first = labels.count, last = -1, lastElsewhere = -1
            for reader in value.consumers {
                if labels[reader] == space {
                    first = min(first, reader)
                    last = max(last, reader)
                } else {
                    lastElsewhere = max(lastElsewhere, reader)
                }
            }
            var made = 0
            var isHere = false
            switch value.origin {
            case .node(let node): (made, isHere) = (node, labels[node] == space)
            case .space(let origin): isHere = origin == space
            }
            if let destination = value.destination, destination != space { lastElsewhere = max(lastElsewhere, made) }
            if isHere {
                live(value.bytes, from: made, to: last)
                if lastElsewhere >= 0, isStaged[space] { live(value.bytes, from: made, to: lastElsewhere) }
            } else if last >= 0 {
                live(value.bytes, from: first, to: last)
                if isStaged[space] { live(value.bytes, from: made, to: first) }
            }
        }
        var alive = 0, most = 0
        for change in changes {
            alive += change
            most = max(most, alive)
        }
        return most
    }
}

extension PlacementMemory {
    /// Which bytes have a price: those of weights, those of values, or both.
    enum Counting: CaseIterable {
        case weights, values, both
    }

    /// The problem with a price on memory: a byte that is held in a space costs `prices` seconds.
    ///
    /// Bytes are charged once for each space that holds them, in the same way as a transfer from the host.
    func pricing(_ problem: PlacementProblem, _ prices: [Double], _ counting: Counting) -> PlacementProblem {
        var dearer = problem
        func charge(_ bytes: [Int], to holders: [Int]) {
            guard !holders.isEmpty else { return }
            let transfer = TransferPrices(spaces: problem.spaces) { from, to in
                from == 0 ? prices[to] * Double(bytes[to]) : 0
            }
            dearer.values.append(.init(origin: .space(0), consumers: holders, transfer: transfer))
        }
        if counting != .values { for weight in weights { charge(weight.bytes, to: weight.readers) } }
        guard counting != .weights else { return dearer }
        for value in problem.values where value.bytes > 0 {
            var holders = value.consumers
            if case .node(let node) = value.origin { holders.append(node) }
            charge([Int](repeating: value.bytes, count: problem.spaces), to: holders)
        }
        return dearer
    }
}
