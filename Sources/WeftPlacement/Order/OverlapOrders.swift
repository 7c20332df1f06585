/// Orders of placed work in which a device first does what the host waits for.
///
/// An order that stays in a space as long as it can makes the host wait for a device's whole segment, even if it needs
/// only the results of the first nodes. Here the segment is split: first the nodes that the host's next branches need,
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
    package func orders(_ labels: [SegmentLabel]) -> [[OrderedSegment]] {
        let plain = graph.orders(labels, overlaps: overlaps)
        guard overlaps.contains(true) else { return plain }
        return plain + plain.compactMap { parted($0, pieces: 1) } + plain.compactMap { parted($0, pieces: Int.max) }
    }

    /// The same order with each device's segment split for up to `pieces` branches of the host; nil if no segment can
    /// be split.
    private func parted(_ segments: [OrderedSegment], pieces: Int) -> [OrderedSegment]? {
        var result: [OrderedSegment] = []
        var index = 0
        while index < segments.count {
            let device = segments[index]
            index += 1
            guard overlaps[device.label.space] else {
                result.append(device)
                continue
            }
            var host: [OrderedSegment] = []
            while index < segments.count, !overlaps[segments[index].label.space] {
                host.append(segments[index])
                index += 1
            }
            part(device, host, pieces: pieces, into: &result)
        }
        return result.count > segments.count ? result : nil
    }

    private struct Branch {
        let segment: OrderedSegment
        /// The nodes of the device's segment that have to be done before.
        let needs: Set<Int>
        /// Its position among the host's branches.
        let number: Int
    }

    /// Splits a device's segment, and orders the host's branches after it by how many of the device's nodes they need.
    private func part(
        _ device: OrderedSegment, _ host: [OrderedSegment], pieces: Int, into result: inout [OrderedSegment]
    ) {
        var isNear = Set(device.nodes)
        let nodes = isNear
        for segment in host { isNear.formUnion(segment.nodes) }
        let branches = host.flatMap(branches).enumerated().map { number, segment in
            Branch(segment: segment, needs: needs(of: segment, isNear).intersection(nodes), number: number)
        }.sorted { ($0.needs.count, $0.number) < ($1.needs.count, $1.number) }
        let early = branches.filter { !$0.needs.isEmpty && $0.needs.count < nodes.count }
            .sorted { ($1.segment.nodes.count, $0.number) < ($0.segment.nodes.count, $1.number) }
            .prefix(pieces).map(\.number)
        var left = nodes
        for branch in branches where early.contains(branch.number) && !left.isDisjoint(with: branch.needs) {
            let piece = left.intersection(branch.needs)
            left.subtract(piece)
            result.append(OrderedSegment(label: device.label, nodes: device.nodes.filter(piece.contains)))
        }
        guard left.count < nodes.count else {
            result.append(device)
            result += host
            return
        }
        if !left.isEmpty {
            result.append(OrderedSegment(label: device.label, nodes: device.nodes.filter(left.contains)))
        }
        // A branch that depends on another one comes after it: it needs at least as many nodes and has a higher number.
        result += branches.map(\.segment)
    }

    /// The independent parts of a segment, each in order.
    private func branches(_ segment: OrderedSegment) -> [OrderedSegment] {
        var parent: [Int: Int] = [:]
        for node in segment.nodes { parent[node] = node }
        func root(_ node: Int) -> Int {
            var node = node
            while let next = parent[node], next != node { node = next }
            return node
        }
        for node in segment.nodes {
            for source in waits[node] where parent[source] != nil { parent[root(source)] = root(node) }
        }
        var parts: [Int: [Int]] = [:]
        for node in segment.nodes { parts[root(node), default: []].append(node) }
        return parts.values.sorted { $0[0] < $1[0] }.map { OrderedSegment(label: segment.label, nodes: $0) }
    }

    /// The nodes that have to be done before a segment, as far as they are in `isNear`.
    private func needs(of segment: OrderedSegment, _ isNear: Set<Int>) -> Set<Int> {
        var seen = Set<Int>()
        var next = segment.nodes
        while let node = next.popLast() {
            for source in waits[node] where isNear.contains(source) && seen.insert(source).inserted {
                next.append(source)
            }
        }
        return seen
    }
}
