import Foundation
import WeftProvider

/// One of the twins: a thread that does one submission after the other.
final class TwinDevice: Device {
    let description: DeviceDescription
    let timeline = Timeline()
    let copies: CopyCount
    let pace: Duration

    init(_ description: DeviceDescription, copies: CopyCount, pace: Duration) {
        self.description = description
        self.copies = copies
        self.pace = pace
    }

    deinit { timeline.stop() }

    func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer {
        let memory = try HostBuffer(byteCount: byteCount, zeroed: true)
        return kind == .hostVisible ? memory : TwinMemory(memory)
    }

    func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
        TwinSegment(segment, on: self)
    }

    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) {
        try timeline.wait(point, deadline: deadline)
    }
}

/// Memory of both twins: the host has no address of it.
final class TwinMemory: Buffer {
    let memory: HostBuffer
    init(_ memory: HostBuffer) { self.memory = memory }
    var byteCount: Int { memory.byteCount }
    var host: UnsafeMutableRawPointer? { nil }
}

/// A queue of work and the thread that does it.
final class Timeline: @unchecked Sendable {
    private let lock = Lock()
    private var queue: [@Sendable () -> Void] = []
    private var submitted: UInt64 = 0
    private var done: UInt64 = 0
    private var isStopped = false

    init() { Thread.detachNewThread { self.serve() } }

    func stop() {
        lock.withLock {
            isStopped = true
            lock.broadcast()
        }
    }

    func submit(_ work: @escaping @Sendable () -> Void) -> TimelinePoint {
        lock.withLock {
            queue.append(work)
            submitted += 1
            lock.broadcast()
            return TimelinePoint(submitted)
        }
    }

    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) {
        try lock.withLock { () throws(WeftError) in
            while done < point.value {
                guard let deadline else {
                    lock.wait()
                    continue
                }
                guard lock.wait(until: deadline) else {
                    throw WeftError(.timeout, "a twin was not done by the deadline")
                }
            }
        }
    }

    private func serve() {
        while true {
            lock.lock()
            while queue.isEmpty, !isStopped { lock.wait() }
            guard !queue.isEmpty else { return lock.unlock() }
            let work = queue.removeFirst()
            lock.unlock()
            work()
            lock.withLock {
                done += 1
                lock.broadcast()
            }
        }
    }
}

/// Compiled: immutable, shared by all runs.
final class TwinSegment: CompiledSegment {
    private let segment: Segment
    private let device: TwinDevice

    init(_ segment: Segment, on device: TwinDevice) {
        self.segment = segment
        self.device = device
    }

    func bind(_ places: [Int: Place], scratch: BufferView?) throws(WeftError) -> any BoundSegment {
        try TwinBound(segment, places, on: device)
    }
}

/// Bound to one arena: the addresses of everything that is copied or computed.
final class TwinBound: BoundSegment, @unchecked Sendable {
    private struct Copy {
        let from: UnsafeMutableRawPointer
        let to: UnsafeMutableRawPointer
        let byteCount: Int
    }

    private struct Node {
        let operation: @Sendable (Float) -> Float
        let x: UnsafePointer<Float>
        let y: UnsafeMutablePointer<Float>
        let count: Int
    }

    private var imports: [Copy] = []
    private var exports: [Copy] = []
    private var nodes: [Node] = []
    private let device: TwinDevice
    private let views: [BufferView]

    init(_ segment: Segment, _ places: [Int: Place], on device: TwinDevice) throws(WeftError) {
        self.device = device
        views = places.values.flatMap { place -> [BufferView] in
            guard case .planned(let view, let staging) = place else { return [] }
            return [view] + (staging.map { [$0] } ?? [])
        }
        for value in segment.imports {
            let place = try Self.resolve(value, places)
            if let staging = place.staging {
                imports.append(Copy(from: staging, to: place.memory, byteCount: place.byteCount))
            }
        }
        for (node, variant) in zip(segment.graph.nodes, segment.variants) {
            guard let kernel = variant.kernel as? TwinKernel, let input = node.input(0), input.constant == nil,
                let output = node.output(0)
            else { throw WeftError(.internalInconsistency, "no twin runs it", node: node.label) }
            let (x, y) = (try Self.resolve(input.value, places), try Self.resolve(output.value, places))
            nodes.append(
                Node(
                    operation: kernel.operation, x: UnsafePointer(x.memory.assumingMemoryBound(to: Float.self)),
                    y: y.memory.assumingMemoryBound(to: Float.self), count: node.outputShape(0).elementCount))
        }
        for value in segment.exports {
            let place = try Self.resolve(value, places)
            if let staging = place.staging {
                exports.append(Copy(from: place.memory, to: staging, byteCount: place.byteCount))
            }
        }
    }

    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint {
        device.timeline.submit { [self] in
            if device.pace > .zero { Thread.sleep(forTimeInterval: device.pace / .seconds(1)) }
            for copy in imports { copy.to.copyMemory(from: copy.from, byteCount: copy.byteCount) }
            for node in nodes { for index in 0..<node.count { node.y[index] = node.operation(node.x[index]) } }
            for copy in exports { copy.to.copyMemory(from: copy.from, byteCount: copy.byteCount) }
            device.copies.add(up: imports.count, down: exports.count)
        }
    }

    /// Where a value is: memory of whichever twin gave it, and what the host sees of it.
    private static func resolve(
        _ value: Int, _ places: [Int: Place]
    ) throws(WeftError) -> (memory: UnsafeMutableRawPointer, staging: UnsafeMutableRawPointer?, byteCount: Int) {
        guard case .planned(let view, let staging) = places[value], let own = view.buffer as? TwinMemory,
            let base = own.memory.host
        else { throw WeftError(.internalInconsistency, "value \(value) has no place in the twins' memory") }
        return (base + view.offset, staging?.host, view.byteCount)
    }
}
