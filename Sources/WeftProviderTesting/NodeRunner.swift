package import WeftProvider

/// Runs nodes on a provider without an engine: one segment, compiled, bound, submitted and waited for.
///
/// Inputs given as constants are constants of the segment; all others have places of their own. On a device with
/// memory of its own, inputs and outputs cross through staging buffers, as the engine has them cross.
package struct NodeRunner {
    package let provider: any Provider
    package let device: any Device
    private let constants = PlainConstantStore()
    private let workers: any Workers

    package init(
        _ provider: any Provider, device: any Device, workers: any Workers = SerialWorkers()
    ) {
        self.provider = provider
        self.device = device
        self.workers = workers
    }

    /// Compiles, binds and runs the nodes; returns the values of `outputs` by number.
    ///
    /// `values` has the graph's inputs by value number. Outputs of known shape lie in memory of their own, guarded by
    /// `guardBytes` on the host. Throws what the provider throws, and `.invalidData` where a guard was overwritten.
    package func run(
        _ nodes: [NodeView], inputs values: [Int: Value], outputs: [Int], variants: [String]? = nil
    ) throws(WeftError) -> [Int: Value] {
        let graph = GraphView(nodes: nodes, inputs: values.keys.sorted(), outputs: outputs)
        var chosen: [Variant] = []
        for (index, node) in nodes.enumerated() { chosen.append(try variant(of: node, named: variants?[index])) }
        let segment = Segment(
            graph: graph, variants: chosen, imports: device.description.isHost ? [] : graph.inputs,
            exports: device.description.isHost ? [] : outputs)
        let compiled = try device.compile(segment, constants: constants)
        let slots = SlotValues()
        var places: [Int: Place] = [:]
        for (value, given) in values { places[value] = try place(given, slots) }
        for node in nodes {
            for case let operand? in node.outputs where places[operand.value] == nil {
                places[operand.value] = try place(operand, slots)
            }
        }
        let scratch = device.description.isHost ? try hostScratch(chosen) : nil
        let bound = try compiled.bind(places, scratch: scratch)
        let point = try bound.submit(RunContext(values: slots, workers: workers))
        try device.wait(point)
        var results: [Int: Value] = [:]
        for output in outputs { results[output] = try result(output, places, nodes, slots) }
        return results
    }

    private static let guardBytes = 64

    /// The offered variant of that name; the first where none has it.
    private func variant(of node: NodeView, named name: String?) throws(WeftError) -> Variant {
        switch provider.support(node, on: device.description) {
        case .variants(let variants):
            guard let variant = variants.first(where: { $0.name == name }) ?? variants.first else {
                throw WeftError(.internalInconsistency, "\(provider.name) offers no variant", node: node.label)
            }
            return variant
        case .declined(let reason):
            throw WeftError(.unsupportedOperator, "\(provider.name) \(reason)", node: node.label)
        }
    }

    private func hostScratch(_ variants: [Variant]) throws(WeftError) -> BufferView? {
        let bytes = variants.map { $0.scratch + $0.scratchPerWorker * workers.count }.max() ?? 0
        return bytes == 0 ? nil : try BufferView.allocate(byteCount: bytes)
    }

    private func place(_ value: Value, _ slots: SlotValues) throws(WeftError) -> Place {
        guard !device.description.isHost, let tensor = value.tensor else { return .dynamic(slots.add(value)) }
        let (memory, staging) = try deviceMemory(tensor.storage.byteCount)
        if let target = staging.host, let source = tensor.storage.host {
            target.copyMemory(from: source, byteCount: tensor.storage.byteCount)
        }
        return .planned(memory, staging: staging)
    }

    private func place(_ operand: Operand, _ slots: SlotValues) throws(WeftError) -> Place {
        guard operand.type.elementType != .string, case .tensor(let type, .fixed(let shape)) = operand.type,
            let bytes = operand.layout.byteCount(type, shape)
        else { return .dynamic(slots.add(nil)) }
        guard device.description.isHost else {
            let (memory, staging) = try deviceMemory(bytes)
            return .planned(memory, staging: staging)
        }
        let buffer = try HostBuffer(byteCount: bytes + Self.guardBytes)
        if let host = buffer.host {
            host.initializeMemory(as: UInt8.self, repeating: 0xa5, count: bytes + Self.guardBytes)
        }
        return .planned(BufferView(buffer, byteCount: bytes), staging: nil)
    }

    private func deviceMemory(_ bytes: Int) throws(WeftError) -> (BufferView, BufferView) {
        let size = Swift.max(bytes, 4)
        let memory = BufferView(try device.allocate(size, .deviceLocal), byteCount: bytes)
        if device.description.unifiedMemory { return (memory, memory) }
        return (memory, BufferView(try device.allocate(size, .hostVisible), byteCount: bytes))
    }

    private func result(
        _ value: Int, _ places: [Int: Place], _ nodes: [NodeView], _ slots: SlotValues
    ) throws(WeftError) -> Value {
        switch places[value] {
        case .dynamic(let slot): return try slots.value(slot)
        case .planned(let view, let staging):
            let visible = staging ?? view
            let operand = nodes.lazy.flatMap(\.outputs).compactMap { $0 }.first { $0.value == value }
            guard let operand, case .tensor(let type, .fixed(let shape)) = operand.type, let host = visible.host else {
                throw WeftError(.internalInconsistency, "value \(value) cannot be read")
            }
            if device.description.isHost {
                let guarded = UnsafeRawBufferPointer(start: host + view.byteCount, count: Self.guardBytes)
                guard guarded.allSatisfy({ $0 == 0xa5 }) else {
                    throw WeftError(.invalidData, "a kernel wrote past the end of value \(value)")
                }
            }
            return .tensor(Tensor(elementType: type, shape: shape, storage: visible))
        case nil: throw WeftError(.internalInconsistency, "value \(value) has no place")
        }
    }
}

/// One thread: chunks in order.
package final class SerialWorkers: Workers {
    package let count = 1
    package init() {}

    package func forEach(_ chunks: Int, _ body: (Int, Int) -> Void) throws(WeftError) {
        for chunk in 0..<chunks { body(chunk, 0) }
    }

    package func checkCancellation() throws(WeftError) {}
}

/// Slots of a run without an engine.
package final class SlotValues: DynamicValues {
    private let lock = Lock()
    nonisolated(unsafe) private var values: [Value?] = []

    package init() {}

    package func add(_ value: Value?) -> Int {
        lock.withLock {
            values.append(value)
            return values.count - 1
        }
    }

    package func value(_ slot: Int) throws(WeftError) -> Value {
        guard let value = lock.withLock({ values[slot] }) else {
            throw WeftError(.internalInconsistency, "slot \(slot) was never set")
        }
        return value
    }

    package func pointer(_ slot: Int) -> UnsafeMutableRawPointer? {
        lock.withLock { values[slot]?.tensor?.storage.host }
    }
    package func set(_ slot: Int, _ value: Value) { lock.withLock { values[slot] = value } }

    package func allocate(_ type: ElementType, _ shape: [Int]) throws(WeftError) -> Tensor {
        try Tensor(uninitialized: type, shape: shape)
    }
}

/// Packs whenever asked; keeps nothing between constants of different identity.
package final class PlainConstantStore: ConstantStore {
    private let lock = Lock()
    nonisolated(unsafe) private var kept: [String: any Packed] = [:]

    package init() {}

    package func packed<P: Packed>(
        _ constant: Constant, on device: String, format: String, _ make: () throws(WeftError) -> P
    ) throws(WeftError) -> P {
        let key = "\(constant.id)|\(device)|\(format)"
        if let present = lock.withLock({ kept[key] }) as? P { return present }
        let made = try make()
        lock.withLock { kept[key] = made }
        return made
    }
}
