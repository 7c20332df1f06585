import WeftGraph
import WeftPlacement
import WeftPlanning
import WeftProvider

extension PlanBuilder {
    /// Brings the values that bodies of a unit read on devices there, once for all trips, and returns where they are.
    func lend(
        _ unit: Specialised.Unit, _ bodies: UnitWork?, _ index: Int, _ layout: MemoryPlan.Layout,
        _ store: any ConstantStore, _ work: inout Assembly
    ) throws(WeftError) -> [Plan.Lend] {
        guard case .controlFlow(let node) = unit.kind, let readings = bodies?.readings, !readings.isEmpty else {
            return []
        }
        var lends: [Plan.Lend] = []
        for (device, readings) in Dictionary(grouping: readings.sorted(), by: \.device).sorted(by: { $0.key < $1.key })
        {
            let here = space(device)
            var builder = SegmentBuilder(here: here)
            let values = readings.map { homes.root[$0.value] }
            for value in values {
                guard let home = homes[value], let place = place(home, value, here, layout) else {
                    throw WeftError(
                        .internalInconsistency, "value '\(name(value))' has no place for a body",
                        node: node.label)
                }
                for position in unit.inputs.indices.suffix(node.captureCount)
                where homes.root[unit.inputs[position]] == value {
                    lends.append(.init(fromEnd: unit.inputs.count - position, space: here, place: place))
                }
                guard homes.uses[value].madeBy?.space != here, work.resident.insert([value, here]).inserted else {
                    continue
                }
                try bringIn(value, home, index, device, layout, &work)
                guard !isUnified(here) else { continue }
                builder.imports.append(value)
                builder.places[value] = place
            }
            if !builder.imports.isEmpty { try appendArrival(builder, device, node, store, &work) }
            work.record.waited(for: index)
            work.record.run(
                .init("what the bodies of \(node.label) read", space: here, operands: values, results: []),
                lane: device + 1, segment: nil)
        }
        return lends
    }

    /// Adds a segment without nodes, which copies its imports from staging to the device's own memory.
    private func appendArrival(
        _ builder: SegmentBuilder, _ device: Int, _ node: Node, _ store: any ConstantStore, _ work: inout Assembly
    ) throws(WeftError) {
        let segment = Segment(
            graph: GraphView(nodes: [], inputs: builder.imports, outputs: []), variants: [], imports: builder.imports)
        let compiled: any CompiledSegment
        do { compiled = try devices[device].device.compile(segment, constants: store) } catch {
            throw error.at(node: node.label)
        }
        let number = work.segments.count
        work.segments.append(
            .init(
                device: device, compiled: compiled, places: builder.places, scratch: 0, prepares: [], nodes: [],
                placed: [], imported: builder.imports.map(bytes), exported: []))
        work.steps += [.submit(number), .wait(number)]
    }
}
