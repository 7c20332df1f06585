extension SegmentGraph {
    /// The same work with that of overlapping spaces begun as early as it can be, and waited for as late.
    ///
    /// Before a block of an overlapping space only those nodes of other spaces run that it needs; the others follow it,
    /// first those that need nothing of what is under way. Nil where no block begins earlier. Keeps the order
    /// topological, and the order of blocks of overlapping spaces.
    func early(_ order: StretchOrder, _ overlaps: [Bool]) -> StretchOrder? {
        guard let rest = order.labels.first(where: { !overlaps[$0.space] })?.space,
            !order.labels.contains(where: { !overlaps[$0.space] && $0.space != rest })
        else { return nil }
        let label = SegmentLabel(space: rest, provider: 0)
        var result = StretchOrder(capacity: order.nodes.count)
        /// Nodes of the space that does not overlap, in order, which have not run yet.
        var pending: [Int32] = []
        /// Whether a node is needed by the block at hand, and whether it needs something under way.
        var isNeeded = Array(repeating: false, count: nodeCount)
        var needsOthers = isNeeded
        func run(_ nodes: [Int32]) {
            for part in [false, true] {
                let before = result.nodes.count
                for node in nodes where needsOthers[Int(node)] == part { result.append(Int(node)) }
                if result.nodes.count > before { result.endStretch(label) }
            }
        }
        for stretch in 0..<order.count {
            let range = order.range(stretch)
            guard overlaps[order.labels[stretch].space] else {
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
            result.endStretch(order.labels[stretch])
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
