/// An order of nodes in segments, each of one label.
struct SegmentedOrder: Sendable {
    private(set) var nodes: [Int32] = []
    /// Where each segment ends in `nodes`.
    private(set) var ends: [Int32] = []
    private(set) var labels: [SegmentLabel] = []

    init() {}

    init(capacity: Int) { nodes.reserveCapacity(capacity) }

    init(_ segments: [OrderedSegment]) {
        for segment in segments {
            for node in segment.nodes { append(node) }
            endSegment(segment.label)
        }
    }

    var count: Int { ends.count }

    func range(_ segment: Int) -> Range<Int> { (segment == 0 ? 0 : Int(ends[segment - 1]))..<Int(ends[segment]) }

    mutating func append(_ node: Int) { nodes.append(Int32(truncatingIfNeeded: node)) }

    /// Ends a segment: it has the nodes that were appended since the last one ended.
    mutating func endSegment(_ label: SegmentLabel) {
        ends.append(Int32(truncatingIfNeeded: nodes.count))
        labels.append(label)
    }

    /// The same with one provider for all segments.
    func provided(by provider: Int) -> SegmentedOrder {
        var order = self
        for index in order.labels.indices { order.labels[index].provider = provider }
        return order
    }

    var segments: [OrderedSegment] {
        (0..<count).map { index in OrderedSegment(label: labels[index], nodes: nodes[range(index)].map { Int($0) }) }
    }

    /// For each node, its segment.
    func segmentOfNodes() -> [Int32] {
        var segmentOf = [Int32](repeating: 0, count: nodes.count)
        for segment in 0..<count {
            for slot in range(segment) { segmentOf[Int(nodes[slot])] = Int32(truncatingIfNeeded: segment) }
        }
        return segmentOf
    }
}
