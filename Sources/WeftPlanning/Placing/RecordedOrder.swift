import WeftProvider

extension Draft {
    /// The same work in an order that was recorded, whatever order today's prices would give it.
    ///
    /// Throws `.invalidPlan` where the order is none of this work's.
    package func ordered(_ order: [[Int]], outputs: [Int], spaces: MemorySpaces) throws(WeftError) -> Draft {
        guard isOrder(order) else {
            throw WeftError(
                .invalidPlan, "the plan file's order of work does not fit its nodes: the file was changed",
                hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`")
        }
        let blocks = order.map { PlacedWork.Block(device: device(of: $0[0]), items: $0) }
        let simulation = BlockSimulation(work.items, values: work.values, outputs: outputs, spaces: spaces)
        var copy = work
        copy.blocks = blocks
        return Draft(work: copy, seconds: simulation.seconds(blocks), bodies: bodies)
    }

    /// Whether every item comes once, after what it reads, each block being of one device and a unit one by itself.
    func isOrder(_ order: [[Int]]) -> Bool {
        guard order.reduce(0, { $0 + $1.count }) == work.items.count else { return false }
        var maker = [Int](repeating: -1, count: work.values.count)
        for (index, item) in work.items.enumerated() { for value in item.outputs { maker[value] = index } }
        var isDone = [Bool](repeating: false, count: work.items.count)
        for block in order {
            guard let first = block.first, work.items.indices.contains(first) else { return false }
            let device = device(of: first)
            guard device != nil || block.count == 1 else { return false }
            for item in block {
                guard work.items.indices.contains(item), !isDone[item], self.device(of: item) == device,
                    work.items[item].inputs.allSatisfy({ maker[$0] < 0 || isDone[maker[$0]] })
                else { return false }
                isDone[item] = true
            }
        }
        return true
    }

    private func device(of item: Int) -> Int? {
        if case .node(let node) = work.items[item] { return node.device }
        return nil
    }
}
