import WeftGraph
import WeftProvider

/// Gives every value of a placed graph a place, lists the copies between memories, and compiles the segments.
struct PlanBuilder {
    /// What the plan is for, for people.
    let title: String
    let placed: Placed
    let inputs: [Int]
    let outputs: [Int]
    let devices: [EngineDevice]
    let workerCount: Int
    var phases = PhaseLog()
    /// What devices with limits have left for it.
    var room = DeviceRoom()

    /// Blocks with their nodes that are left after views have gone.
    var blocks: [Placed.Block] = []
    /// The value whose memory a view has; itself for all others.
    var root: [Int]
    var slots: [Int: Int] = [:]
    var uses: [ValueUse] = []
    /// First and last moment of each block; a moment for each node.
    var spans: [ClosedRange<Int>] = []
    /// When each block is waited for.
    var waits = WaitPoints(spans: [], spaces: [], overlaps: [], readings: [])
    /// Bodies that were placed with the graph, by their unit's index.
    let bodies: [Int: [PlannedBody]]
    /// Where inputs are read that the caller brings there; see `PlanBuilder.lentSpaces`.
    let lentSpaces: Set<[Int]>
    /// The value over whose memory another is written.
    var overwrites: [Int: Int] = [:]

    /// How a value comes to be and who reads it, views counted with what they are views of.
    struct ValueUse {
        /// Index into the devices' memory spaces of the producer; nil for slots' values.
        var madeBy: (block: Int, time: Int, space: Int)?
        var readers: [(block: Int, time: Int, space: Int)] = []
        var needsSlot = false
    }

    init(
        _ placed: Placed, title: String, inputs: [Int], outputs: [Int], devices: [EngineDevice], workerCount: Int
    ) {
        self.title = title
        self.placed = placed
        self.inputs = inputs
        self.outputs = outputs
        self.devices = devices
        self.workerCount = workerCount
        bodies = Dictionary(grouping: placed.bodies, by: \.unit).mapValues { list in
            list.map { PlannedBody($0, devices: devices) }
        }
        lentSpaces = Self.lentSpaces(placed, devices)
        root = Array(placed.values.indices)
        uses = [ValueUse](repeating: ValueUse(), count: placed.values.count)
    }

    /// Space 0 is the host; the others are devices with memory of their own, by device number plus one.
    func space(_ device: Int?) -> Int {
        guard let device, !devices[device].description.isHost else { return 0 }
        return device + 1
    }

    func isUnified(_ space: Int) -> Bool { devices[space - 1].description.unifiedMemory }

    /// Whether a space's work runs beside the host's.
    func overlaps(_ space: Int) -> Bool { space != 0 && !devices[space - 1].description.usesHostCores }

    /// Memory that host and device share: apart from what the device alone touches, where both work at once.
    func shared(_ space: Int) -> MemoryPlan.Kind { overlaps(space) ? .shared(space) : .local(space) }

    mutating func build(
        constants store: PackedStore.Lease, contextLimit: Int
    ) throws(WeftError) -> Plan {
        findSlotsAndViews()
        collectUses()
        findWaits()
        var memory = MemoryPlan(devices: devices)
        let homes = assignHomes(&memory)
        let layout = try memory.layOut()
        let needs = needs(layout)
        try checkLimits(needs)
        return try assemble(homes, layout, needs, store, contextLimit)
    }

    // MARK: Slots and views

    mutating func findSlotsAndViews() {
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
    mutating func becomesView(_ node: PlacedNode, _ producers: [Int: Int]) -> Bool {
        guard let position = node.variant.view, let input = node.view.input(position), input.constant == nil,
            let output = node.view.output(0), node.view.outputs.compactMap({ $0 }).count == 1,
            !uses[output.value].needsSlot
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

    mutating func collectUses() {
        var time = 0
        for (index, block) in blocks.enumerated() {
            let first = time
            let here = space(block.device)
            for item in block.items {
                for value in Set(placed.items[item].inputs.map { root[$0] })
                where placed.values[value].contents == nil {
                    uses[value].readers.append((index, time, here))
                }
                if case .unit(let unit) = placed.items[item] {
                    for reading in unit.work?.readings ?? [] {
                        uses[root[reading.value]].readers.append((index, time, space(reading.device)))
                    }
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

    mutating func findWaits() {
        let spaces = blocks.map { space($0.device) }
        var readings: [(maker: Int, reader: Int)] = []
        for use in uses {
            guard let made = use.madeBy, made.space != 0 else { continue }
            for reader in use.readers where reader.space != made.space { readings.append((made.block, reader.block)) }
        }
        waits = WaitPoints(spans: spans, spaces: spaces, overlaps: spaces.map(overlaps), readings: readings)
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

    func bytes(_ value: Int) -> Int { placed.values[value].byteCount ?? 0 }

    mutating func assignHomes(_ memory: inout MemoryPlan) -> [Int: Home] {
        var homes: [Int: Home] = [:]
        for value in placed.values.indices where root[value] == value && placed.values[value].contents == nil {
            let use = uses[value]
            guard use.madeBy != nil || slots[value] != nil,
                !(use.madeBy == nil && use.readers.isEmpty && !inputs.contains(value))
            else { continue }
            var home = Home()
            home.slot = slots[value]
            let origin = use.madeBy.map { $0.space } ?? 0
            let foreign = Set(use.readers.map(\.space)).subtracting([origin])
            if origin == 0 {
                placeHostValue(value, use, foreign, &home, &memory)
            } else if let made = use.madeBy {
                let inside = use.readers.filter { $0.space == origin }
                let last = inside.map(\.time).max() ?? made.time
                let leaves = !foreign.isEmpty || home.slot != nil
                let end = waits.busyUntil(made.block)
                let outside = use.readers.filter { $0.space != origin }.map { spans[$0.block].upperBound }.max() ?? end
                if leaves && isUnified(origin) {
                    home.local[origin] = memory.block(
                        shared(origin), bytes(value), made.time, max(busyUntil(inside), end, outside))
                    home.staging[origin] = home.local[origin]
                } else {
                    home.local[origin] = memory.block(
                        .local(origin), bytes(value), made.time,
                        leaves ? max(last, spans[made.block].upperBound) : last)
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

    /// The last moment at which devices may read a value for these readers.
    private func busyUntil(_ readers: [(block: Int, time: Int, space: Int)]) -> Int {
        readers.map { waits.busyUntil($0.block) }.max() ?? 0
    }

    mutating func placeHostValue(
        _ value: Int, _ use: ValueUse, _ foreign: Set<Int>, _ home: inout Home, _ memory: inout MemoryPlan
    ) {
        let targets = foreign.sorted().filter { !lentSpaces.contains([value, $0]) }
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
        let imported = max(made.time, busyUntil(importing))
        let lastElsewhere = use.readers.filter { $0.space != first }.map { spans[$0.block].upperBound }.max() ?? 0
        if isUnified(first) {
            let block = memory.block(
                shared(first), bytes(value), made.time, max(lastHost, imported, lastElsewhere))
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
    func bring(
        _ value: Int, _ use: ValueUse, to space: Int, _ home: inout Home, _ memory: inout MemoryPlan
    ) {
        let readers = use.readers.filter { $0.space == space }
        guard let first = readers.map({ spans[$0.block].lowerBound }).min() else { return }
        let last = readers.map(\.time).max() ?? first
        let block = readers.min { $0.time < $1.time }?.block ?? 0
        if isUnified(space) {
            home.local[space] = memory.block(shared(space), bytes(value), first, max(last, busyUntil(readers)))
            home.staging[space] = home.local[space]
        } else {
            home.local[space] = memory.block(.local(space), bytes(value), first, last)
            home.staging[space] = memory.block(.staging(space), bytes(value), first, waits.busyUntil(block))
        }
    }

    /// The memory of an input that ends at this node and that the output may be written over.
    mutating func reusable(_ value: Int, _ time: Int, _ memory: MemoryPlan) -> Int? {
        guard let made = uses[value].madeBy,
            blocks[made.block].items.indices.contains(time - spans[made.block].lowerBound),
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
}
