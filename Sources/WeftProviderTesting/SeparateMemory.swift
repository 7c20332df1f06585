package import WeftProvider

/// A host provider that pretends to be a device with memory of its own.
///
/// Its kernels see only the device's memory, which is poisoned when it is allocated: a value that the engine forgot to
/// bring over, or to bring back, shows as wrong results. Staging and device memory are different blocks.
package struct SeparateMemoryProvider: Provider {
    package let name: String
    private let host: any Provider
    private let runs: @Sendable (NodeView) -> Bool

    /// `runs` says which of the host provider's nodes this device claims.
    package init(
        _ name: String, host: any Provider, runs: @escaping @Sendable (NodeView) -> Bool = { _ in true }
    ) {
        self.name = name
        self.host = host
        self.runs = runs
    }

    package var rows: [SupportRow] { host.rows }

    package func devices() -> (found: [DeviceDescription], unavailable: String?) {
        let device = DeviceDescription(
            id: name, name: "pretended device", provider: name, kind: .discrete, memorySpace: name,
            unifiedMemory: false, usesHostCores: true, alignment: 256)
        return ([device], nil)
    }

    package func support(_ node: NodeView, on device: DeviceDescription) -> Support {
        guard node.domain.isEmpty, runs(node) else { return .declined(.opType) }
        guard let row = host.row(for: node, on: device), case .variants(let variants) = row.support(node, on: device)
        else { return host.support(node, on: device) }
        guard !row.dynamicOperands else { return .declined(.other("takes no values without a fixed size")) }
        // Only dense layouts: blocked ones are the host's.
        let plain = variants.filter { variant in
            variant.inputLayouts.allSatisfy { $0 == .plain } && variant.outputLayouts.allSatisfy { $0 == .plain }
        }
        return plain.isEmpty ? .declined(.other("has no dense variant")) : .variants(plain)
    }

    package func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
        SeparateMemoryDevice(device, host: HostDevice(device, provider: host))
    }
}

private final class SeparateMemoryDevice: Device {
    let description: DeviceDescription
    private let host: HostDevice

    init(_ description: DeviceDescription, host: HostDevice) {
        self.description = description
        self.host = host
    }

    func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer {
        let buffer = try HostBuffer(byteCount: byteCount)
        // NaN in every float type, and far out of range as an index.
        buffer.host?.initializeMemory(as: UInt8.self, repeating: 0xff, count: byteCount)
        return kind == .hostVisible ? buffer : DeviceOnlyBuffer(buffer)
    }

    func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
        SeparateMemorySegment(segment, try host.compile(segment, constants: constants))
    }

    func wait(_ point: TimelinePoint) throws(WeftError) {}
}

/// Memory that the engine cannot reach, as a device's.
private final class DeviceOnlyBuffer: Buffer {
    let memory: HostBuffer
    init(_ memory: HostBuffer) { self.memory = memory }
    var byteCount: Int { memory.byteCount }
    var host: UnsafeMutableRawPointer? { nil }
}

private final class SeparateMemorySegment: CompiledSegment {
    private let segment: Segment
    private let compiled: any CompiledSegment

    init(_ segment: Segment, _ compiled: any CompiledSegment) {
        self.segment = segment
        self.compiled = compiled
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
        return SeparateMemoryBound(
            try compiled.bind(inner, scratch: scratch.map(Self.reachable)), imports: try pairs(segment.imports),
            exports: try pairs(segment.exports))
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

    init(
        _ inner: any BoundSegment, imports: [(memory: BufferView, staging: BufferView)],
        exports: [(memory: BufferView, staging: BufferView)]
    ) {
        self.inner = inner
        self.imports = imports
        self.exports = exports
    }

    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint {
        for (memory, staging) in imports { Self.copy(staging, memory) }
        let point = try inner.submit(run)
        for (memory, staging) in exports { Self.copy(memory, staging) }
        return point
    }

    private static func copy(_ source: BufferView, _ target: BufferView) {
        guard let from = source.host, let to = target.host else { return }
        to.copyMemory(from: from, byteCount: min(source.byteCount, target.byteCount))
    }
}
