public import WeftProvider
import WeftProviderKit

/// A host provider that pretends to be a device with memory of its own.
///
/// Its kernels see only the device's memory, which is poisoned when it is allocated: a value that the engine forgot to
/// bring over, or to bring back, shows as wrong results. Staging and device memory are different blocks. With a
/// simulation the device has a thread of its own: it reads what is brought to it in the middle of a submission's
/// time, and what it sends back is poison until the end, so that a host that does not wait sees wrong results too.
/// Several devices of one provider have one memory, and each a time line of its own.
public struct SeparateMemoryProvider: Provider {
    public let name: String
    private let host: any Provider
    private let memory: Int
    private let simulation: Simulation?
    private let transfers: TransferCount?
    private let ledger: AllocationLedger?
    private let runs: @Sendable (NodeView) -> Bool
    private let deviceCount: Int
    private let deviceOf: @Sendable (NodeView) -> Int?
    private let takesLayouts: Bool

    /// `runs` says which of the host provider's nodes this device claims; `memory` is what it says it has, in bytes;
    /// `transfers` counts what is copied between its memory and its staging, `ledger` what it gives away. With `devices`
    /// there are so many of one memory, called `name`, `name:1` and so on; `deviceOf` says which of them a node is for,
    /// nil for any. With `layouts` it takes the host provider's layouts and conversions as its own, dense tensors alone
    /// otherwise.
    public init(
        _ name: String, host: any Provider, memory: Int = 0, simulation: Simulation? = nil,
        transfers: TransferCount? = nil, ledger: AllocationLedger? = nil, devices: Int = 1, layouts: Bool = false,
        runs: @escaping @Sendable (NodeView) -> Bool = { _ in true },
        deviceOf: @escaping @Sendable (NodeView) -> Int? = { _ in nil }
    ) {
        deviceCount = devices
        takesLayouts = layouts
        self.deviceOf = deviceOf
        self.name = name
        self.host = host
        self.memory = memory
        self.simulation = simulation
        self.transfers = transfers
        self.ledger = ledger
        self.runs = runs
    }

    public var rows: [SupportRow] { host.rows }

    public func devices() -> (found: [DeviceDescription], unavailable: String?) {
        let devices = (0..<deviceCount).map { number in
            DeviceDescription(
                id: id(number), name: "pretended device", provider: name, kind: .discrete, memorySpace: name,
                unifiedMemory: simulation?.isUnified ?? false, usesHostCores: simulation == nil, alignment: 256,
                memory: memory)
        }
        return (devices, nil)
    }

    private func id(_ number: Int) -> String { number == 0 ? name : "\(name):\(number)" }

    public func support(_ node: NodeView, on device: DeviceDescription) -> Support {
        let isConversion = takesLayouts && node.domain == LayoutConversion.domain && node.inputs.count == 1
        guard node.domain.isEmpty || isConversion, isConversion || runs(node) else { return .declined(.opType) }
        if let number = deviceOf(node), id(number) != device.id {
            return .declined(.other("is for \(id(number))"))
        }
        guard let row = host.row(for: node, on: device), case .variants(let variants) = row.support(node, on: device)
        else { return host.support(node, on: device) }
        guard !row.dynamicOperands else { return .declined(.other("takes no values without a fixed size")) }
        if takesLayouts { return .variants(variants) }
        let plain = variants.filter(\.isPlain)
        return plain.isEmpty ? .declined(.other("has no dense variant")) : .variants(plain)
    }

    public func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
        try SeparateMemoryDevice(device, host: HostDevice(device, provider: host), simulation, transfers, ledger)
    }
}

private final class SeparateMemoryDevice: Device {
    let description: DeviceDescription
    private let host: HostDevice
    private let simulation: Simulation?
    private let transfers: TransferCount?
    private let timeLine: SimulatedTimeLine?
    private let ledger: AllocationLedger?

    init(
        _ description: DeviceDescription, host: HostDevice, _ simulation: Simulation?, _ transfers: TransferCount?,
        _ ledger: AllocationLedger?
    ) throws(WeftError) {
        self.ledger = ledger
        self.description = description
        self.host = host
        self.transfers = transfers
        self.simulation = simulation
        if let simulation {
            timeLine = try SimulatedTimeLine(simulation)
        } else {
            timeLine = nil
        }
    }

    deinit { timeLine?.stop() }

    func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer {
        let buffer = try HostBuffer(byteCount: byteCount)
        if let base = buffer.host { Poison.fill(base, byteCount) }
        let counted: any Buffer = ledger.map { CountedBuffer(buffer, in: $0) } ?? buffer
        return kind == .hostVisible || description.unifiedMemory ? counted : DeviceOnlyBuffer(counted)
    }

    func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
        let constants: any ConstantStore = ledger.map { CountedConstants(constants, in: $0) } ?? constants
        return SeparateMemorySegment(
            segment, try host.compile(segment, constants: constants), simulation?.course(segment), timeLine, transfers)
    }

    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) {
        if point != .done { try timeLine?.wait(point, deadline: deadline) }
    }
}

/// NaN in every float type, and far out of range as an index.
private enum Poison {
    static func fill(_ base: UnsafeMutableRawPointer, _ byteCount: Int) {
        base.initializeMemory(as: UInt8.self, repeating: 0xff, count: byteCount)
    }
}

/// Memory that the engine cannot reach, as a device's.
private final class DeviceOnlyBuffer: Buffer {
    let memory: any Buffer
    init(_ memory: any Buffer) { self.memory = memory }
    var byteCount: Int { memory.byteCount }
    var host: UnsafeMutableRawPointer? { nil }
}

private final class SeparateMemorySegment: CompiledSegment {
    private let segment: Segment
    private let compiled: any CompiledSegment
    private let course: SimulatedCourse?
    private let timeLine: SimulatedTimeLine?
    private let transfers: TransferCount?

    init(
        _ segment: Segment, _ compiled: any CompiledSegment, _ course: SimulatedCourse?,
        _ timeLine: SimulatedTimeLine?, _ transfers: TransferCount?
    ) {
        self.transfers = transfers
        self.segment = segment
        self.compiled = compiled
        self.course = course
        self.timeLine = timeLine
    }

    func bind(_ places: [Int: Place], scratch: BufferView?) throws(WeftError) -> any BoundSegment {
        var inner: [Int: Place] = [:]
        var staged: [Int: (memory: BufferView, staging: BufferView)] = [:]
        for (value, place) in places {
            guard case .planned(let view, let staging) = place else {
                throw WeftError(.internalInconsistency, "value \(value) has no place on the device")
            }
            let memory = Self.reachable(view)
            inner[value] = .planned(memory, staging: nil)
            if let staging { staged[value] = (memory, staging) }
        }
        func pairs(_ values: [Int]) throws(WeftError) -> [(memory: BufferView, staging: BufferView)] {
            var pairs: [(memory: BufferView, staging: BufferView)] = []
            for value in values {
                guard let pair = staged[value] else {
                    throw WeftError(.internalInconsistency, "value \(value) crosses without staging")
                }
                pairs.append(pair)
            }
            return pairs
        }
        let bound = SeparateMemoryBound(
            try compiled.bind(inner, scratch: try workerScratch ?? scratch.map(Self.reachable)),
            imports: try pairs(segment.imports), exports: try pairs(segment.exports), transfers)
        if let timeLine, let course { return SimulatedBound(bound, course, on: timeLine) }
        return bound
    }

    /// Scratch memory for kernels that want some for each worker, which no device has: here there is one, the thread
    /// that computes.
    private var workerScratch: BufferView? {
        get throws(WeftError) {
            guard segment.variants.contains(where: { $0.scratchPerWorker > 0 }) else { return nil }
            let bytes = segment.variants.map { $0.scratch + $0.scratchPerWorker }.max() ?? 0
            return try BufferView.allocate(byteCount: bytes)
        }
    }

    private static func reachable(_ view: BufferView) -> BufferView {
        guard let device = view.buffer as? DeviceOnlyBuffer else { return view }
        return BufferView(device.memory, offset: view.offset, byteCount: view.byteCount)
    }
}

private final class SeparateMemoryBound: BoundSegment {
    private let inner: any BoundSegment
    private let imports: [(memory: BufferView, staging: BufferView)]
    private let exports: [(memory: BufferView, staging: BufferView)]
    private let transfers: TransferCount?

    init(
        _ inner: any BoundSegment, imports: [(memory: BufferView, staging: BufferView)],
        exports: [(memory: BufferView, staging: BufferView)], _ transfers: TransferCount?
    ) {
        self.inner = inner
        self.transfers = transfers
        self.imports = imports
        self.exports = exports
    }

    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint {
        try compute(run)
        sendBack()
        return .done
    }

    func compute(_ run: borrowing RunContext) throws(WeftError) {
        for (memory, staging) in imports {
            Self.copy(staging, memory)
            transfers?.add(upload: staging.byteCount)
        }
        _ = try inner.submit(RunContext(values: run.values, workers: SerialWorkers(), spans: run.spans))
    }

    func sendBack() {
        for (memory, staging) in exports {
            Self.copy(memory, staging)
            transfers?.add(download: staging.byteCount)
        }
    }

    func poisonExports() {
        for (_, staging) in exports { if let base = staging.host { Poison.fill(base, staging.byteCount) } }
    }

    private static func copy(_ source: BufferView, _ target: BufferView) {
        guard let from = source.host, let to = target.host else { return }
        to.copyMemory(from: from, byteCount: min(source.byteCount, target.byteCount))
    }
}

/// The same on the device's own thread, in its simulated time.
private final class SimulatedBound: BoundSegment {
    private let bound: SeparateMemoryBound
    private let total: UInt64
    private let before: UInt64
    private let nanoseconds: [UInt64]
    private let timeLine: SimulatedTimeLine

    init(_ bound: SeparateMemoryBound, _ course: SimulatedCourse, on timeLine: SimulatedTimeLine) {
        let nanoseconds = SimulatedTimeLine.nanoseconds
        self.bound = bound
        total = nanoseconds(course.seconds)
        before = nanoseconds(course.before)
        self.nanoseconds = course.nodes.map(nanoseconds)
        self.timeLine = timeLine
    }

    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint {
        bound.poisonExports()
        let spans = run.spans
        return try timeLine.submit { [bound, nanoseconds, before, total] () throws(WeftError) in
            let start = HostClock.nanoseconds
            SimulatedTimeLine.sleep(until: start + total / 2)
            try bound.compute(RunContext(values: SlotValues(), workers: SerialWorkers()))
            SimulatedTimeLine.sleep(until: start + total)
            bound.sendBack()
            guard let spans else { return }
            var reported: [SegmentSpan] = []
            var time = before
            for (index, length) in nanoseconds.enumerated() {
                reported.append(SegmentSpan(.node(index), start: time, end: time + length))
                time += length
            }
            spans.record(reported, on: .device)
        }
    }
}
