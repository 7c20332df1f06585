/// Orders of placed work in which a device first does what the host waits for.
///
/// An order that stays in a space as long as it can makes the host wait for a device's whole stretch, even if it needs
/// only the results of the first nodes. Here the stretch is split: first the nodes that the host's next branches need,
/// branch by branch, then the rest, which the device does while the host works.
package struct OverlapOrders {
    private let graph: SegmentGraph
    private let waits: [[Int]]
    private let overlaps: [Bool]

    package init(_ graph: SegmentGraph, dependencies: [[Int]], overlaps: [Bool]) {
        self.graph = graph
        self.overlaps = overlaps
        waits = dependencies
    }

    /// All orders that are worth comparing, those of `SegmentGraph` first.
    package func orders(_ labels: [SegmentLabel]) -> [[Stretch]] {
        let plain = graph.orders(labels, overlaps: overlaps)
        guard overlaps.contains(true) else { return plain }
        return plain + plain.compactMap { parted($0, pieces: 1) } + plain.compactMap { parted($0, pieces: Int.max) }
    }

    /// The same order with each device's stretch split for up to `pieces` branches of the host; nil if no stretch can
    /// be split.
    private func parted(_ stretches: [Stretch], pieces: Int) -> [Stretch]? {
        var result: [Stretch] = []
        var index = 0
        while index < stretches.count {
            let device = stretches[index]
            index += 1
            guard overlaps[device.label.space] else {
                result.append(device)
                continue
            }
            var host: [Stretch] = []
            while index < stretches.count, !overlaps[stretches[index].label.space] {
                host.append(stretches[index])
                index += 1
            }
            part(device, host, pieces: pieces, into: &result)
        }
        return result.count > stretches.count ? result : nil
    }

    private struct Branch {
        let stretch: Stretch
        /// The nodes of the device's stretch that have to be done before.
        let needs: Set<Int>
        /// Its position among the host's branches.
        let number: Int
    }

    /// Splits a device's stretch, and orders the host's branches after it by how many of the device's nodes they need.
    private func part(_ device: Stretch, _ host: [Stretch], pieces: Int, into result: inout [Stretch]) {
        var isNear = Set(device.nodes)
        let nodes = isNear
        for stretch in host { isNear.formUnion(stretch.nodes) }
        let branches = host.flatMap(branches).enumerated().map { number, stretch in
            Branch(stretch: stretch, needs: needs(of: stretch, isNear).intersection(nodes), number: number)
        }.sorted { ($0.needs.count, $0.number) < ($1.needs.count, $1.number) }
        let early = branches.filter { !$0.needs.isEmpty && $0.needs.count < nodes.count }
            .sorted { ($1.stretch.nodes.count, $0.number) < ($0.stretch.nodes.count, $1.number) }
            .prefix(pieces).map(\.number)
        var left = nodes
        for branch in branches where early.contains(branch.number) && !left.isDisjoint(with: branch.needs) {
            let piece = left.intersection(branch.needs)
            left.subtract(piece)
            result.append(Stretch(label: device.label, nodes: device.nodes.filter(piece.contains)))
        }
        guard left.count < nodes.count else {
            result.append(device)
            result += host
            return
        }
        if !left.isEmpty { result.append(Stretch(label: device.label, nodes: device.nodes.filter(left.contains))) }
        // A branch that depends on another one comes after it: it needs at least as many nodes and has a higher number.
        result += branches.map(\.stretch)
    }

    /// The independent parts of a stretch, each in order.
    private func branches(_ stretch: Stretch) -> [Stretch] {
        var parent: [Int: Int] = [:]
        for node in stretch.nodes { parent[node] = node }
        func root(_ node: Int) -> Int {
            var node = node
            while let next = parent[node], next != node { node = next }
            return node
        }
        for node in stretch.nodes {
            for source in waits[node] where parent[source] != nil { parent[root(source)] = root(node) }
        }
        var parts: [Int: [Int]] = [:]
        for node in stretch.nodes { parts[root(node), default: []].append(node) }
        return parts.values.sorted { $0[0] < $1[0] }.map { Stretch(label: stretch.label, nodes: $0) }
    }

    /// The nodes that have to be done before a stretch, as far as they are in `isNear`.
    private func needs(of stretch: Stretch, _ isNear: Set<Int>) -> Set<Int> {
        var seen = Set<Int>()
        var next = stretch.nodes
        while let node = next.popLast() {
            for source in waits[node] where isNear.contains(source) && seen.insert(source).inserted {
                next.append(source)
            }
        }
        return seen
    }
}
