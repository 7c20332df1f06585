extension SegmentGraph {
    /// The same work in an order that starts segments of overlapping spaces early and waits for them late.
    ///
    /// Before such a segment, only those nodes of the other space run that it needs. The rest follows it, nodes that do
    /// not depend on unfinished segments first. Nil if no segment would start earlier. The order stays topological,
    /// and segments of overlapping spaces keep their order.
    func early(_ order: SegmentedOrder, _ overlaps: [Bool]) -> SegmentedOrder? {
        guard let rest = order.labels.first(where: { !overlaps[$0.space] })?.space,
            !order.labels.contains(where: { !overlaps[$0.space] && $0.space != rest })
        else { return nil }
        let label = SegmentLabel(space: rest, provider: 0)
        var result = SegmentedOrder(capacity: order.nodes.count)
        /// The nodes of the space that does not overlap which have not run yet, in order.
        var pending: [Int32] = []
        /// By node, whether the current segment needs it, and whether it depends on a segment of an overlapping space.
        var isNeeded = Array(repeating: false, count: nodeCount)
        var needsOthers = isNeeded
        func run(_ nodes: [Int32]) {
            for part in [false, true] {
                let before = result.nodes.count
                for node in nodes where needsOthers[Int(node)] == part { result.append(Int(node)) }
                if result.nodes.count > before { result.endSegment(label) }
            }
        }
        for segment in 0..<order.count {
            let range = order.range(segment)
            guard overlaps[order.labels[segment].space] else {
                pending += order.nodes[range]
                spread(from: order.nodes[range], &needsOthers)
                continue
            }
            for node in order.nodes[range] { isNeeded[Int(node)] = true }
            for node in pending.reversed() {
                isNeeded[Int(node)] = successors.range(Int(node)).contains {
                    isNeeded[Int(successors.items[$0])]
                }
            }
            run(pending.filter { isNeeded[Int($0)] })
            pending.removeAll { isNeeded[Int($0)] }
            for node in order.nodes[range] { result.append(Int(node)) }
            result.endSegment(order.labels[segment])
            for node in order.nodes[range] { needsOthers[Int(node)] = true }
            spread(from: order.nodes[range], &needsOthers)
        }
        run(pending)
        return result.ends == order.ends && result.nodes == order.nodes ? nil : result
    }

    /// Marks the successors of marked nodes; `nodes` in topological order.
    private func spread(from nodes: ArraySlice<Int32>, _ marks: inout [Bool]) {
        for node in nodes where marks[Int(node)] {
            for slot in successors.range(Int(node)) { marks[Int(successors.items[slot])] = true }
        }
    }
}
