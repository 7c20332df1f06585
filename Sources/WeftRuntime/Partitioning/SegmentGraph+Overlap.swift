extension SegmentGraph {
    /// The same work with that of overlapping spaces begun as early as it can be, and waited for as late.
    ///
    /// Before a block of an overlapping space only those nodes of other spaces run that it needs; the others follow it,
    /// first those that need nothing of what is under way. Nil where no block begins earlier. Keeps the order
    /// topological, and the order of blocks of overlapping spaces.
    func early(_ blocks: [Block], _ overlaps: [Bool]) -> [Block]? {
        guard let rest = blocks.first(where: { !overlaps[$0.label] })?.label,
            !blocks.contains(where: { !overlaps[$0.label] && $0.label != rest })
        else { return nil }
        var result: [Block] = []
        /// Nodes of the space that does not overlap, in order, which have not run yet.
        var pending: [Int] = []
        /// Whether a node is needed by the block at hand, and whether it needs something under way.
        var isNeeded = Array(repeating: false, count: nodeCount)
        var needsOthers = isNeeded
        func run(_ nodes: [Int]) {
            let parts = [nodes.filter { !needsOthers[$0] }, nodes.filter { needsOthers[$0] }]
            for part in parts where !part.isEmpty { result.append((rest, part)) }
        }
        for block in blocks {
            guard overlaps[block.label] else {
                pending += block.nodes
                spread(from: block.nodes, &needsOthers)
                continue
            }
            for node in block.nodes { isNeeded[node] = true }
            for node in pending.reversed() {
                isNeeded[node] = (first[node]..<first[node + 1]).contains { isNeeded[successors[$0]] }
            }
            run(pending.filter { isNeeded[$0] })
            pending.removeAll { isNeeded[$0] }
            result.append(block)
            for node in block.nodes { needsOthers[node] = true }
            spread(from: block.nodes, &needsOthers)
        }
        run(pending)
        return result.count == blocks.count && zip(result, blocks).allSatisfy { $0.nodes == $1.nodes } ? nil : result
    }

    /// Marks the successors of marked nodes; `nodes` in topological order.
    private func spread(from nodes: [Int], _ marks: inout [Bool]) {
        for node in nodes where marks[node] {
            for next in first[node]..<first[node + 1] { marks[successors[next]] = true }
        }
    }
}
