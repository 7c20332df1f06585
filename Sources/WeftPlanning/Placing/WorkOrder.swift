import WeftGraph
import WeftPlacement
import WeftProvider

/// Orders placed work and divides it into segments, so that work stays in one memory space as long as it can.
struct WorkOrder {
    private let spaces: MemorySpaces

    init(_ spaces: MemorySpaces) { self.spaces = spaces }

    /// The segments of the quickest order, and its predicted seconds; each space is tried as the start.
    ///
    /// `outputs` are values that the host needs at the end. A unit is a segment of its own. Throws
    /// `.internalInconsistency` if the items have no order.
    func order(
        _ work: PlacedWork, outputs: [Int]
    ) throws(WeftError) -> (segments: [PlacedWork.Segment], seconds: Double) {
        let items = work.items
        var producer = [Int](repeating: -1, count: work.values.count)
        for (index, item) in items.enumerated() {
            for value in item.outputs { producer[value] = index }
        }
        let dependencies = items.map { item in item.inputs.compactMap { producer[$0] >= 0 ? producer[$0] : nil } }
        let engine = spaces.ofDevice.count
        let labels = items.map { item in
            switch item {
            case .node(let node): SegmentLabel(space: spaces.ofDevice[node.device], provider: node.device)
            case .unit: SegmentLabel(space: 0, provider: engine)
            }
        }
        let simulation = WorkSimulation(work, outputs: outputs, spaces: spaces)
        var best: (segments: [PlacedWork.Segment], seconds: Double)?
        do {
            let orders = OverlapOrders(
                try SegmentGraph(dependencies: dependencies), dependencies: dependencies, overlaps: spaces.overlaps)
            for order in orders.orders(labels) {
                let segments = segments(order, engine)
                let seconds = simulation.seconds(segments)
                if let known = best, (known.seconds, known.segments.count) <= (seconds, segments.count) { continue }
                best = (segments, seconds)
            }
        } catch {
            throw WeftError(.internalInconsistency, "the plan's nodes have no order: \(error)")
        }
        return best ?? ([], 0)
    }

    private func segments(_ order: [OrderedSegment], _ engine: Int) -> [PlacedWork.Segment] {
        var segments: [PlacedWork.Segment] = []
        for segment in order {
            if segment.label.provider == engine {
                for item in segment.nodes { segments.append(.init(device: nil, items: [item])) }
            } else {
                segments.append(.init(device: segment.label.provider, items: segment.nodes))
            }
        }
        return segments
    }
}
