/// The kind of work that dominates a kernel. The engine keeps rates for each, by device and element type.
public struct RateKey: RawRepresentable, Hashable, Sendable {
    /// The name in rate files and tables.
    public let rawValue: String
    /// The key with this name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Dense multiply-adds that reach a large part of the device's peak.
    public static let gemm = RateKey(rawValue: "gemm")
    /// Multiply-adds that reach only a small part of the peak: depthwise, grouped or very small ones.
    public static let direct = RateKey(rawValue: "direct")
    /// A few operations for each element; memory limits the speed.
    public static let elementwise = RateKey(rawValue: "elementwise")
    /// Exponentials, logarithms, trigonometric and similar functions.
    public static let transcendental = RateKey(rawValue: "transcendental")
    /// Simple loops without any tuning.
    public static let reference = RateKey(rawValue: "reference")
}

/// The amount of work of a kernel, independent of the device. The engine turns it into seconds with a device's rates.
public struct Work: Hashable, Sendable {
    /// The kind of work.
    public var rate: RateKey
    /// Arithmetic operations; a multiply-add counts as two.
    public var flops: Double
    /// Bytes read and written.
    public var bytes: Double
    /// How many kernels the device starts for it.
    public var launches: Int

    /// The work of a kernel with these figures.
    public init(_ rate: RateKey, flops: Double, bytes: Double, launches: Int = 1) {
        self.rate = rate
        self.flops = flops
        self.bytes = bytes
        self.launches = launches
    }

    /// `flopsPerElement` operations for each output element; every input is read once, every output written once.
    ///
    /// Operands of unknown size count as nothing.
    public static func elements(
        of node: NodeView, flopsPerElement: Double = 1, rate: RateKey = .elementwise
    ) -> Work {
        let written = node.outputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) }
        let read = node.inputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) }
        let count = node.outputs.reduce(0) { $0 + ($1?.type.dimensions?.elementCount ?? 0) }
        return Work(rate, flops: flopsPerElement * Double(count), bytes: Double(read + written))
    }
}

/// One way to run a node or a fused node. Placement and tuning choose between variants.
public struct Variant: Sendable {
    /// The name, unique among the variants of a row.
    public var name: String
    /// The work that it takes.
    public var work: Work
    /// The layout of each input; `.plain` for inputs past the end of the list.
    public var inputLayouts: [Layout]
    /// The layout of each output; `.plain` for outputs past the end of the list.
    public var outputLayouts: [Layout]
    /// Bytes of scratch memory that the node needs while it runs.
    public var scratch: Int
    /// Bytes of scratch memory for each worker in addition.
    public var scratchPerWorker: Int
    /// Outputs that may use the memory of an input that no later node reads.
    public var inPlace: [InPlace]
    /// The input whose bytes are the output's, unchanged; nil if there is none.
    ///
    /// If the input already lies in memory of the node's device, output and input share it and the kernel is not
    /// called. Else the kernel is called and has to copy the bytes.
    public var view: Int?
    /// The kernel of the row that offered the variant; nil if no row did.
    public var kernel: (any Kernel)?

    /// An output that may use an input's memory; both are positions.
    public struct InPlace: Hashable, Sendable {
        /// The output's position.
        public let output: Int
        /// The input's position.
        public let input: Int
        /// The output `output` in place of the input `input`.
        public init(output: Int, input: Int) {
            self.output = output
            self.input = input
        }
    }

    /// A variant; by default with plain layouts and without scratch memory.
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

    /// Whether the layouts of all inputs and outputs are `.plain`.
    public var isPlain: Bool { (inputLayouts + outputLayouts).allSatisfy { $0 == .plain } }

    /// The layout of an input.
    public func inputLayout(_ index: Int) -> Layout { index < inputLayouts.count ? inputLayouts[index] : .plain }
    /// The layout of an output.
    public func outputLayout(_ index: Int) -> Layout { index < outputLayouts.count ? outputLayouts[index] : .plain }
}

/// A provider's answer about one node on one device.
public enum Support: Sendable {
    /// The variants that can run the node; at least one.
    case variants([Variant])
    /// Why the provider does not run the node.
    case declined(Decline)
}
