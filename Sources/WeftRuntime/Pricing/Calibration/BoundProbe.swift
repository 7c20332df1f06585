import WeftProvider

/// Nodes compiled and bound on a device, ready to be timed: through the contract, so that any provider can be.
struct BoundProbe {
    private let device: any Device
    private let bound: any BoundSegment
    private let run: RunContext

    /// Operands get memory of their own, inputs numbers that no kernel stumbles over.
    ///
    /// `imports` and `exports` name values that cross between the host and the device on every run. Throws what the
    /// provider throws, and `.internalInconsistency` for an operand without a fixed size.
    init(
        _ nodes: [NodeView], _ variants: [Variant], on device: any Device, pool: WorkerPool, store: PackedStore,
        imports: [Int] = [], exports: [Int] = []
    ) throws(WeftError) {
        self.device = device
        let isHost = device.description.isHost
        let isUnified = device.description.unifiedMemory
        let made = Set(nodes.flatMap { $0.outputs.compactMap { $0?.value } })
        var places: [Int: Place] = [:]
        var inputs: [Int] = []
        for node in nodes {
            for case let operand? in node.inputs + node.outputs
            where operand.constant == nil && places[operand.value] == nil {
                guard case .tensor(let type, .fixed(let shape)) = operand.type,
                    let bytes = operand.layout.byteCount(type, shape)
                else { throw WeftError(.internalInconsistency, "a probe's operand has no size", node: node.label) }
                let size = Swift.max(bytes, 4)
                let memory = BufferView(try device.allocate(size, .deviceLocal), byteCount: bytes)
                var staging: BufferView?
                if !isHost {
                    staging = isUnified ? memory : BufferView(try device.allocate(size, .hostVisible), byteCount: bytes)
                }
                if let host = (staging ?? memory).host { Probe.fill(host, type, bytes: bytes) }
                places[operand.value] = .planned(memory, staging: staging)
                if !made.contains(operand.value) { inputs.append(operand.value) }
            }
        }
        var scratch: BufferView?
        let bytes = variants.map { $0.scratch + (isHost ? $0.scratchPerWorker * pool.threads : 0) }.max() ?? 0
        if bytes > 0 { scratch = BufferView(try device.allocate(bytes, .deviceLocal), byteCount: bytes) }
        func bind(_ imports: [Int], _ exports: [Int]) throws(WeftError) -> any BoundSegment {
            let graph = GraphView(nodes: nodes, inputs: inputs, outputs: exports)
            let segment = WeftProvider.Segment(graph: graph, variants: variants, imports: imports, exports: exports)
            return try device.compile(segment, constants: store).bind(places, scratch: scratch)
        }
        run = RunContext(values: Slots(count: 0, budget: MemoryBudget()), workers: RunWorkers(pool))
        bound = try bind(imports, exports)
        if !isHost, !isUnified {
            // Once, so that the device computes on numbers and not on what its memory held before.
            let first = try bind(inputs, [])
            try device.wait(try first.submit(run))
        }
    }

    /// Seconds from submitting the work to its end.
    func time() throws(WeftError) -> Double {
        let start = ContinuousClock.now
        try device.wait(try bound.submit(run))
        return (ContinuousClock.now - start).seconds
    }

    /// Runs once untimed, then a few times: until `budget` seconds are spent, `least` times in any case.
    func measure(budget: Double, least: Int = 3, most: Int = 25) throws(WeftError) -> Sample? {
        let first = try time()
        var times: [Double] = []
        var spent = first
        while times.count < least || (spent < budget && times.count < most) {
            let seconds = try time()
            times.append(seconds)
            spent += seconds
            if spent > 8 * budget { break }
        }
        return Sample(times)
    }
}

extension Duration {
    /// Seconds as a number.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
