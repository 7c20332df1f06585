public import WeftProvider
import WeftProviderKit

/// A host provider whose kernels take simulated time.
///
/// They compute what the host's do; a segment that is done earlier than its speed says sleeps for the rest. So a
/// busy machine is as fast as an idle one, as long as the arithmetic fits into the time.
public struct PacedProvider: Provider {
    public let name: String
    private let host: any Provider
    private let speed: SimulatedSpeed

    /// A provider named `name` that runs what `host` runs, as fast as `speed` says.
    public init(_ name: String, host: any Provider, speed: SimulatedSpeed) {
        self.name = name
        self.host = host
        self.speed = speed
    }

    public var rows: [SupportRow] { host.rows }

    public func devices() -> (found: [DeviceDescription], unavailable: String?) {
        ([DeviceDescription(id: name, name: "paced host", provider: name, kind: .host)], nil)
    }

    public func support(_ node: NodeView, on device: DeviceDescription) -> Support { host.support(node, on: device) }

    public func fusions(in graph: GraphView, on device: DeviceDescription) -> [Fusion] {
        host.fusions(in: graph, on: device)
    }

    public func open(_ device: DeviceDescription) throws(WeftError) -> any Device {
        PacedDevice(HostDevice(device, provider: host), speed)
    }
}

private final class PacedDevice: Device {
    private let host: HostDevice
    private let speed: SimulatedSpeed

    init(_ host: HostDevice, _ speed: SimulatedSpeed) {
        self.host = host
        self.speed = speed
    }

    var description: DeviceDescription { host.description }

    func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer {
        try host.allocate(byteCount, kind)
    }

    func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment {
        // A view costs nothing on the host, wherever the plan can make it one.
        let nodes = segment.variants.map { $0.view == nil ? speed.seconds($0.work) : 0 }
        let course = SimulatedCourse(nodes, imports: [], exports: [], speed: speed)
        return PacedSegment(try host.compile(segment, constants: constants), course.seconds)
    }

    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError) {
        try host.wait(point, deadline: deadline)
    }
}

private final class PacedSegment: CompiledSegment {
    private let compiled: any CompiledSegment
    private let seconds: Double

    init(_ compiled: any CompiledSegment, _ seconds: Double) {
        self.compiled = compiled
        self.seconds = seconds
    }

    func bind(_ places: [Int: Place], scratch: BufferView?) throws(WeftError) -> any BoundSegment {
        PacedBound(try compiled.bind(places, scratch: scratch), seconds)
    }
}

private final class PacedBound: BoundSegment {
    private let bound: any BoundSegment
    private let nanoseconds: UInt64

    init(_ bound: any BoundSegment, _ seconds: Double) {
        self.bound = bound
        nanoseconds = SimulatedTimeLine.nanoseconds(seconds)
    }

    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint {
        let start = HostClock.nanoseconds
        let point = try bound.submit(run)
        SimulatedTimeLine.sleep(until: start + nanoseconds)
        return point
    }
}
