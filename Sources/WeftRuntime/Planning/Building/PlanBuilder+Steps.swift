import WeftGraph
import WeftProvider

extension PlanBuilder {
    private func source(_ value: Int, _ homes: [Int: Home]) throws(WeftError) -> Plan.Source {
        guard value != Node.absent else { return .absent }
        if let constant = placed.values[value].contents { return .constant(constant) }
        guard let slot = homes[root[value]]?.slot ?? slots[value] else {
            throw WeftError(.internalInconsistency, "value '\(placed.values[value].name)' has no slot")
        }
        return .slot(slot)
    }

    private func prepared(_ value: Int, _ slot: Int) throws(WeftError) -> Plan.Prepared {
        guard case .tensor(let type, .fixed(let shape)) = placed.values[value].type else {
            throw WeftError(.internalInconsistency, "value '\(placed.values[value].name)' has no shape")
        }
        return .init(slot: slot, type: type, shape: shape)
    }

    mutating func assemble(
        _ homes: [Int: Home], _ layout: MemoryPlan.Layout, _ needs: [DeviceNeed], _ store: any ConstantStore,
        _ contextLimit: Int
    ) throws(WeftError) -> Plan {
        var steps: [Plan.Step] = []
        var segments: [Plan.PlannedSegment] = []
        var resident: Set<[Int]> = []
        var report = placed.report
        var record = record(homes, layout)
        var transfers = TransferLog()
        var lastRead: [Int: Int] = [:]
        for value in placed.values.indices {
            if let last = uses[value].readers.map(\.block).max() { lastRead[value] = last }
        }
        let keep = Set(inputs + outputs.map { root[$0] })
        for (index, block) in blocks.enumerated() {
            guard let device = block.device else {
                guard case .unit(let unit) = placed.items[block.items[0]] else { continue }
                var sources: [Plan.Source] = []
                for value in unit.inputs { sources.append(try source(value, homes)) }
                for value in unit.inputs where value != Node.absent {
                    transfers.read(root[value], in: 0, at: .step(steps.count))
                }
                for value in unit.outputs where value != Node.absent { transfers.made(value, at: .step(steps.count)) }
                steps.append(
                    .unit(
                        .init(
                            label: unit.label, kind: unit.kind, inputs: sources,
                            outputs: unit.outputs.map { slots[$0] })))
                note(placed.items[block.items[0]], space: 0, &record)
                appendRelease(&steps, block: index, lastRead, keep, homes)
                continue
            }
            let here = space(device)
            var builder = SegmentBuilder(here: here)
            for item in block.items {
                guard case .node(let node) = placed.items[item] else { continue }
                builder.add(node)
                let point = PlannedTransfer.Point.node(segment: segments.count, index: builder.nodes.count - 1)
                for case let operand? in node.view.inputs where operand.constant == nil {
                    transfers.read(root[operand.value], in: here, at: point)
                }
                for case let operand? in node.view.outputs { transfers.made(root[operand.value], at: point) }
                for operand in node.view.inputs + node.view.outputs {
                    guard let operand, operand.constant == nil else { continue }
                    let value = root[operand.value]
                    guard let home = homes[value], let place = place(home, value, here, layout) else {
                        throw WeftError(
                            .internalInconsistency, "value '\(placed.values[value].name)' has no place",
                            node: node.view.label)
                    }
                    builder.places[operand.value] = place
                    builder.places[value] = place
                }
                for operand in node.view.inputs {
                    guard let operand, operand.constant == nil, here != 0 else { continue }
                    let value = root[operand.value]
                    let producer = uses[value].madeBy
                    guard producer?.space != here, resident.insert([value, here]).inserted, let home = homes[value]
                    else { continue }
                    let copied = try bringIn(value, home, producer?.space ?? 0, here, layout, &steps, &report)
                    transfers.transfer(
                        value, placed.values[value].name, bytes: bytes(value), from: producer?.space ?? 0, to: here,
                        segment: segments.count, copy: copied ? steps.count - 1 : nil)
                    if !isUnified(here) { builder.imports.append(value) }
                    record.transfer(value, from: 0, to: here)
                }
            }
            for item in block.items { note(placed.items[item], space: here, &record) }
            var copies: [Plan.Step] = []
            for item in block.items {
                for value in placed.items[item].outputs where here != 0 && root[value] == value {
                    guard let home = homes[value], let staging = home.staging[here] else { continue }
                    if !isUnified(here) { builder.exports.append(value) }
                    record.transfer(value, from: here, to: 0)
                    report.transfers.append(
                        .init(
                            value: placed.values[value].name, from: devices[device].description.memorySpace,
                            to: DeviceDescription.hostSpace, bytes: bytes(value)))
                    transfers.transfer(
                        value, placed.values[value].name, bytes: bytes(value), from: here, to: 0,
                        segment: segments.count, copy: home.slot == nil ? nil : steps.count + 1 + copies.count)
                    if let slot = home.slot {
                        copies.append(
                            .copyOut(from: layout.spots[staging], into: try prepared(value, slot)))
                    }
                }
            }
            if here == 0 {
                for item in block.items {
                    for value in placed.items[item].outputs {
                        if let slot = homes[value]?.slot { builder.prepares.append(try prepared(value, slot)) }
                    }
                }
            }
            let scratch = builder.scratch(workers: workerCount)
            let compiled = try phases.measure(
                "compile segment \(segments.count) for \(devices[device].description.id)"
            ) { () throws(WeftError) in try devices[device].device.compile(builder.segment(), constants: store) }
            steps.append(.segment(segments.count))
            segments.append(
                .init(
                    device: device, compiled: compiled, places: builder.places, scratch: scratch,
                    prepares: builder.prepares, nodes: builder.planned))
            steps += copies
            report.segments.append(
                .init(
                    device: devices[device].description.id, nodes: builder.nodes.map(\.label), seconds: builder.seconds)
            )
            appendRelease(&steps, block: index, lastRead, keep, homes)
        }
        try record.verify()
        var results: [Plan.Source] = []
        for value in outputs { results.append(try source(value, homes)) }
        let hostScratch = segments.filter { space($0.device) == 0 }.map(\.scratch).max() ?? 0
        report.arenaBytes = layout.arenas.map { arena in
            let name = arena.device.map { devices[$0].description.memorySpace } ?? DeviceDescription.hostSpace
            return (arena.device != nil && arena.kind == .hostVisible ? "\(name) staging" : name, arena.bytes)
        }
        var needs = needs
        for index in needs.indices {
            // Each segment of a device has scratch memory of its own.
            needs[index].scratch = segments.filter { $0.device == needs[index].device }.reduce(0) { $0 + $1.scratch }
        }
        return Plan(
            steps: steps, segments: segments, arenas: layout.arenas, scratchBytes: hostScratch, slotCount: slots.count,
            inputSlots: inputs.compactMap { slots[$0] }, outputs: results,
            outputTypes: outputs.map { placed.values[$0].type }, report: report, title: title,
            transfers: transfers.finished(), phases: phases, needs: needs, contextLimit: contextLimit)
    }

    /// The record with every value and its places; views count as what they are views of.
    private func record(_ homes: [Int: Home], _ layout: MemoryPlan.Layout) -> PlanRecord {
        var record = PlanRecord(spaceOfDevice: devices.indices.map { space($0) }, arenas: layout.arenas)
        let wanted = Set(outputs.map { root[$0] })
        let everywhere = Array(0...devices.count)
        for (value, facts) in placed.values.enumerated() {
            let given = facts.contents != nil ? everywhere : inputs.contains(value) ? [0] : []
            record.value(
                facts.name, given: given, wanted: facts.contents == nil && wanted.contains(value),
                bytes: root[value] == value ? facts.byteCount : nil)
        }
        for (value, home) in homes {
            for (space, block) in home.local {
                record.place(value, space: space, layout.spots[block], replaces: space == 0 ? overwrites[value] : nil)
            }
            guard home.slot == nil, home.local[0] == nil else { continue }
            let origin = uses[value].madeBy?.space ?? 0
            let seen = origin != 0 ? origin : home.staging.keys.min()
            if let seen, !isUnified(seen), let block = home.staging[seen] {
                record.place(value, space: 0, layout.spots[block], replaces: nil)
            }
        }
        return record
    }

    private func note(_ item: Placed.Item, space: Int, _ record: inout PlanRecord) {
        var (label, device, able): (String, Int?, [Int]) = ("a part that runs by itself", nil, [])
        if case .node(let node) = item { (label, device, able) = (node.view.label, node.device, node.able) }
        record.run(
            label, space: space, operands: item.inputs.map { root[$0] }.filter { placed.values[$0].contents == nil },
            results: item.outputs, device: device, able: able)
    }

    private func place(_ home: Home, _ value: Int, _ here: Int, _ layout: MemoryPlan.Layout) -> Plan.PlannedPlace? {
        if here == 0 {
            if let slot = home.slot { return .slot(slot) }
            if let local = home.local[0] { return .arena(layout.spots[local], staging: nil) }
            let origin = uses[value].madeBy?.space ?? 0
            let staging = origin != 0 ? home.staging[origin] : home.staging.min { $0.key < $1.key }?.value
            return staging.map { .arena(layout.spots[$0], staging: nil) }
        }
        guard let local = home.local[here] else { return nil }
        return .arena(layout.spots[local], staging: home.staging[here].map { layout.spots[$0] })
    }

    /// Copies a value into a device's staging, unless host kernels wrote it there; returns whether it takes a step.
    private func bringIn(
        _ value: Int, _ home: Home, _ from: Int, _ here: Int, _ layout: MemoryPlan.Layout,
        _ steps: inout [Plan.Step], _ report: inout PlacementReport
    ) throws(WeftError) -> Bool {
        guard let staging = home.staging[here] else {
            throw WeftError(.internalInconsistency, "value '\(placed.values[value].name)' has no staging")
        }
        report.transfers.append(
            .init(
                value: placed.values[value].name,
                from: from == 0 ? DeviceDescription.hostSpace : devices[from - 1].description.memorySpace,
                to: devices[here - 1].description.memorySpace, bytes: bytes(value)))
        let target = layout.spots[staging]
        let before = steps.count
        if let slot = home.slot {
            steps.append(.copyIn(slot: slot, to: target))
        } else if from != 0, let source = home.staging[from] {
            steps.append(.copyAcross(from: layout.spots[source], to: target))
        } else if from == 0, let first = home.staging.min(by: { $0.key < $1.key }), first.key != here {
            steps.append(.copyAcross(from: layout.spots[first.value], to: target))
        }
        return steps.count > before
    }

    private func appendRelease(
        _ steps: inout [Plan.Step], block: Int, _ lastRead: [Int: Int], _ keep: Set<Int>, _ homes: [Int: Home]
    ) {
        var done: [Int] = []
        for (value, last) in lastRead where last == block && !keep.contains(value) {
            if let slot = homes[value]?.slot { done.append(slot) }
        }
        if !done.isEmpty { steps.append(.release(done.sorted())) }
    }
}
