import WeftProvider

/// Collects one segment's nodes, places and crossings.
struct SegmentBuilder {
    let here: Int
    var nodes: [NodeView] = []
    var variants: [Variant] = []
    var places: [Int: Plan.PlannedPlace] = [:]
    var imports: [Int] = []
    var exports: [Int] = []
    var prepares: [Plan.Prepared] = []
    var planned: [Plan.PlannedNode] = []
    var seconds = 0.0

    init(here: Int) { self.here = here }

    mutating func add(_ node: PlacedNode) {
        nodes.append(node.view)
        variants.append(node.variant)
        seconds += node.seconds
        planned.append(
            .init(
                label: node.view.label, opType: node.view.opType, variant: node.variant.name, work: node.variant.work,
                seconds: node.seconds))
    }

    func scratch(workers: Int) -> Int {
        variants.map { $0.scratch + (here == 0 ? $0.scratchPerWorker * workers : 0) }.max() ?? 0
    }

    func segment() -> Segment {
        let made = Set(nodes.flatMap { $0.outputs.compactMap { $0?.value } })
        var inputs: [Int] = []
        var seen: Set<Int> = []
        for node in nodes {
            for case let operand? in node.inputs
            where operand.constant == nil && !made.contains(operand.value) && seen.insert(operand.value).inserted {
                inputs.append(operand.value)
            }
        }
        return Segment(
            graph: GraphView(nodes: nodes, inputs: inputs, outputs: exports), variants: variants,
            imports: imports, exports: exports)
    }
}
