public import WeftProvider

/// Runs nodes on a device without an engine, each operand in memory of its own: for calibration, tuning and tests.
///
/// On the host, given values lie in slots, as a graph's inputs do. On other devices every tensor of fixed shape has
/// a place in device memory, and a staging buffer unless memory is unified. Values without a fixed size lie in
/// slots.
public final class LoneNodes {
    /// The nodes, in the order they run.
    public let nodes: [NodeView]
    /// Numbers of the values that the nodes read and none of them makes, without constants.
    public let inputs: [Int]
    private let variants: [Variant]
    private let device: any Device
    private let constants: any ConstantStore
    private let slots = SlotValues()
    private let context: RunContext
    private let guardBytes: Int
    private let scratch: BufferView?
    private var places: [Int: Place] = [:]

    private static let guardByte: UInt8 = 0xa5

    /// Allocates memory for all operands. Values that are not in `given` have undefined contents.
    ///
    /// `guardBytes` bytes follow each value in host memory; `result(of:)` checks that they are unchanged. Throws
    /// `.outOfMemory`, or what the device throws.
    public init(
        _ nodes: [NodeView], _ variants: [Variant], on device: any Device, workers: any Workers = SerialWorkers(),
        constants: any ConstantStore = PlainConstantStore(), given: [Int: Value] = [:], guardBytes: Int = 0
    ) throws(WeftError) {
        self.nodes = nodes
        self.variants = variants
        self.device = device
        self.constants = constants
        self.guardBytes = device.description.isHost ? guardBytes : 0
        context = RunContext(values: slots, workers: workers)
        let made = Set(nodes.flatMap { $0.outputs.compactMap { $0?.value } })
        var inputs: [Int] = []
        for case let operand? in nodes.flatMap(\.inputs)
        where operand.constant == nil && !made.contains(operand.value) && !inputs.contains(operand.value) {
            inputs.append(operand.value)
        }
        self.inputs = inputs
        let perWorker = device.description.isHost ? workers.count : 0
        let bytes = variants.map { $0.scratch + $0.scratchPerWorker * perWorker }.max() ?? 0
        scratch = bytes == 0 ? nil : BufferView(try device.allocate(bytes, .deviceLocal), byteCount: bytes)
        for (value, content) in given { places[value] = try place(content) }
        for node in nodes {
            for case let operand? in node.inputs + node.outputs
            where operand.constant == nil && places[operand.value] == nil {
                places[operand.value] = try place(operand)
            }
        }
    }

    /// Compiles the nodes and binds them to their memory.
    ///
    /// `imports` are copied from staging before the first node, `outputs` to staging after the last; on the host
    /// nothing is copied.
    public func bind(imports: [Int] = [], outputs: [Int] = []) throws(WeftError) -> any BoundSegment {
        let crosses = !device.description.isHost
        let segment = Segment(
            graph: GraphView(nodes: nodes, inputs: inputs, outputs: outputs), variants: variants,
            imports: crosses ? imports : [], exports: crosses ? outputs : [])
        return try device.compile(segment, constants: constants).bind(places, scratch: scratch)
    }

    /// Submits a bound segment and waits until it is done. Throws what the device throws.
    public func run(_ bound: any BoundSegment) throws(WeftError) { try device.wait(try bound.submit(context)) }

    /// The memory of a value as the host sees it, in staging if there is any; nil for a value in a slot.
    public func memory(of value: Int) -> BufferView? {
        guard case .planned(let view, let staging) = places[value] else { return nil }
        return staging ?? view
    }

    /// The contents of a value, in the memory where it lies.
    ///
    /// Throws `.invalidData` if a kernel has overwritten its guard bytes, `.internalInconsistency` if it was never
    /// set or the host cannot see it.
    public func result(of value: Int) throws(WeftError) -> Value {
        if case .dynamic(let slot) = places[value] { return try slots.value(slot) }
        let operand = nodes.lazy.flatMap { $0.outputs + $0.inputs }.compactMap { $0 }.first { $0.value == value }
        guard let visible = memory(of: value), let host = visible.host,
            case .tensor(let type, .fixed(let shape))? = operand?.type
        else { throw WeftError(.internalInconsistency, "value \(value) cannot be read") }
        let guarded = UnsafeRawBufferPointer(start: host + visible.byteCount, count: guardBytes)
        guard guarded.allSatisfy({ $0 == Self.guardByte }) else {
            throw WeftError(.invalidData, "a kernel wrote past the end of value \(value)")
        }
        return .tensor(Tensor(elementType: type, shape: shape, storage: visible))
    }

    private func place(_ value: Value) throws(WeftError) -> Place {
        guard !device.description.isHost, let tensor = value.tensor else { return .dynamic(slots.add(value)) }
        let place = try place(bytes: tensor.storage.byteCount)
        if case .planned(let memory, let staging) = place, let target = (staging ?? memory).host,
            let source = tensor.storage.host
        {
            target.copyMemory(from: source, byteCount: tensor.storage.byteCount)
        }
        return place
    }

    private func place(_ operand: Operand) throws(WeftError) -> Place {
        guard operand.type.elementType != .string, case .tensor(let type, .fixed(let shape)) = operand.type,
            let bytes = operand.layout.byteCount(type, shape)
        else { return .dynamic(slots.add(nil)) }
        return try place(bytes: bytes)
    }

    private func place(bytes: Int) throws(WeftError) -> Place {
        let (size, overflows) = Swift.max(bytes, 4).addingReportingOverflow(guardBytes)
        if overflows { throw WeftError(.outOfMemory, "a value of \(bytes) bytes is too large") }
        let memory = BufferView(try device.allocate(size, .deviceLocal), byteCount: bytes)
        if device.description.isHost {
            if guardBytes > 0, let host = memory.host {
                host.initializeMemory(as: UInt8.self, repeating: Self.guardByte, count: size)
            }
            return .planned(memory, staging: nil)
        }
        if device.description.unifiedMemory { return .planned(memory, staging: memory) }
        return .planned(memory, staging: BufferView(try device.allocate(size, .hostVisible), byteCount: bytes))
    }
}
