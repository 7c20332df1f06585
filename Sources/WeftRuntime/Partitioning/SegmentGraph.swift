/// Who waits for whom, laid out to be cut into segments many times over.
package struct SegmentGraph: Sendable {
    package let nodeCount: Int
    /// Successors of node n are `successors[first[n] ..< first[n + 1]]`, repeats as given.
    let first: [Int]
    let successors: [Int]

    /// Takes, per node, the nodes it waits for; repeats are fine. Throws `.cycle` if they wait for each other.
    package init(dependencies: [[Int]]) throws(PartitioningError) {
        nodeCount = dependencies.count
        var first = Array(repeating: 0, count: nodeCount + 2)
        for (node, waits) in dependencies.enumerated() {
            for other in waits {
                guard dependencies.indices.contains(other) else {
                    throw .malformed("node \(node) waits for node \(other), which does not exist")
                }
                first[other + 2] += 1
            }
        }
        for node in 0..<nodeCount { first[node + 2] += first[node + 1] }
        var successors = Array(repeating: 0, count: first[nodeCount + 1])
        for (node, waits) in dependencies.enumerated() {
            for other in waits {
                successors[first[other + 1]] = node
                first[other + 1] += 1
            }
        }
        self.first = first
        self.successors = successors
        var waits = Array(repeating: Self.outOfReach, count: nodeCount)
        let labels = Array(repeating: 0, count: nodeCount)
        let order = blocks(of: Array(0..<nodeCount), labels: labels, order: [0], &waits).flatMap(\.nodes)
        guard order.count == nodeCount else {
            throw .cycle(nodes: Self.cycle(dependencies, unordered: Set(0..<nodeCount).subtracting(order)))
        }
    }

    /// Walks back from a node that never became ready until it meets itself.
    private static func cycle(_ dependencies: [[Int]], unordered: Set<Int>) -> [Int] {
        var path: [Int] = []
        var place: [Int: Int] = [:]
        var next = unordered.min()
        while let node = next {
            if let start = place[node] { return path[start...].reversed() }
            place[node] = path.count
            path.append(node)
            next = dependencies[node].first(where: unordered.contains)
        }
        return path
    }

    /// One topological order cut into stretches, staying in a space, and in it with a provider, as long as a node is ready.
    ///
    /// Every space is tried as the start, and the order with the least total of `launch` (seconds per segment of a
    /// space's block) is kept, then the one with the fewest blocks; over two spaces no order switches less. Within a
    /// block the same is done over providers. Among ready nodes the one with the smallest index runs first.
    /// - Complexity: O(*n* log *n*) per start tried.
    package func segments(_ labels: [SegmentLabel], launch: [Double]) -> [Stretch] {
        var waits = Array(repeating: Self.outOfReach, count: nodeCount)
        var best: (blocks: [Block], weight: Double)?
        for blocks in spaceBlocks(labels, &waits) {
            let weight = blocks.reduce(0) { $0 + (launch.indices.contains($1.label) ? launch[$1.label] : 0) }
            if let known = best, (known.weight, known.blocks.count) <= (weight, blocks.count) { continue }
            best = (blocks, weight)
        }
        return stretches(best?.blocks ?? [], labels, &waits)
    }

    /// The orders that are worth comparing: each space as the start, and for each the form in which work of the spaces
    /// that overlap begins as early as it can.
    package func orders(_ labels: [SegmentLabel], overlaps: [Bool]) -> [[Stretch]] {
        var waits = Array(repeating: Self.outOfReach, count: nodeCount)
        let plain = spaceBlocks(labels, &waits)
        var orders = plain.map { stretches($0, labels, &waits) }
        for blocks in plain where blocks.contains(where: { overlaps[$0.label] }) {
            if let early = early(blocks, overlaps) { orders.append(stretches(early, labels, &waits)) }
        }
        return orders
    }

    /// Nodes that run in one space, or in it with one provider, in the order they run.
    typealias Block = (label: Int, nodes: [Int])

    private static let outOfReach = Int.min / 2

    /// The orders by space that come from each rotation of the spaces.
    private func spaceBlocks(_ labels: [SegmentLabel], _ waits: inout [Int]) -> [[Block]] {
        precondition(labels.count == nodeCount, "every node needs a label")
        let spaces = labels.map(\.space)
        return Self.rotations(of: Set(spaces).sorted()).map { order in
            blocks(of: Array(0..<nodeCount), labels: spaces, order: order, &waits)
        }
    }

    private static func rotations(of labels: [Int]) -> [[Int]] {
        labels.isEmpty ? [[]] : labels.indices.map { Array(labels[$0...] + labels[..<$0]) }
    }

    /// Parts blocks by provider, each into as few as the rotations of its providers give.
    private func stretches(_ blocks: [Block], _ labels: [SegmentLabel], _ waits: inout [Int]) -> [Stretch] {
        var result: [Stretch] = []
        result.reserveCapacity(blocks.count)
        var providers: [Int] = []
        for block in blocks {
            let present = Set(block.nodes.lazy.map { labels[$0].provider }).sorted()
            var parts: [Block] = [(present.first ?? 0, block.nodes)]
            if present.count > 1 {
                if providers.isEmpty { providers = labels.map(\.provider) }
                let orders = Self.rotations(of: present).map { order in
                    self.blocks(of: block.nodes, labels: providers, order: order, &waits)
                }
                if let fewest = orders.min(by: { $0.count < $1.count }) { parts = fewest }
            }
            for part in parts {
                result.append(Stretch(label: SegmentLabel(space: block.label, provider: part.label), nodes: part.nodes))
            }
        }
        return result
    }

    /// One pass over `nodes`: stays with a label while it has ready nodes, then takes the first in `order` that has.
    ///
    /// Only dependencies among `nodes` count. Nodes that lie on a cycle are left out. `waits` is out of reach for every
    /// node, before and after.
    private func blocks(of nodes: [Int], labels: [Int], order: [Int], _ waits: inout [Int]) -> [Block] {
        for node in nodes { waits[node] = 0 }
        for node in nodes { for next in first[node]..<first[node + 1] { waits[successors[next]] += 1 } }
        var ready = Array(repeating: IndexHeap(), count: (order.max() ?? 0) + 1)
        for node in nodes where waits[node] == 0 { ready[labels[node]].insert(node) }

        var found: [Block] = []
        while let label = order.first(where: { !ready[$0].isEmpty }) {
            var block: [Int] = []
            while let node = ready[label].removeLeast() {
                block.append(node)
                for next in first[node]..<first[node + 1] {
                    let successor = successors[next]
                    waits[successor] -= 1
                    if waits[successor] == 0 { ready[labels[successor]].insert(successor) }
                }
            }
            found.append((label, block))
        }
        for node in nodes {
            waits[node] = Self.outOfReach
            for next in first[node]..<first[node + 1] { waits[successors[next]] = Self.outOfReach }
        }
        return found
    }
}
