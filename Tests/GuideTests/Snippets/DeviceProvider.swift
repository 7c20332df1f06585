import Weft

/// A device with memory of its own: here a part of the host's that only it may touch.
final class MirrorDevice: Device {
    let description: DeviceDescription
    init(_ description: DeviceDescription) { self.description = description }

    func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer {
        let memory = try HostBuffer(byteCount: byteCount)
        return kind == .hostVisible ? memory : MirrorMemory(memory)
    }

    func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
        MirrorSegment(segment)
    }

    // Work is over when `submit` returns, so nothing is ever waited for.
    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) {}
}

/// Memory that the engine must not reach: it has no address of the host's.
final class MirrorMemory: Buffer {
    let memory: HostBuffer
    init(_ memory: HostBuffer) { self.memory = memory }
    var byteCount: Int { memory.byteCount }
    var host: UnsafeMutableRawPointer? { nil }
}

/// Compiled: immutable, shared by all runs.
final class MirrorSegment: CompiledSegment {
    let segment: Segment
    init(_ segment: Segment) { self.segment = segment }

    func bind(_ places: [Int: Place], scratch: BufferView?) throws(WeftError) -> any BoundSegment {
        try MirrorBound(segment, places)
    }
}

/// Bound to one arena: used by one run at a time.
final class MirrorBound: BoundSegment, @unchecked Sendable {
    private typealias Copy = (from: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer, byteCount: Int)
    private var imports: [Copy] = []
    private var exports: [Copy] = []
    private var nodes: [(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, count: Int)] = []

    init(_ segment: Segment, _ places: [Int: Place]) throws(WeftError) {
        for value in segment.imports {
            let place = try Self.resolve(value, places)
            if let staging = place.staging { imports.append((staging, place.memory, place.byteCount)) }
        }
        for node in segment.graph.nodes {
            guard let input = node.input(0), let output = node.output(0) else { continue }
            let (x, y) = (try Self.resolve(input.value, places), try Self.resolve(output.value, places))
            nodes.append(
                (
                    UnsafePointer(x.memory.assumingMemoryBound(to: Float.self)),
                    y.memory.assumingMemoryBound(to: Float.self), node.outputShape(0).elementCount
                ))
        }
        for value in segment.exports {
            let place = try Self.resolve(value, places)
            if let staging = place.staging { exports.append((place.memory, staging, place.byteCount)) }
        }
    }

    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint {
        for copy in imports { copy.to.copyMemory(from: copy.from, byteCount: copy.byteCount) }
        for node in nodes { for index in 0..<node.count { node.y[index] = max(node.x[index], 0) } }
        for copy in exports { copy.to.copyMemory(from: copy.from, byteCount: copy.byteCount) }
        return .done
    }

    private static func resolve(
        _ value: Int, _ places: [Int: Place]
    ) throws(WeftError) -> (memory: UnsafeMutableRawPointer, staging: UnsafeMutableRawPointer?, byteCount: Int) {
        guard case .planned(let view, let staging) = places[value], let own = view.buffer as? MirrorMemory,
            let base = own.memory.host
        else { throw WeftError(.internalInconsistency, "value \(value) has no place on the device") }
        return (base + view.offset, staging?.host, view.byteCount)
    }
}

/// Relu in float32, on that device.
struct MirrorProvider: Provider {
    let name = "mirror"
    let rows = [
        SupportRow(
            "Relu", types: TypeConstraint([.float32]),
            if: Condition("a variable") { node, _ in
                node.input(0)?.constant == nil ? nil : .other("runs nothing on a constant")
            },
            variants: { node, _ in [Variant("plain", work: .elements(of: node))] }, kernel: MirrorKernel())
    ]
    struct MirrorKernel: Kernel {}

    func devices() -> (found: [DeviceDescription], unavailable: String?) {
        let device = DeviceDescription(
            id: name, name: "mirror of the host", provider: name, kind: .discrete, memorySpace: name,
            unifiedMemory: false, usesHostCores: true, alignment: 256)
        return ([device], nil)
    }

    func open(_ device: DeviceDescription) throws(WeftError) -> any Device { MirrorDevice(device) }
}
