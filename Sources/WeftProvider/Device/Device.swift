/// What a buffer is used for, which decides the kind of memory that a device allocates.
public enum MemoryKind: Sendable {
    /// Memory that the device's kernels read and write; the host may not see it.
    case deviceLocal
    /// Memory that both the host and the device reach: staging buffers for transfers.
    case hostVisible
}

/// An open device: it allocates memory, compiles segments and keeps a time line of submitted work.
public protocol Device: AnyObject, Sendable {
    /// What the device is; the same for as long as it is open.
    var description: DeviceDescription { get }
    /// Allocates a buffer of at least `byteCount` bytes. Throws `.outOfMemory` if there is no such block.
    func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer
    /// Compiles a segment: packs its constants and builds what its kernels need.
    ///
    /// May take long, and is not part of running the segment. May be called on any thread.
    func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment
    /// Returns when the point is reached. Throws what went wrong in the work: invalid data, device loss, a time-out.
    ///
    /// With a deadline it throws `.timeout` if the deadline passes before the point is reached. The work then goes
    /// on, and the engine waits for the point again before it uses the work's memory for anything else. A device
    /// that finishes its work inside `submit` may ignore the deadline.
    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError)
}

extension Device {
    /// Waits for a point without a deadline.
    public func wait(_ point: TimelinePoint) throws(WeftError) { try wait(point, deadline: nil) }
}

/// A point on a device's time line. Points count up; zero has always been reached.
public struct TimelinePoint: Hashable, Sendable {
    /// The point's number.
    public let value: UInt64
    /// The point with a number.
    public init(_ value: UInt64) { self.value = value }
    /// The point of work that is already done.
    public static let done = TimelinePoint(0)
}

/// A list of nodes that one device compiles together and runs with one submission.
public struct Segment: Sendable {
    /// The nodes in topological order; operands have the layouts of the chosen variants.
    ///
    /// There may be none: such a segment only copies its imports to the device, for later segments to read.
    public let graph: GraphView
    /// The variant of each node.
    public let variants: [Variant]
    /// Values that are copied from their staging buffers to the device before the first node.
    public let imports: [Int]
    /// Values that are copied from the device to their staging buffers after the last node.
    public let exports: [Int]

    /// A segment of these nodes, with one variant for each.
    public init(graph: GraphView, variants: [Variant], imports: [Int] = [], exports: [Int] = []) {
        self.graph = graph
        self.variants = variants
        self.imports = imports
        self.exports = exports
    }
}

/// Where a value is while a segment runs.
public enum Place: Sendable {
    /// At a fixed range of an arena. `staging` is the buffer that the host sees, for a value that is transferred.
    case planned(BufferView, staging: BufferView?)
    /// In the slot with this number: the value owns its memory, whose address may change from run to run.
    case dynamic(Int)
}

/// A compiled segment. It is immutable, and all runs share it.
public protocol CompiledSegment: AnyObject, Sendable {
    /// Binds the segment to the memory of one context, and records its commands where the device has such.
    ///
    /// `places` has an entry for every value of the segment that is not a constant. `scratch` is large enough for each
    /// variant by itself; nil if none needs any.
    func bind(_ places: [Int: Place], scratch: BufferView?) throws(WeftError) -> any BoundSegment
}

/// A segment that is bound to the memory of a context. One run at a time uses it.
public protocol BoundSegment: AnyObject, Sendable {
    /// Starts the work and returns the point at which it is done; never waits for a device.
    ///
    /// Providers of the host do the work here and return `.done`. Submissions of one device are executed in their
    /// order, and each sees what earlier ones wrote. The engine may submit further segments and run those of the
    /// host before it waits. It waits for points in the order of submission, for each until `wait` returns or
    /// throws an error other than `.timeout`.
    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint
}
