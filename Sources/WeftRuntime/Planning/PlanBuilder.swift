import WeftGraph
import WeftProvider

/// Gives every value of a placed graph a place, lists the copies between memories, and compiles the segments.
struct PlanBuilder {
    private let placed: Placed
    private let inputs: [Int]
    private let outputs: [Int]
    private let devices: [EngineDevice]
    private let workerCount: Int

    /// Blocks with their nodes that are left after views have gone.
    private var blocks: [Placed.Block] = []
    /// The value whose memory a view has; itself for all others.
    private var root: [Int]
    private var slots: [Int: Int] = [:]
    private var uses: [ValueUse] = []
    /// First and last moment of each block; a moment for each node.
    private var spans: [ClosedRange<Int>] = []
    /// The value over whose memory another is written.
    private var overwrites: [Int: Int] = [:]

    /// How a value comes to be and who reads it, views counted with what they are views of.
    private struct ValueUse {
        /// Index into the devices' memory spaces of the producer; nil for slots' values.
        var madeBy: (block: Int, time: Int, space: Int)?
        var readers: [(block: Int, time: Int, space: Int)] = []
        var needsSlot = false
    }

    init(
        _ placed: Placed, inputs: [Int], outputs: [Int], devices: [EngineDevice], workerCount: Int
    ) {
        self.placed = placed
        self.inputs = inputs
        self.outputs = outputs
        self.devices = devices
        self.workerCount = workerCount
        root = Array(placed.values.indices)
        uses = [ValueUse](repeating: ValueUse(), count: placed.values.count)
    }

    /// Space 0 is the host; the others are devices with memory of their own, by device number plus one.
    private func space(_ device: Int?) -> Int {
        guard let device, !devices[device].description.isHost else { return 0 }
        return device + 1
    }

    private func isUnified(_ space: Int) -> Bool { devices[space - 1].description.unifiedMemory }

    mutating func build(
        constants store: any ConstantStore, contextLimit: Int
    ) throws(WeftError) -> Plan {
        findSlotsAndViews()
        collectUses()
        var memory = MemoryPlan(devices: devices)
        let homes = assignHomes(&memory)
        let layout = try memory.layOut()
        return try assemble(homes, memory, layout, store, contextLimit)
    }

    // MARK: Slots and views

    private mutating func findSlotsAndViews() {
        func slot(_ value: Int) { if slots[value] == nil { slots[value] = slots.count } }
        for value in inputs { slot(value) }
        for value in outputs where placed.values[value].contents == nil { uses[value].needsSlot = true }
        for item in placed.items {
            guard case .unit(let unit) = item else { continue }
            for value in unit.outputs where value != Node.absent { slot(value) }
            for value in unit.inputs where value != Node.absent && placed.values[value].contents == nil {
                uses[value].needsSlot = true
            }
        }
        var producers: [Int: Int] = [:]
        for (block, entry) in placed.blocks.enumerated() {
            for item in entry.items { for value in placed.items[item].outputs { producers[value] = block } }
        }
        for block in placed.blocks {
            var kept = block
            kept.items = []
            for item in block.items {
                if case .node(let node) = placed.items[item], becomesView(node, producers) { continue }
                kept.items.append(item)
            }
            if !kept.items.isEmpty { blocks.append(kept) }
        }
    }

    /// Whether a node moves nothing because its output can be its input's memory; notes it if so.
    private mutating func becomesView(_ node: PlacedNode, _ producers: [Int: Int]) -> Bool {
        guard let position = node.variant.view, let input = node.view.input(position), input.constant == nil,
            let output = node.view.output(0), node.view.outputs.compactMap({ $0 }).count == 1,
            !uses[output.value].needsSlot, input.layout == output.layout
        else { return false }
        let source = root[input.value]
        // On a device the input must be there anyhow: made there, or brought for others.
        if space(node.device) != 0 {
            guard let block = producers[source], space(placed.blocks[block].device) == space(node.device) else {
                return false
            }
        } else if let block = producers[source], space(placed.blocks[block].device) != 0 {
            return false
        }
        root[output.value] = source
        return true
    }

    private mutating func collectUses() {
        var time = 0
        for (index, block) in blocks.enumerated() {
            let first = time
            let here = space(block.device)
            for item in block.items {
                for value in Set(placed.items[item].inputs.map { root[$0] })
                where placed.values[value].contents == nil {
                    uses[value].readers.append((index, time, here))
                }
                for value in placed.items[item].outputs { uses[value].madeBy = (index, time, here) }
                time += 1
            }
            spans.append(first...max(first, time - 1))
        }
        for value in placed.values.indices where uses[value].needsSlot && slots[value] == nil {
            slots[value] = slots.count
        }
    }

    // MARK: Homes

    /// Where a value is, in each memory that has it.
    struct Home {
        var slot: Int?
        /// Block number in the memory plan, by space; the host's own arena is space 0.
        var local: [Int: Int] = [:]
        /// The part of a device's staging that holds it, by space.
        var staging: [Int: Int] = [:]
    }

    private func bytes(_ value: Int) -> Int { placed.values[value].byteCount ?? 0 }

    private mutating func assignHomes(_ memory: inout MemoryPlan) -> [Int: Home] {
        var homes: [Int: Home] = [:]
        for value in placed.values.indices where root[value] == value && placed.values[value].contents == nil {
            let use = uses[value]
            guard use.madeBy != nil || slots[value] != nil, !(use.madeBy == nil && use.readers.isEmpty && !inputs.contains(value))
            else { continue }
            var home = Home()
            home.slot = slots[value]
            let origin = use.madeBy.map { $0.space } ?? 0
            let foreign = Set(use.readers.map(\.space)).subtracting([origin])
            if origin == 0 {
                placeHostValue(value, use, foreign, &home, &memory)
            } else if let made = use.madeBy {
                let last = use.readers.filter { $0.space == origin }.map(\.time).max() ?? made.time
                let leaves = !foreign.isEmpty || home.slot != nil
                let end = spans[made.block].upperBound
                let outside = use.readers.filter { $0.space != origin }.map { spans[$0.block].upperBound }.max() ?? end
                if leaves && isUnified(origin) {
                    home.local[origin] = memory.block(
                        .local(origin), bytes(value), made.time, max(last, end, outside))
                    home.staging[origin] = home.local[origin]
                } else {
                    home.local[origin] = memory.block(.local(origin), bytes(value), made.time, leaves ? max(last, end) : last)
                    if leaves {
                        home.staging[origin] = memory.block(
                            .staging(origin), bytes(value), spans[made.block].lowerBound, max(end, outside))
                    }
                }
                for space in foreign.sorted() where space != 0 { bring(value, use, to: space, &home, &memory) }
            }
            homes[value] = home
        }
        return homes
    }

    private mutating func placeHostValue(
        _ value: Int, _ use: ValueUse, _ foreign: Set<Int>, _ home: inout Home, _ memory: inout MemoryPlan
    ) {
        let targets = foreign.sorted()
        if home.slot != nil || use.madeBy == nil {
            for space in targets { bring(value, use, to: space, &home, &memory) }
            return
        }
        guard let made = use.madeBy else { return }
        let lastHost = use.readers.filter { $0.space == 0 }.map(\.time).max() ?? made.time
        guard let first = targets.first else {
            if let reused = reusable(value, made.time, memory) {
                memory.extend(reused, to: lastHost)
                home.local[0] = reused
            } else {
                home.local[0] = memory.block(.host, bytes(value), made.time, lastHost)
            }
            memory.note(value, home.local[0])
            return
        }
        // Host kernels write straight into the staging of the first device that reads it.
        let importing = use.readers.filter { $0.space == first }
        let imported = importing.map { spans[$0.block].upperBound }.max() ?? made.time
        let lastElsewhere = use.readers.filter { $0.space != first }.map { spans[$0.block].upperBound }.max() ?? 0
        if isUnified(first) {
            let block = memory.block(
                .local(first), bytes(value), made.time, max(lastHost, imported, lastElsewhere))
            home.local[first] = block
            home.staging[first] = block
        } else {
            home.staging[first] = memory.block(
                .staging(first), bytes(value), made.time, max(lastHost, imported, lastElsewhere))
            let start = importing.map { spans[$0.block].lowerBound }.min() ?? made.time
            let last = importing.map(\.time).max() ?? made.time
            home.local[first] = memory.block(.local(first), bytes(value), start, last)
        }
        for space in targets.dropFirst() { bring(value, use, to: space, &home, &memory) }
    }

    /// Places for a value that is copied into a device's staging when the device first reads it.
    private func bring(
        _ value: Int, _ use: ValueUse, to space: Int, _ home: inout Home, _ memory: inout MemoryPlan
    ) {
        let readers = use.readers.filter { $0.space == space }
        guard let first = readers.map({ spans[$0.block].lowerBound }).min() else { return }
        let last = readers.map(\.time).max() ?? first
        let block = readers.min { $0.time < $1.time }?.block ?? 0
        if isUnified(space) {
            home.local[space] = memory.block(.local(space), bytes(value), first, last)
            home.staging[space] = home.local[space]
        } else {
            home.local[space] = memory.block(.local(space), bytes(value), first, last)
            home.staging[space] = memory.block(.staging(space), bytes(value), first, spans[block].upperBound)
        }
    }

    /// The memory of an input that ends at this node and that the output may be written over.
    private mutating func reusable(_ value: Int, _ time: Int, _ memory: MemoryPlan) -> Int? {
        guard let made = uses[value].madeBy, blocks[made.block].items.indices.contains(time - spans[made.block].lowerBound),
            case .node(let node) = placed.items[blocks[made.block].items[time - spans[made.block].lowerBound]]
        else { return nil }
        for pair in node.variant.inPlace {
            guard node.view.output(pair.output)?.value == value, let input = node.view.input(pair.input),
                input.constant == nil
            else { continue }
            let source = root[input.value]
            guard bytes(source) == bytes(value), let block = memory.block(of: source), memory.end(of: block) == time
            else { continue }
            overwrites[value] = source
            return block
        }
        return nil
    }

    // MARK: Steps

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

    private mutating func assemble(
        _ homes: [Int: Home], _ memory: MemoryPlan, _ layout: MemoryPlan.Layout, _ store: any ConstantStore,
        _ contextLimit: Int
    ) throws(WeftError) -> Plan {
        var steps: [Plan.Step] = []
        var segments: [Plan.PlannedSegment] = []
        var resident: Set<[Int]> = []
        var report = placed.report
        var record = record(homes, layout)
        var lastRead: [Int: Int] = [:]
        for value in placed.values.indices { if let last = uses[value].readers.map(\.block).max() { lastRead[value] = last } }
        let keep = Set(inputs + outputs.map { root[$0] })
        for (index, block) in blocks.enumerated() {
            guard let device = block.device else {
                guard case .unit(let unit) = placed.items[block.items[0]] else { continue }
                var sources: [Plan.Source] = []
                for value in unit.inputs { sources.append(try source(value, homes)) }
                steps.append(
                    .unit(.init(kind: unit.kind, inputs: sources, outputs: unit.outputs.map { slots[$0] })))
                note(placed.items[block.items[0]], space: 0, &record)
                appendRelease(&steps, block: index, lastRead, keep, homes)
                continue
            }
            let here = space(device)
            var builder = SegmentBuilder(here: here)
            for item in block.items {
                guard case .node(let node) = placed.items[item] else { continue }
                builder.add(node)
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
                    try bringIn(value, home, producer?.space ?? 0, here, layout, &steps, &report)
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
                    if let slot = home.slot {
                        copies.append(
                            .copyOut(from: layout.spot(staging, memory), into: try prepared(value, slot)))
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
            let compiled = try devices[device].device.compile(builder.segment(), constants: store)
            steps.append(.segment(segments.count))
            segments.append(
                .init(
                    device: device, compiled: compiled, places: builder.places, scratch: scratch,
                    prepares: builder.prepares))
            steps += copies
            report.segments.append(
                .init(
                    device: devices[device].description.id, nodes: builder.nodes.map(\.label), seconds: builder.seconds))
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
        return Plan(
            steps: steps, segments: segments, arenas: layout.arenas, scratchBytes: hostScratch, slotCount: slots.count,
            inputSlots: inputs.compactMap { slots[$0] }, outputs: results,
            outputTypes: outputs.map { placed.values[$0].type }, report: report, contextLimit: contextLimit)
    }

    /// The record with every value and its places; views count as what they are views of.
    private func record(_ homes: [Int: Home], _ layout: MemoryPlan.Layout) -> PlanRecord {
        var record = PlanRecord()
        let wanted = Set(outputs.map { root[$0] })
        let everywhere = Array(0...devices.count)
        for (value, facts) in placed.values.enumerated() {
            let given = facts.contents != nil ? everywhere : inputs.contains(value) ? [0] : []
            record.value(facts.name, given: given, wanted: facts.contents == nil && wanted.contains(value))
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
        let label =
            switch item {
            case .node(let node): node.view.label
            case .unit: "a part that runs by itself"
            }
        record.run(
            label, space: space,
            operands: item.inputs.map { root[$0] }.filter { placed.values[$0].contents == nil },
            results: item.outputs)
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

    /// Copies a value into a device's staging, unless host kernels wrote it there.
    private func bringIn(
        _ value: Int, _ home: Home, _ from: Int, _ here: Int, _ layout: MemoryPlan.Layout,
        _ steps: inout [Plan.Step], _ report: inout PlacementReport
    ) throws(WeftError) {
        guard let staging = home.staging[here] else {
            throw WeftError(.internalInconsistency, "value '\(placed.values[value].name)' has no staging")
        }
        report.transfers.append(
            .init(
                value: placed.values[value].name,
                from: from == 0 ? DeviceDescription.hostSpace : devices[from - 1].description.memorySpace,
                to: devices[here - 1].description.memorySpace, bytes: bytes(value)))
        let target = layout.spots[staging]
        if let slot = home.slot {
            steps.append(.copyIn(slot: slot, to: target))
        } else if from != 0, let source = home.staging[from] {
            steps.append(.copyAcross(from: layout.spots[source], to: target))
        } else if from == 0, let first = home.staging.min(by: { $0.key < $1.key }), first.key != here {
            steps.append(.copyAcross(from: layout.spots[first.value], to: target))
        }
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

/// Collects one segment's nodes, places and crossings.
private struct SegmentBuilder {
    let here: Int
    var nodes: [NodeView] = []
    var variants: [Variant] = []
    var places: [Int: Plan.PlannedPlace] = [:]
    var imports: [Int] = []
    var exports: [Int] = []
    var prepares: [Plan.Prepared] = []
    var seconds = 0.0

    init(here: Int) { self.here = here }

    mutating func add(_ node: PlacedNode) {
        nodes.append(node.view)
        variants.append(node.variant)
        seconds += node.seconds
    }

    func scratch(workers: Int) -> Int {
        variants.map { $0.scratch + (here == 0 ? $0.scratchPerWorker * workers : 0) }.max() ?? 0
    }

    func segment() -> WeftProvider.Segment {
        let made = Set(nodes.flatMap { $0.outputs.compactMap { $0?.value } })
        var inputs: [Int] = []
        var seen: Set<Int> = []
        for node in nodes {
            for case let operand? in node.inputs
            where operand.constant == nil && !made.contains(operand.value) && seen.insert(operand.value).inserted {
                inputs.append(operand.value)
            }
        }
        return WeftProvider.Segment(
            graph: GraphView(nodes: nodes, inputs: inputs, outputs: exports), variants: variants.map(\.name),
            imports: imports, exports: exports)
    }
}
