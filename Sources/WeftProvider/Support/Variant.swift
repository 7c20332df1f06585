/// What kind of work dominates a kernel: the engine keeps one rate a device for each.
public struct RateKey: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Dense multiply-adds that reach a large part of the device's peak.
    public static let gemm = RateKey(rawValue: "gemm")
    /// Multiply-adds that do not: depthwise, grouped, tiny.
    public static let direct = RateKey(rawValue: "direct")
    /// A few operations an element, bound by memory.
    public static let elementwise = RateKey(rawValue: "elementwise")
    /// Exponentials and their kin.
    public static let transcendental = RateKey(rawValue: "transcendental")
    /// Plain reference loops.
    public static let reference = RateKey(rawValue: "reference")
}

/// Work in device-free units; the engine turns it into seconds with rates, measured or nominal.
public struct Work: Hashable, Sendable {
    public var rate: RateKey
    public var flops: Double
    /// Bytes read and written.
    public var bytes: Double
    public var launches: Int

    public init(_ rate: RateKey, flops: Double, bytes: Double, launches: Int = 1) {
        self.rate = rate
        self.flops = flops
        self.bytes = bytes
        self.launches = launches
    }

    /// `flopsPerElement` operations on each output element, every operand read and every output written once.
    public static func elements(
        of node: NodeView, flopsPerElement: Double = 1, rate: RateKey = .elementwise
    ) -> Work {
        let written = node.outputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) }
        let read = node.inputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) }
        let count = node.outputs.reduce(0) { $0 + ($1?.type.dimensions?.elementCount ?? 0) }
        return Work(rate, flops: flopsPerElement * Double(count), bytes: Double(read + written))
    }
}

/// One way to run a node or a fusion: what placement and tuning choose between.
public struct Variant: Sendable {
    public var name: String
    public var work: Work
    /// The layout of each input and output; an index past the end means `.plain`.
    public var inputLayouts: [Layout]
    public var outputLayouts: [Layout]
    /// Bytes of scratch memory while the node runs, and more for each worker.
    public var scratch: Int
    public var scratchPerWorker: Int
    /// Outputs that may be written over an input whose life ends at this node.
    public var inPlace: [InPlace]
    /// The input whose bytes are the output's, unchanged: where they lie on the node's device already, nothing moves,
    /// and the kernel is not called. Elsewhere it is, and has to bring them.
    public var view: Int?
    /// What the row that offered it runs its nodes with, so that nobody asks again; nil if no row offered it.
    public var kernel: (any Kernel)?

    /// An output that may take an input's memory.
    public struct InPlace: Hashable, Sendable {
        public let output: Int
        public let input: Int
        public init(output: Int, input: Int) {
            self.output = output
            self.input = input
        }
    }

    public init(
        _ name: String, work: Work, inputLayouts: [Layout] = [], outputLayouts: [Layout] = [], scratch: Int = 0,
        scratchPerWorker: Int = 0, inPlace: [InPlace] = [], view: Int? = nil
    ) {
        self.name = name
        self.work = work
        self.inputLayouts = inputLayouts
        self.outputLayouts = outputLayouts
        self.scratch = scratch
        self.scratchPerWorker = scratchPerWorker
        self.inPlace = inPlace
        self.view = view
    }

    /// Whether it takes and gives dense tensors alone.
    public var isPlain: Bool { (inputLayouts + outputLayouts).allSatisfy { $0 == .plain } }

    public func inputLayout(_ index: Int) -> Layout { index < inputLayouts.count ? inputLayouts[index] : .plain }
    public func outputLayout(_ index: Int) -> Layout { index < outputLayouts.count ? outputLayouts[index] : .plain }
}

/// A provider's answer about one node on one device.
public enum Support: Sendable {
    /// At least one way to run it.
    case variants([Variant])
    case declined(Decline)
}
