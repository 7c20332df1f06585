import WeftGraph
import WeftPlacement
import WeftProvider

/// Puts placed work in one order, in blocks of one device that stay in a memory space as long as they can.
struct BlockOrder {
    private let spaces: MemorySpaces

    init(_ spaces: MemorySpaces) { self.spaces = spaces }

    /// The quickest of the orders, each space being tried as the start. `outputs` have to end on the host.
    ///
    /// A unit is a block of its own.
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
