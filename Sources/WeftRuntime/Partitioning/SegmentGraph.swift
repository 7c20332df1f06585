/// Who waits for whom, laid out to be cut into segments many times over.
package struct SegmentGraph: Sendable {
    package let nodeCount: Int
    /// Successors of node n are `successors[first[n] ..< first[n + 1]]`, each once.
    private let first: [Int]
    private let successors: [Int]

    /// Takes, per node, the nodes it waits for; repeats are fine. Throws `.cycle` if they wait for each other.
    package init(dependencies: [[Int]]) throws(PartitioningError) {
        nodeCount = dependencies.count
        var lists = Array(repeating: [Int](), count: nodeCount)
        for (node, waits) in dependencies.enumerated() {
            for other in waits {
                guard lists.indices.contains(other) else {
                    throw .malformed("node \(node) waits for node \(other), which does not exist")
                }
                if lists[other].last != node { lists[other].append(node) }
            }
        }
        var first = [0]
        first.reserveCapacity(nodeCount + 1)
        for list in lists { first.append(first[first.count - 1] + list.count) }
        self.first = first
        successors = Array(lists.joined())
        let labels = Array(repeating: 0, count: nodeCount)
        let order = blocks(of: Array(0..<nodeCount), labels: labels, order: [0]).flatMap(\.nodes)
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

    /// Cuts one topological order into segments, staying in a space, and in it with a provider, as long as a node is ready.
    ///
    /// Every space is tried as the start, and the order with the least total of `launch` (seconds per segment of a
    /// space's block) is kept, then the one with the fewest blocks; over two spaces no order switches less. Within a
    /// block the same is done over providers. Among ready nodes the one with the smallest index runs first.
    /// - Complexity: O(*n* log *n*) per start tried.
    package func segments(_ labels: [SegmentLabel], launch: [Double]) -> [Stretch] {
        precondition(labels.count == nodeCount, "every node needs a label")
        let all = Array(0..<nodeCount)
        let blocks = best(of: all, labels: labels.map(\.space)) { space in
            launch.indices.contains(space) ? launch[space] : 0
        }
        let providers = labels.map(\.provider)
        return blocks.flatMap { block in
            best(of: block.nodes, labels: providers, weight: { _ in 0 }).map { part in
                Stretch(label: SegmentLabel(space: block.label, provider: part.label), nodes: part.nodes)
            }
        }
    }

    private typealias Block = (label: Int, nodes: [Int])

    /// The lightest of the orders that come from each rotation of the labels, forwards and backwards.
    private func best(of nodes: [Int], labels: [Int], weight: (Int) -> Double) -> [Block] {
        let present = Set(nodes.lazy.map { labels[$0] }).sorted()
        guard present.count > 1 else { return blocks(of: nodes, labels: labels, order: present) }
        var orders: [[Int]] = []
        for directed in present.count > 2 ? [present, present.reversed()] : [present] {
            for start in directed.indices { orders.append(Array(directed[start...] + directed[..<start])) }
        }
        var best: (blocks: [Block], weight: Double)?
        for order in orders {
            let found = blocks(of: nodes, labels: labels, order: order)
            let total = found.reduce(0) { $0 + weight($1.label) }
            if let known = best, (known.weight, known.blocks.count) <= (total, found.count) { continue }
            best = (found, total)
        }
        return best?.blocks ?? []
    }

    /// One pass over `nodes`: stays with a label while it has ready nodes, then takes the first in `order` that has.
    ///
    /// Only dependencies among `nodes` count. Nodes that lie on a cycle are left out.
    private func blocks(of nodes: [Int], labels: [Int], order: [Int]) -> [Block] {
        var waits: [Int]
        if nodes.count == nodeCount {
            waits = Array(repeating: 0, count: nodeCount)
        } else {
            // Others never become ready: they start out of reach.
            waits = Array(repeating: Int.min / 2, count: nodeCount)
            for node in nodes { waits[node] = 0 }
        }
        for node in nodes { for next in first[node]..<first[node + 1] { waits[successors[next]] += 1 } }
        let slots = (order.max() ?? 0) + 1
        var ready = Array(repeating: IndexHeap(), count: slots)
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
        return found
    }
}

/// Indices, of which the least comes out first.
private struct IndexHeap {
    private var items: [Int] = []

    var isEmpty: Bool { items.isEmpty }

    mutating func insert(_ item: Int) {
        items.append(item)
        var place = items.count - 1
        while place > 0, items[(place - 1) / 2] > item {
            items[place] = items[(place - 1) / 2]
            place = (place - 1) / 2
        }
        items[place] = item
    }

    mutating func removeLeast() -> Int? {
        guard let least = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return least }
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < last else { break }
            items[place] = items[child]
            place = child
        }
        items[place] = last
        return least
    }
}
