/// What a submitted segment gets from the run that submits it.
public struct RunContext: Sendable {
    /// The run's slots.
    public let values: any DynamicValues
    /// The threads that the segment may use.
    public let workers: any Workers
    /// Receives the times of the segment's parts in a profiled run; nil in all other runs.
    public let spans: (any SegmentSpanSink)?

    /// A context with these parts.
    public init(values: any DynamicValues, workers: any Workers, spans: (any SegmentSpanSink)? = nil) {
        self.values = values
        self.workers = workers
        self.spans = spans
    }
}

/// The slots of a run: values with memory of their own, by number.
public protocol DynamicValues: AnyObject, Sendable {
    /// The value in a slot. Throws `.internalInconsistency` if the slot is empty.
    func value(_ slot: Int) throws(WeftError) -> Value
    /// The host address of the bytes of the tensor in a slot; nil if the slot holds no tensor.
    func pointer(_ slot: Int) -> UnsafeMutableRawPointer?
    /// Puts a value into a slot.
    func set(_ slot: Int, _ value: Value)
    /// A new tensor of undefined contents, for an output whose shape a kernel computes. Throws `.outOfMemory`.
    func allocate(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor
}

/// The threads that a kernel may use.
public protocol Workers: AnyObject, Sendable {
    /// How many threads there are, the caller's included; at least one.
    var count: Int { get }
    /// Calls `body` once for each chunk in 0 ..< `chunks`, on several threads at once.
    ///
    /// `worker` is in 0 ..< `count`; no two calls have the same number at the same time. Returns when all calls are
    /// done. Throws `.cancelled` or `.timeout` if the run is to stop, after which some chunks were not run. Several
    /// runs may call it at once.
    func forEach(_ chunks: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) throws(WeftError)
    /// Throws `.cancelled` if the run was cancelled, `.timeout` if its deadline has passed.
    func checkCancellation() throws(WeftError)
}

/// A constant in the form that a kernel reads.
public protocol Packed: AnyObject, Sendable {
    /// The size in bytes, which counts towards the session's limit for the device.
    var byteCount: Int { get }
}

/// A store of packed constants: one copy for each constant, device and format.
public protocol ConstantStore: AnyObject, Sendable {
    /// The packed form of a constant; `make` makes it unless the store has it.
    ///
    /// `format` names the form. If another thread is making the same one, the call waits for it. Throws what `make`
    /// throws.
    func packed<P: Packed>(
        _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
    ) throws(WeftError) -> P
}

/// Host memory that holds a packed constant.
public final class PackedBuffer: Packed {
    /// The packed bytes.
    public let view: BufferView
    /// The size in bytes.
    public var byteCount: Int { view.byteCount }

    /// A packed constant in the given memory.
    public init(_ view: BufferView) { self.view = view }

    /// Allocates `byteCount` bytes and calls `fill` with their address. Throws what allocation or `fill` throws.
    public init(byteCount: Int, _ fill: (UnsafeMutableRawPointer) throws(WeftError) -> Void) throws(WeftError) {
        let buffer = try HostBuffer(byteCount: byteCount)
        view = BufferView(buffer, byteCount: byteCount)
        if let host = view.host { try fill(host) }
    }
}
