import WeftGraph
import WeftProvider

extension PlanBuilder {
    /// Spaces in which inputs are read that the caller brings there, as value and space.
    ///
    /// What reads a lent input under another name, as a view of the host's, is not the caller's matter.
    static func lentSpaces(_ placed: Placed, _ devices: [EngineDevice]) -> Set<[Int]> {
        var found: Set<[Int]> = []
        func read(_ value: Int, _ device: Int) {
            if placed.values[value].isLent, !devices[device].description.isHost { found.insert([value, device + 1]) }
        }
        for item in placed.items {
            switch item {
            case .node(let node): for case let operand? in node.view.inputs { read(operand.value, node.device) }
            case .unit(let unit): for reading in unit.work?.readings ?? [] { read(reading.value, reading.device) }
            }
        }
        return found
    }

    /// Brings what the bodies of a unit read in devices' memory there, once for all of their trips, and says where.
    mutating func lend(
        _ unit: Specialised.Unit, _ index: Int, _ homes: [Int: Home], _ layout: MemoryPlan.Layout,
        _ store: any ConstantStore, _ work: inout Assembly
    ) throws(WeftError) -> [Plan.Lend] {
        guard case .controlFlow(let node) = unit.kind, let readings = unit.work?.readings, !readings.isEmpty else {
            return []
        }
        var lends: [Plan.Lend] = []
        for (device, readings) in Dictionary(grouping: readings.sorted(), by: \.device).sorted(by: { $0.key < $1.key })
        {
            let here = space(device)
            var builder = SegmentBuilder(here: here)
            let values = readings.map { root[$0.value] }
            for value in values {
                guard let home = homes[value], let place = place(home, value, here, layout) else {
                    throw WeftError(
                        .internalInconsistency, "value '\(placed.values[value].name)' has no place for a body",
                        node: node.label)
                }
                for position in unit.inputs.indices.suffix(node.captureCount) where root[unit.inputs[position]] == value
                {
                    lends.append(.init(fromEnd: unit.inputs.count - position, device: device, place: place))
                }
                guard uses[value].madeBy?.space != here, work.resident.insert([value, here]).inserted else { continue }
                try bringIn(value, home, index, here, layout, &work)
                guard !isUnified(here) else { continue }
                builder.imports.append(value)
                builder.places[value] = place
            }
            if !builder.imports.isEmpty { try appendArrival(builder, device, node, store, &work) }
            work.record.waited(for: index)
            work.record.run(
                .init("what the bodies of \(node.label) read", space: here, operands: values, results: []), block: nil)
        }
        return lends
    }

    /// A segment without nodes: it copies what comes from staging to the device's own memory.
    private mutating func appendArrival(
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
