import WeftProvider

extension PlacedWork {
    /// The segments of a recorded order, each a list of item numbers; prices have no say.
    ///
    /// Throws `.invalidPlan` if the order does not fit the items.
    func segments(recorded order: [[Int]]) throws(WeftError) -> [Segment] {
        guard isOrder(order) else {
            throw WeftError(
                .invalidPlan, "the plan file's order of work does not fit its nodes: the file was changed",
                hint: "make the plan anew with `weft explain --save-plan` or `weft tune --save`")
        }
        return order.map { Segment(device: items[$0[0]].node?.device, items: $0) }
    }

    /// Whether an order has every item once and after the items that it reads from.
    ///
    /// Each segment has to be on one device, and a unit has to be a segment of its own.
    func isOrder(_ order: [[Int]]) -> Bool {
        guard order.reduce(0, { $0 + $1.count }) == items.count else { return false }
        var maker = [Int](repeating: -1, count: values.count)
        for (index, item) in items.enumerated() { for value in item.outputs { maker[value] = index } }
        var isDone = [Bool](repeating: false, count: items.count)
        for segment in order {
            guard let first = segment.first, items.indices.contains(first) else { return false }
            let device = items[first].node?.device
            guard device != nil || segment.count == 1 else { return false }
            for item in segment {
                guard items.indices.contains(item), !isDone[item], items[item].node?.device == device,
                    items[item].inputs.allSatisfy({ maker[$0] < 0 || isDone[maker[$0]] })
                else { return false }
                isDone[item] = true
            }
        }
        return true
    }
}
