import WeftPlacement
import WeftPlanning
import WeftProvider

extension PlanBuilder {
    /// A record with every value and its places; views count as the values that they are views of.
    package func record(_ layout: MemoryPlan.Layout) -> PlanRecord {
        var record = PlanRecord(spaceOfDevice: devices.indices.map { space($0) }, arenas: layout.arenas)
        let wanted = Set(outputs.map { homes.root[$0] })
        for (value, facts) in own.values.enumerated() {
            record.value(
                facts.name, isConstant: facts.contents != nil, isInput: inputs.contains(value),
                lent: Set(devices.indices.map { space($0) }).filter { homes.lentSpaces.contains([value, $0]) }.sorted(),
                isWanted: facts.contents == nil && wanted.contains(value),
                bytes: homes.root[value] == value ? facts.byteCount : nil,
                layout: facts.contents?.layout ?? facts.layout)
        }
        for (value, home) in homes.homes {
            for (space, block) in home.local {
                record.place(
                    value, space: space, layout.spots[block], replaces: space == 0 ? homes.overwrites[value] : nil)
            }
            let seen = homes.seen(home, value)
            for (space, block) in home.staging where !isUnified(space) {
                // If the host's kernels use the value in this staging, that is its place on the host.
                record.place(value, staging: space, isHosts: space == seen, layout.spots[block])
            }
        }
        return record
    }

    /// Records the item that runs next, with the values that the host reads or writes in a device's memory.
    func note(_ item: PlacedWork.Item, segment: Int?, device here: Int?, _ record: inout PlanRecord) {
        let space = space(here)
        var (label, device, able): (String, Int?, [Int]) = ("a part that runs by itself", nil, [])
        var layouts: [PlanDescription.ValueLayout] = []
        func told(_ value: Int, _ layout: Layout) { layouts.append(.init(value: value, layout: layout.name)) }
        switch item {
        case .node(let node):
            (label, device, able) = (node.view.label, node.device, node.able)
            for (index, operand) in node.view.inputs.enumerated() {
                if let operand { told(operand.value, node.variant.inputLayout(index)) }
            }
            for (index, operand) in node.view.outputs.enumerated() {
                if let operand { told(operand.value, node.variant.outputLayout(index)) }
            }
        case .unit: for value in item.inputs + item.outputs { told(value, .plain) }
        }
        let operands = item.inputs.map { homes.root[$0] }.filter { own.values[$0].contents == nil }
        var touches: [PlanDescription.Touch] = []
        if space == 0 {
            for value in operands + item.outputs {
                if let home = homes[value], let seen = homes.seen(home, value), isUnified(seen) {
                    touches.append(.init(value: value, space: seen))
                }
            }
        }
        record.run(
            .init(
                label, space: space, operands: operands, results: item.outputs, device: device, able: able,
                touches: touches, layouts: layouts),
            lane: space == 0 ? 0 : (here ?? 0) + 1, segment: segment)
    }
}
