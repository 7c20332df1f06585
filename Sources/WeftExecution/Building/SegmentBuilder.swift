import WeftPlanning
import WeftProvider

/// Collects one segment's nodes, places and transfers.
struct SegmentBuilder {
    let here: Int
    var placed: [PlacedNode] = []
    var places: [Int: Plan.PlannedPlace] = [:]
    var imports: [Int] = []
    var exports: [Int] = []
    var prepares: [Plan.Prepared] = []

    init(here: Int) { self.here = here }

    var nodes: [NodeView] { placed.map(\.view) }
    var seconds: Double { placed.reduce(0) { $0 + $1.price.seconds } }
    var planned: [Plan.PlannedNode] {
        placed.map { node in
            .init(
                label: node.view.label, opType: node.view.opType, variant: node.variant.name, work: node.variant.work,
                seconds: node.seconds)
        }
    }

    func scratch(workers: Int) -> Int {
        placed.map { $0.variant.scratch + (here == 0 ? $0.variant.scratchPerWorker * workers : 0) }.max() ?? 0
    }

    func segment() -> Segment {
        let nodes = nodes
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
            graph: GraphView(nodes: nodes, inputs: inputs, outputs: exports), variants: placed.map(\.variant),
            imports: imports, exports: exports)
    }
}
