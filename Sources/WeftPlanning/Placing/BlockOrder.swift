import WeftGraph
import WeftPlacement
import WeftProvider

/// Orders placed work and divides it into blocks, so that work stays in one memory space as long as it can.
struct BlockOrder {
    private let spaces: MemorySpaces

    init(_ spaces: MemorySpaces) { self.spaces = spaces }

    /// The blocks of the quickest order, and its predicted seconds; each space is tried as the start.
    ///
    /// `outputs` are values that the host needs at the end. A unit is a block of its own. Throws
    /// `.internalInconsistency` if the items have no order.
    func order(
        _ work: PlacedWork, outputs: [Int]
    ) throws(WeftError) -> (blocks: [PlacedWork.Block], seconds: Double) {
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
        let simulation = BlockSimulation(work, outputs: outputs, spaces: spaces)
        var best: (blocks: [PlacedWork.Block], seconds: Double)?
        do {
            let orders = OverlapOrders(
                try SegmentGraph(dependencies: dependencies), dependencies: dependencies, overlaps: spaces.overlaps)
            for stretches in orders.orders(labels) {
                let blocks = blocks(stretches, engine)
                let seconds = simulation.seconds(blocks)
                if let known = best, (known.seconds, known.blocks.count) <= (seconds, blocks.count) { continue }
                best = (blocks, seconds)
            }
        } catch {
            throw WeftError(.internalInconsistency, "the plan's nodes have no order: \(error)")
        }
        return best ?? ([], 0)
    }

    private func blocks(_ stretches: [Stretch], _ engine: Int) -> [PlacedWork.Block] {
        var blocks: [PlacedWork.Block] = []
        for stretch in stretches {
            if stretch.label.provider == engine {
                for item in stretch.nodes { blocks.append(.init(device: nil, items: [item])) }
            } else {
                blocks.append(.init(device: stretch.label.provider, items: stretch.nodes))
            }
        }
        return blocks
    }
}
