/// What a segment needs from the run that it serves.
public struct RunContext: Sendable {
    public let values: any DynamicValues
    public let workers: any Workers
    /// Where a profiled run wants to know what the segment's parts took; nil for all others.
    public let spans: (any SegmentSpanSink)?

    public init(values: any DynamicValues, workers: any Workers, spans: (any SegmentSpanSink)? = nil) {
        self.values = values
        self.workers = workers
        self.spans = spans
    }
}

/// The values of a run that own their memory, by slot.
public protocol DynamicValues: AnyObject, Sendable {
    /// Throws `.internalInconsistency` where nothing was set.
    func value(_ slot: Int) throws(WeftError) -> Value
    /// The host address of a tensor's bytes; nil where the slot holds no tensor.
    func pointer(_ slot: Int) -> UnsafeMutableRawPointer?
    func set(_ slot: Int, _ value: Value)
    /// Memory for a tensor that a kernel sizes while it runs.
    func allocate(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor
}

/// The engine's threads, lent to a kernel.
public protocol Workers: AnyObject, Sendable {
    var count: Int { get }
    /// Runs `body` once for each chunk, `worker` being 0 ..< count and never shared at one time.
    ///
    /// Returns when all are done; throws `.cancelled` between chunks. Several runs may call at once.
    func forEach(_ chunks: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) throws(WeftError)
    /// Throws `.cancelled` where the run is to stop.
    func checkCancellation() throws(WeftError)
}

/// A constant in the form that a kernel reads.
public protocol Packed: AnyObject, Sendable {
    var byteCount: Int { get }
}

/// Packed constants, one copy for each constant, device and format.
public protocol ConstantStore: AnyObject, Sendable {
    /// The packed form, made by `make` if nobody has yet; concurrent askers wait for the first.
    func packed<P: Packed>(
        _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
    ) throws(WeftError) -> P
}

/// Host memory that holds a packed constant.
public final class PackedBuffer: Packed {
    public let view: BufferView
    public var byteCount: Int { view.byteCount }

    public init(_ view: BufferView) { self.view = view }

    /// Fresh memory of `byteCount` bytes, filled by `fill`.
    public init(byteCount: Int, _ fill: (UnsafeMutableRawPointer) throws(WeftError) -> Void) throws(WeftError) {
        let buffer = try HostBuffer(byteCount: byteCount)
        view = BufferView(buffer, byteCount: byteCount)
        if let host = view.host { try fill(host) }
    }
}
