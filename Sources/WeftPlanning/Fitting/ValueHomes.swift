import WeftGraph
package import WeftPlacement
package import WeftProvider

/// Where the values of a frame's placed work lie: in slots, in arenas, or as views of other values.
///
/// Plans are built from it; before that, it tells how much memory a draft needs.
package struct ValueHomes {
    private let work: PlacedWork
    private let inputs: [Int]
    private let outputs: [Int]
    package let devices: [EngineDevice]
    private var memory: MemoryPlan
    /// Homes by value; views and constants have none. For a view, use the home of its `root`.
    package private(set) var homes: [Int: Home] = [:]

    /// The segments of the placed work, without the nodes that became views and without segments left empty.
    package private(set) var segments: [PlacedWork.Segment] = []
    /// By value, the one whose memory it lies in: for a view the value it is a view of, else itself.
    package private(set) var root: [Int]
    package private(set) var slots: [Int: Int] = [:]
    package private(set) var uses: [ValueUse] = []
    /// First and last moment of each segment; each item takes one moment.
    package private(set) var spans: [ClosedRange<Int>] = []
    /// When the engine waits for each segment.
    package private(set) var waits = WaitPoints(spans: [], spaces: [], overlaps: [], readings: [])
    /// Inputs that the caller lends, as pairs of a value and the space in which a device reads it.
    package let lentSpaces: Set<[Int]>
    /// By value that is written in place, the value whose memory it overwrites.
    package private(set) var overwrites: [Int: Int] = [:]

    /// What makes and what reads a value; readers of a view count as readers of its root.
    package struct ValueUse {
        /// The segment, moment and space of the producer; nil for values that no item makes, such as inputs.
        package var madeBy: (segment: Int, time: Int, space: Int)?
        package var readers: [(segment: Int, time: Int, space: Int)] = []
        var needsSlot = false
    }

    package init(_ work: PlacedWork, inputs: [Int], outputs: [Int], devices: [EngineDevice]) {
        self.work = work
        self.inputs = inputs
        self.outputs = outputs
        self.devices = devices
        memory = MemoryPlan(devices: devices)
        lentSpaces = Self.lentSpaces(work, devices)
        root = Array(work.values.indices)
        uses = [ValueUse](repeating: ValueUse(), count: work.values.count)
        findSlotsAndViews()
        collectUses()
        findWaits()
        assignHomes()
    }

    package subscript(value: Int) -> Home? { homes[value] }

    /// Assigns offsets to all memory blocks.
    ///
    /// Throws `.outOfMemory` if sizes overflow or an arena is larger than a device allocates at once.
    package func layOut() throws(WeftError) -> MemoryPlan.Layout { try memory.layOut() }

    /// The space of a device: 0 for the host (nil too), else the number of the space's first device plus one.
    package func space(_ device: Int?) -> Int { device.map { devices.space(of: $0) } ?? 0 }

    package func isUnified(_ space: Int) -> Bool { devices[space - 1].description.unifiedMemory }

    /// Whether a space's work runs at the same time as the host's.
    func overlaps(_ space: Int) -> Bool { space != 0 && !devices[space - 1].description.usesHostCores }

    /// The kind of memory for values that host and device both access.
    ///
    /// If both work at the same time, it is kept apart from memory that only the device accesses.
    package func shared(_ space: Int) -> MemoryPlan.Kind { overlaps(space) ? .shared(space) : .local(space) }

    /// Bytes that one context takes on each device with memory of its own, ascending by device.
    ///
    /// It is known before anything is compiled: scratch is taken from the variants.
    package func needs(_ layout: MemoryPlan.Layout) -> [DeviceNeed] {
        var needs: [Int: DeviceNeed] = [:]
        for arena in layout.arenas {
            guard let device = arena.device else { continue }
            switch arena.kind {
            case .deviceLocal: needs[device, default: DeviceNeed(device: device)].values += max(arena.bytes, 64)
            case .hostVisible: needs[device, default: DeviceNeed(device: device)].staging += max(arena.bytes, 64)
            }
        }
        // Each segment of a device has scratch memory of its own, as large as its largest node needs.
        for segment in segments {
            guard let device = segment.device, space(device) != 0 else { continue }
            let most = segment.items.reduce(0) { most, item in
                if case .node(let node) = work.items[item] { return max(most, node.variant.scratch) }
                return most
            }
            if most > 0 { needs[device, default: DeviceNeed(device: device)].scratch += most }
        }
        return needs.values.sorted { $0.device < $1.device }
    }

    /// Values of callers that devices read, as pairs of a value and a space.
    ///
    /// A view of such a value is a value of this frame, so the caller does not lend it.
    private static func lentSpaces(_ work: PlacedWork, _ devices: [EngineDevice]) -> Set<[Int]> {
        var found: Set<[Int]> = []
        func read(_ value: Int, _ device: Int) {
            let space = devices.space(of: device)
            if work.values[value].frame != work.frame, space != 0 { found.insert([value, space]) }
        }
        for item in work.items {
            switch item {
            case .node(let node): for case let operand? in node.view.inputs { read(operand.value, node.device) }
            case .unit: for reading in item.readings { read(reading.value, reading.device) }
            }
        }
        return found
    }

    // MARK: Slots and views

    private mutating func findSlotsAndViews() {
        func slot(_ value: Int) { if slots[value] == nil { slots[value] = slots.count } }
        for value in inputs { slot(value) }
        for value in outputs where work.values[value].contents == nil { uses[value].needsSlot = true }
        for item in work.items {
            guard case .unit(let unit, _) = item else { continue }
            for value in unit.outputs where value != Node.absent { slot(value) }
            for value in unit.inputs where value != Node.absent && work.values[value].contents == nil {
                uses[value].needsSlot = true
            }
        }
        var producers: [Int: Int] = [:]
        for (segment, entry) in work.segments.enumerated() {
            for item in entry.items { for value in work.items[item].outputs { producers[value] = segment } }
        }
        for segment in work.segments {
            var kept = segment
            kept.items = []
            for item in segment.items {
                if case .node(let node) = work.items[item], becomesView(node, producers) { continue }
                kept.items.append(item)
            }
            if !kept.items.isEmpty { segments.append(kept) }
        }
    }

    /// Records a node's output as a view of its input if it can lie in the input's memory; returns whether it can.
    private mutating func becomesView(_ node: PlacedNode, _ producers: [Int: Int]) -> Bool {
        guard let position = node.variant.view, let input = node.view.input(position), input.constant == nil,
            let output = node.view.output(0), node.view.outputs.compactMap({ $0 }).count == 1,
            !uses[output.value].needsSlot
        else { return false }
        let source = root[input.value]
        // On a device the input has to be made in the same space; on the host it must not be made on a device.
        if space(node.device) != 0 {
            guard let segment = producers[source], space(work.segments[segment].device) == space(node.device) else {
                return false
            }
        } else if let segment = producers[source], space(work.segments[segment].device) != 0 {
            return false
        }
        root[output.value] = source
        return true
    }

    private mutating func collectUses() {
        var time = 0
        for (index, segment) in segments.enumerated() {
            let first = time
            let here = space(segment.device)
            for item in segment.items {
                for value in Set(work.items[item].inputs.map { root[$0] })
                where work.values[value].contents == nil {
                    uses[value].readers.append((index, time, here))
                }
                for reading in work.items[item].readings {
                    uses[root[reading.value]].readers.append((index, time, space(reading.device)))
                }
                for value in work.items[item].outputs { uses[value].madeBy = (index, time, here) }
                time += 1
            }
            spans.append(first...max(first, time - 1))
        }
        for value in work.values.indices where uses[value].needsSlot && slots[value] == nil {
            slots[value] = slots.count
        }
    }

    private mutating func findWaits() {
        let spaces = segments.map { space($0.device) }
        var readings: [(maker: Int, reader: Int)] = []
        for use in uses {
            guard let made = use.madeBy, made.space != 0 else { continue }
            for reader in use.readers where reader.space != made.space {
                readings.append((made.segment, reader.segment))
            }
        }
        waits = WaitPoints(
            spans: spans, spaces: spaces, overlaps: spaces.map(overlaps), readings: readings + handovers)
    }

    /// Segments of a device, each with the first later segment in which another device of the same space works.
    ///
    /// The engine has to wait between them: the devices share arenas but do not wait for each other, so the second one
    /// could overwrite memory that the first still uses.
    private var handovers: [(maker: Int, reader: Int)] {
        var found: [(maker: Int, reader: Int)] = []
        var latest: [Int: (segment: Int, device: Int)] = [:]
        func enter(_ segment: Int, _ device: Int) {
            if let before = latest[space(device)], before.device != device { found.append((before.segment, segment)) }
        }
        for (index, segment) in segments.enumerated() {
            if let device = segment.device {
                guard space(device) != 0 else { continue }
                enter(index, device)
                latest[space(device)] = (index, device)
            } else {
                for reading in segment.items.flatMap({ work.items[$0].readings }) { enter(index, reading.device) }
            }
        }
        return found
    }

    // MARK: Homes

    /// Where a value lies, in each memory that has it.
    package struct Home {
        package var slot: Int?
        /// By space, the value's memory block in the space's own memory; space 0 is the host's arena.
        package var local: [Int: Int] = [:]
        /// By space, the memory block in staging; with unified memory the same one as in `local`.
        package var staging: [Int: Int] = [:]
    }

    package func bytes(_ value: Int) -> Int { work.values[value].byteCount ?? 0 }

    private mutating func assignHomes() {
        for value in work.values.indices where root[value] == value && work.values[value].contents == nil {
            let use = uses[value]
            guard use.madeBy != nil || slots[value] != nil,
                !(use.madeBy == nil && use.readers.isEmpty && !inputs.contains(value))
            else { continue }
            var home = Home()
            home.slot = slots[value]
            let origin = use.madeBy.map { $0.space } ?? 0
            let foreign = Set(use.readers.map(\.space)).subtracting([origin])
            if origin == 0 {
                placeHostValue(value, use, foreign, &home)
            } else if let made = use.madeBy {
                let inside = use.readers.filter { $0.space == origin }
                let last = inside.map(\.time).max() ?? made.time
                let leaves = !foreign.isEmpty || home.slot != nil
                let end = waits.busyUntil(made.segment)
                let outside =
                    use.readers.filter { $0.space != origin }.map { spans[$0.segment].upperBound }.max() ?? end
                if leaves && isUnified(origin) {
                    home.local[origin] = memory.block(
                        shared(origin), bytes(value), made.time, max(busyUntil(inside), end, outside))
                    home.staging[origin] = home.local[origin]
                } else {
                    home.local[origin] = memory.block(
                        .local(origin), bytes(value), made.time,
                        leaves ? max(last, spans[made.segment].upperBound) : last)
                    if leaves {
                        home.staging[origin] = memory.block(
                            .staging(origin), bytes(value), spans[made.segment].lowerBound, max(end, outside))
                    }
                }
                for space in foreign.sorted() where space != 0 { bring(value, use, to: space, &home) }
            }
            homes[value] = home
        }
    }

    /// The last moment at which the devices of these readers may still access the value.
    private func busyUntil(_ readers: [(segment: Int, time: Int, space: Int)]) -> Int {
        readers.map { waits.busyUntil($0.segment) }.max() ?? 0
    }

    private mutating func placeHostValue(_ value: Int, _ use: ValueUse, _ foreign: Set<Int>, _ home: inout Home) {
        let targets = foreign.sorted().filter { !lentSpaces.contains([value, $0]) }
        if home.slot != nil || use.madeBy == nil {
            for space in targets { bring(value, use, to: space, &home) }
            return
        }
        guard let made = use.madeBy else { return }
        let lastHost = use.readers.filter { $0.space == 0 }.map(\.time).max() ?? made.time
        guard let first = targets.first else {
            if let reused = reusable(value, made.time) {
                memory.extend(reused, to: lastHost)
                home.local[0] = reused
            } else {
                home.local[0] = memory.block(.host, bytes(value), made.time, lastHost)
            }
            memory.note(value, home.local[0])
            return
        }
        // Host kernels write directly to the staging of the first space in which it is read.
        let importing = use.readers.filter { $0.space == first }
        let imported = max(made.time, busyUntil(importing))
        let lastElsewhere = use.readers.filter { $0.space != first }.map { spans[$0.segment].upperBound }.max() ?? 0
        if isUnified(first) {
            let block = memory.block(
                shared(first), bytes(value), made.time, max(lastHost, imported, lastElsewhere))
            home.local[first] = block
            home.staging[first] = block
        } else {
            home.staging[first] = memory.block(
                .staging(first), bytes(value), made.time, max(lastHost, imported, lastElsewhere))
            let start = importing.map { spans[$0.segment].lowerBound }.min() ?? made.time
            let last = importing.map(\.time).max() ?? made.time
            home.local[first] = memory.block(.local(first), bytes(value), start, last)
        }
        for space in targets.dropFirst() { bring(value, use, to: space, &home) }
    }

    /// Adds memory blocks for a value that is copied to a space's staging before its first reader there.
    private mutating func bring(
        _ value: Int, _ use: ValueUse, to space: Int, _ home: inout Home
    ) {
        let readers = use.readers.filter { $0.space == space }
        guard let first = readers.map({ spans[$0.segment].lowerBound }).min() else { return }
        let last = readers.map(\.time).max() ?? first
        let segment = readers.min { $0.time < $1.time }?.segment ?? 0
        if isUnified(space) {
            home.local[space] = memory.block(shared(space), bytes(value), first, max(last, busyUntil(readers)))
            home.staging[space] = home.local[space]
        } else {
            home.local[space] = memory.block(.local(space), bytes(value), first, last)
            home.staging[space] = memory.block(.staging(space), bytes(value), first, waits.busyUntil(segment))
        }
    }

    /// The memory block of an input that no later item reads and that the variant may overwrite with this value.
    ///
    /// Nil if there is none. `time` is the moment of the node that makes the value.
    private mutating func reusable(_ value: Int, _ time: Int) -> Int? {
        guard let made = uses[value].madeBy,
            segments[made.segment].items.indices.contains(time - spans[made.segment].lowerBound),
            case .node(let node) = work.items[segments[made.segment].items[time - spans[made.segment].lowerBound]]
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

    /// The space in whose staging the host accesses a value that has neither a slot nor memory in the host's arena.
    package func seen(_ home: Home, _ value: Int) -> Int? {
        guard home.slot == nil, home.local[0] == nil else { return nil }
        let origin = uses[value].madeBy?.space ?? 0
        return origin != 0 ? origin : home.staging.keys.min()
    }
}
