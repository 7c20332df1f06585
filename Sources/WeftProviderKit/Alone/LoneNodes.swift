public import WeftProvider

/// Nodes that run without an engine, each operand in memory of its own: for probes, tuning and tests.
///
/// On the host a value that is given lies in a slot, as a graph's inputs do. On a device everything has a place there,
/// and a staging buffer besides unless memory is unified. What has no fixed size lies in a slot.
public final class LoneNodes {
    /// What runs, in this order.
    public let nodes: [NodeView]
    /// Values that the nodes read and none of them makes, constants left out.
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

    /// Takes memory for all operands; that of values that are not `given` holds anything.
    ///
    /// `guardBytes` lie behind each value in the host's memory, to be checked when it is read. Throws what the device
    /// throws where it has no memory.
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

    /// Compiles the nodes and ties them to their memory. On the host nothing is imported or exported.
    ///
    /// `imports` are brought from staging before the first node, `outputs` to it after the last.
    public func bind(imports: [Int] = [], outputs: [Int] = []) throws(WeftError) -> any BoundSegment {
        let crosses = !device.description.isHost
        let segment = Segment(
            graph: GraphView(nodes: nodes, inputs: inputs, outputs: outputs), variants: variants,
            imports: crosses ? imports : [], exports: crosses ? outputs : [])
        return try device.compile(segment, constants: constants).bind(places, scratch: scratch)
    }

    /// Submits the work and waits for it.
    public func run(_ bound: any BoundSegment) throws(WeftError) { try device.wait(try bound.submit(context)) }

    /// The memory of a value that has a place, as the host sees it.
    public func memory(of value: Int) -> BufferView? {
        guard case .planned(let view, let staging) = places[value] else { return nil }
        return staging ?? view
    }

    /// What a value holds. Throws `.invalidData` where its guard was overwritten.
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
