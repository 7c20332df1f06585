/// Where a node runs: a memory space, and a provider that works in it.
package struct SegmentLabel: Hashable, Sendable {
    package var space: Int
    package var provider: Int

    package init(space: Int, provider: Int) {
        self.space = space
        self.provider = provider
    }
}

/// Consecutive nodes of the plan's order that one provider runs.
package struct OrderedSegment: Equatable, Sendable {
    package let label: SegmentLabel
    /// In the order they run.
    package let nodes: [Int]

    package init(label: SegmentLabel, nodes: [Int]) {
        self.label = label
        self.nodes = nodes
    }
}
