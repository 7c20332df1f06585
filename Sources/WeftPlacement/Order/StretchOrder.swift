/// An order of nodes in stretches, each of one label.
struct StretchOrder: Sendable {
    private(set) var nodes: [Int32] = []
    /// Where each stretch ends in `nodes`.
    private(set) var ends: [Int32] = []
    private(set) var labels: [SegmentLabel] = []

    init() {}

    init(capacity: Int) { nodes.reserveCapacity(capacity) }

    init(_ stretches: [Stretch]) {
        for stretch in stretches {
            for node in stretch.nodes { append(node) }
            endStretch(stretch.label)
        }
    }

    var count: Int { ends.count }

    func range(_ stretch: Int) -> Range<Int> { (stretch == 0 ? 0 : Int(ends[stretch - 1]))..<Int(ends[stretch]) }

    mutating func append(_ node: Int) { nodes.append(Int32(truncatingIfNeeded: node)) }

    /// Ends a stretch: it has the nodes that were appended since the last one ended.
    mutating func endStretch(_ label: SegmentLabel) {
        ends.append(Int32(truncatingIfNeeded: nodes.count))
        labels.append(label)
    }

    /// The same with one provider for all stretches.
    func provided(by provider: Int) -> StretchOrder {
        var order = self
        for index in order.labels.indices { order.labels[index].provider = provider }
        return order
    }

    var stretches: [Stretch] {
        (0..<count).map { index in Stretch(label: labels[index], nodes: nodes[range(index)].map { Int($0) }) }
    }

    /// For each node, its stretch.
    func stretchOfNodes() -> [Int32] {
        var stretchOf = [Int32](repeating: 0, count: nodes.count)
        for stretch in 0..<count {
            for slot in range(stretch) { stretchOf[Int(nodes[slot])] = Int32(truncatingIfNeeded: stretch) }
        }
        return stretchOf
    }
}
