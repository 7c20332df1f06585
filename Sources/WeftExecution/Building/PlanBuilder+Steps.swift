import WeftGraph
import WeftInterpreter
import WeftPlacement
import WeftPlanning
import WeftProvider

extension PlanBuilder {
    /// A plan's steps while they are written, with its report, record and transfers.
    struct Assembly {
        var steps: [Plan.Step] = []
        var segments: [Plan.PlannedSegment] = []
        var report: PlacementReport
        var record: PlanRecord
        var phases: PhaseLog
        var transfers = TransferLog()
        /// Values that are in a device's own memory already, as value and space.
        var resident: Set<[Int]> = []
        /// Segments that were submitted to devices and not yet waited for, in order.
        var outstanding: [Outstanding] = []

        struct Outstanding {
            let index: Int
            let compiled: Int
            let space: Int
            /// Values that are copied from the device's staging to slots when the segment is over.
            var copies: [(value: Int, spot: Spot, into: Plan.Prepared, transfer: Int)] = []
        }
    }

    func assemble(
        _ layout: MemoryPlan.Layout, _ needs: [DeviceNeed], _ store: PackedStore.Lease
    ) throws(WeftError) -> Plan {
        var work = Assembly(
            report: frame == 0 ? placed.report : placed.report.body(frame), record: record(layout), phases: phases)
        work.resident = homes.lentSpaces
        var lastRead: [Int: Int] = [:]
        for value in own.values.indices {
            if let last = homes.uses[value].readers.map(\.segment).max() { lastRead[value] = last }
        }
        let keep = Set(inputs + outputs.map { homes.root[$0] })
        for (index, segment) in homes.segments.enumerated() {
            wait(before: index, &work)
            if let device = segment.device {
                try append(segment, index, device, layout, store, &work)
            } else if case .unit(let unit, let bodies) = own.items[segment.items[0]] {
                let lends = try lend(unit, bodies, index, layout, store, &work)
                try append(unit, bodies, lends, &work)
                note(own.items[segment.items[0]], segment: nil, device: nil, &work.record)
            }
            appendRelease(&work.steps, segment: index, lastRead, keep)
        }
        wait(before: homes.segments.count, &work)
        try work.record.verify()
        var results: [Plan.Source] = []
        for value in outputs { results.append(try source(value)) }
        work.report.arenaBytes = layout.arenas.map { arena in
            let name = arena.device.map { devices[$0].description.memorySpace } ?? DeviceDescription.hostSpace
            return (arena.device != nil && arena.kind == .hostVisible ? "\(name) staging" : name, arena.bytes)
        }
        work.report.memory = memory(needs, store)
        return Plan(
            steps: work.steps, segments: work.segments, arenas: layout.arenas,
            scratchBytes: work.segments.filter { space($0.device) == 0 }.map(\.scratch).max() ?? 0,
            slotCount: homes.slots.count, inputSlots: inputs.compactMap { homes.slots[$0] }, outputs: results,
            outputTypes: outputs.map { own.values[$0].type }, report: work.report, title: title,
            transfers: work.transfers.finished(), phases: work.phases, needs: needs, weights: store)
    }

    // MARK: Waiting

    /// Waits for segments that have to be over before a segment begins, and copies their results to slots.
    private func wait(before segment: Int, _ work: inout Assembly) {
        for over in work.outstanding where homes.waits[over.index] <= segment {
            work.steps.append(.wait(over.compiled))
            work.record.waited(for: over.index)
            for copy in over.copies {
                work.transfers.copied(copy.transfer, by: work.steps.count)
                work.steps.append(.copyOut(from: copy.spot, into: copy.into))
                work.record.copyOut(copy.value, from: over.space, isStaged: !isUnified(over.space))
            }
        }
        work.outstanding.removeAll { homes.waits[$0.index] <= segment }
    }

    // MARK: Units

    private func append(
        _ unit: Specialised.Unit, _ bodies: UnitWork?, _ lends: [Plan.Lend], _ work: inout Assembly
    ) throws(WeftError) {
        var sources: [Plan.Source] = []
        for value in unit.inputs { sources.append(try source(value)) }
        let point = PlannedTransfer.Point.step(work.steps.count)
        for value in unit.inputs where value != Node.absent { work.transfers.read(homes.root[value], in: 0, at: point) }
        for value in unit.outputs where value != Node.absent { work.transfers.made(value, at: point) }
        work.steps.append(
            .unit(
                .init(
                    label: unit.label, kind: unit.kind, inputs: sources, outputs: unit.outputs.map { homes.slots[$0] },
                    bodies: self.bodies(of: bodies), lends: lends)))
    }

    // MARK: Segments

    private func append(
        _ segment: PlacedWork.Segment, _ index: Int, _ device: Int, _ layout: MemoryPlan.Layout,
        _ store: any ConstantStore, _ work: inout Assembly
    ) throws(WeftError) {
        let here = space(device)
        var builder = SegmentBuilder(here: here)
        for item in segment.items {
            guard case .node(let node) = own.items[item] else { continue }
            builder.placed.append(node)
            let point = PlannedTransfer.Point.node(segment: work.segments.count, index: builder.placed.count - 1)
            for case let operand? in node.view.inputs where operand.constant == nil {
                work.transfers.read(homes.root[operand.value], in: here, at: point)
            }
            for case let operand? in node.view.outputs { work.transfers.made(homes.root[operand.value], at: point) }
            for case let operand? in node.view.inputs + node.view.outputs where operand.constant == nil {
                let value = homes.root[operand.value]
                guard let home = homes[value], let place = place(home, value, here, layout) else {
                    throw WeftError(
                        .internalInconsistency, "value '\(name(value))' has no place",
                        node: node.view.label)
                }
                builder.places[operand.value] = place
                builder.places[value] = place
            }
            for case let operand? in node.view.inputs where operand.constant == nil && here != 0 {
                let value = homes.root[operand.value]
                guard homes.uses[value].madeBy?.space != here, work.resident.insert([value, here]).inserted,
                    let home = homes[value]
                else { continue }
                try bringIn(value, home, index, device, layout, &work)
                if !isUnified(here) { builder.imports.append(value) }
            }
        }
        for item in segment.items { note(own.items[item], segment: index, device: device, &work.record) }
        var outstanding = Assembly.Outstanding(index: index, compiled: work.segments.count, space: here)
        for item in segment.items {
            for value in own.items[item].outputs {
                guard let home = homes[value] else { continue }
                if here == 0 {
                    if let slot = home.slot { builder.prepares.append(try prepared(value, slot)) }
                } else if homes.root[value] == value, let staging = home.staging[here] {
                    if !isUnified(here) { builder.exports.append(value) }
                    let transfer = sendBack(value, index, device, home, &work)
                    if let slot = home.slot {
                        outstanding.copies.append(
                            (value, layout.spots[staging], try prepared(value, slot), transfer))
                    }
                }
            }
        }
        let compiled = try work.phases.measure(
            "compile segment \(work.segments.count) for \(devices[device].description.id)"
        ) { () throws(WeftError) in try devices[device].device.compile(builder.segment(), constants: store) }
        if here == 0 {
            work.steps.append(.segment(work.segments.count))
        } else {
            work.steps.append(.submit(work.segments.count))
            work.outstanding.append(outstanding)
        }
        work.segments.append(
            .init(
                device: device, compiled: compiled, places: builder.places,
                scratch: builder.scratch(workers: workerCount), prepares: builder.prepares, nodes: builder.planned,
                placed: builder.placed, imported: builder.imports.map(bytes), exported: builder.exports.map(bytes)))
        work.report.segments.append(
            .init(
                device: devices[device].description.id, nodes: builder.nodes.map(\.label),
                seconds: builder.seconds + devices[device].rates.segment))
    }

    /// Adds the transfer of a value to a device, and a copy into its staging unless host kernels wrote it there.
    func bringIn(
        _ value: Int, _ home: ValueHomes.Home, _ segment: Int, _ device: Int, _ layout: MemoryPlan.Layout,
        _ work: inout Assembly
    ) throws(WeftError) {
        let here = space(device)
        guard let staging = home.staging[here] else {
            throw WeftError(.internalInconsistency, "value '\(name(value))' has no staging")
        }
        let from = homes.uses[value].madeBy?.space ?? 0
        work.report.transfers.append(
            .init(
                value: name(value),
                from: from == 0 ? DeviceDescription.hostSpace : devices[from - 1].description.memorySpace,
                to: devices[device].description.memorySpace, bytes: bytes(value),
                price: devices[device].transferPrice(bytes(value), isUpload: true)))
        let target = layout.spots[staging]
        let before = work.steps.count
        if let slot = home.slot {
            work.steps.append(.copyIn(slot: slot, to: target))
        } else if from != 0, let source = home.staging[from] {
            work.steps.append(.copyAcross(from: layout.spots[source], to: target))
        } else if from == 0, let first = home.staging.min(by: { $0.key < $1.key }), first.key != here {
            work.steps.append(.copyAcross(from: layout.spots[first.value], to: target))
        }
        let isCopied = work.steps.count > before
        _ = work.transfers.transfer(
            value, name(value), bytes: bytes(value), from: from, to: here,
            segment: work.segments.count, copy: isCopied ? before : nil)
        work.record.bringIn(
            value, to: here, lane: device + 1, segment: segment, isCopied: isCopied, isStaged: !isUnified(here))
    }

    /// Adds the transfer of a value to the host when its segment is over; returns the transfer's number.
    private func sendBack(
        _ value: Int, _ segment: Int, _ device: Int, _ home: ValueHomes.Home, _ work: inout Assembly
    ) -> Int {
        let here = space(device)
        work.report.transfers.append(
            .init(
                value: name(value), from: devices[device].description.memorySpace,
                to: DeviceDescription.hostSpace, bytes: bytes(value),
                price: devices[device].transferPrice(bytes(value), isUpload: false)))
        work.record.sendBack(
            value, from: here, lane: device + 1, segment: segment, toSlot: home.slot != nil, isStaged: !isUnified(here))
        return work.transfers.transfer(
            value, name(value), bytes: bytes(value), from: here, to: 0, segment: work.segments.count,
            copy: nil)
    }

    // MARK: Places

    private func source(_ value: Int) throws(WeftError) -> Plan.Source {
        guard value != Node.absent else { return .absent }
        if let constant = own.values[value].contents { return .constant(constant) }
        guard let slot = homes[homes.root[value]]?.slot ?? homes.slots[value] else {
            throw WeftError(.internalInconsistency, "value '\(name(value))' has no slot")
        }
        return .slot(slot)
    }

    private func prepared(_ value: Int, _ slot: Int) throws(WeftError) -> Plan.Prepared {
        guard case .tensor(let type, .fixed(let shape)) = own.values[value].type else {
            throw WeftError(.internalInconsistency, "value '\(name(value))' has no shape")
        }
        return .init(slot: slot, type: type, shape: shape)
    }

    package func place(_ home: ValueHomes.Home, _ value: Int, _ here: Int, _ layout: MemoryPlan.Layout) -> Plan
        .PlannedPlace?
    {
        if here == 0 {
            if let slot = home.slot { return .slot(slot) }
            if let local = home.local[0] { return .arena(layout.spots[local], staging: nil) }
            return homes.seen(home, value).flatMap { home.staging[$0] }.map { .arena(layout.spots[$0], staging: nil) }
        }
        if homes.lentSpaces.contains([value, here]) { return inputs.firstIndex(of: value).map { .lent(input: $0) } }
        guard let local = home.local[here] else { return nil }
        return .arena(layout.spots[local], staging: home.staging[here].map { layout.spots[$0] })
    }

    private func appendRelease(
        _ steps: inout [Plan.Step], segment: Int, _ lastRead: [Int: Int], _ keep: Set<Int>
    ) {
        var done: [Int] = []
        for (value, last) in lastRead where last == segment && !keep.contains(value) {
            if let slot = homes[value]?.slot { done.append(slot) }
        }
        if !done.isEmpty { steps.append(.release(done.sorted())) }
    }
}
