/// What memory is for.
public enum MemoryKind: Sendable {
    /// Where the device computes.
    case deviceLocal
    /// Where host and device meet: staging.
    case hostVisible
}

/// An open device: memory, compilation, and a time line.
public protocol Device: AnyObject, Sendable {
    var description: DeviceDescription { get }
    func allocate(_ byteCount: Int, _ kind: MemoryKind) throws(WeftError) -> any Buffer
    /// Packs constants, builds pipelines. Off the hot path, on any thread.
    func compile(_ segment: Segment, constants: any ConstantStore) throws(WeftError) -> any CompiledSegment
    /// Returns when the point is reached. Throws what the work left behind: a data fault, loss, a time-out.
    ///
    /// With a deadline it throws `.timeout` once that has passed and the point is not reached. The work goes on then,
    /// and the point is waited for again before its memory is used for anything else. A device whose points are
    /// reached when `submit` returns has no use for it.
    func wait(_ point: TimelinePoint, deadline: ContinuousClock.Instant?) throws(WeftError)
}

extension Device {
    /// Waits for a point for as long as it takes.
    public func wait(_ point: TimelinePoint) throws(WeftError) { try wait(point, deadline: nil) }
}

/// A point on a device's time line; zero has always been reached.
public struct TimelinePoint: Hashable, Sendable {
    public let value: UInt64
    public init(_ value: UInt64) { self.value = value }
    public static let done = TimelinePoint(0)
}

/// Nodes that a device runs in one go.
public struct Segment: Sendable {
    /// Topological order; operands carry the layouts of the chosen variants.
    ///
    /// It may have no nodes: such a segment brings its imports to the device for segments to come.
    public let graph: GraphView
    /// The variant of each node.
    public let variants: [Variant]
    /// Values to be copied from their staging buffers before the first node.
    public let imports: [Int]
    /// Values to be copied to their staging buffers after the last.
    public let exports: [Int]

    public init(graph: GraphView, variants: [Variant], imports: [Int] = [], exports: [Int] = []) {
        self.graph = graph
        self.variants = variants
        self.imports = imports
        self.exports = exports
    }
}

/// Where a value is while a segment runs.
public enum Place: Sendable {
    /// At a fixed address of an arena. `staging` is what the host sees of a value that crosses.
    case planned(BufferView, staging: BufferView?)
    /// In a numbered slot of the run: it owns its memory, which may change from run to run.
    case dynamic(Int)
}

/// A compiled segment: immutable, shared by all runs.
public protocol CompiledSegment: AnyObject, Sendable {
    /// Ties it to one arena; records commands. `places` has every value of the segment but its constants.
    func bind(_ places: [Int: Place], scratch: BufferView?) throws(WeftError) -> any BoundSegment
}

/// A segment bound to an arena: used by one run at a time.
public protocol BoundSegment: AnyObject, Sendable {
    /// Starts the work; never blocks on a device. Host providers do it here and return `.done`.
    ///
    /// Submissions of one device happen in their order, and each sees what earlier ones wrote. The engine may submit
    /// further segments, and go on with the host's, before it waits. Points are waited for in that order, each until a
    /// wait returns or throws something other than `.timeout`.
    func submit(_ run: borrowing RunContext) throws(WeftError) -> TimelinePoint
}
