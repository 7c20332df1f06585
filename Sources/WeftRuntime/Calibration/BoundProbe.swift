import WeftInterpreter
import WeftProvider
import WeftProviderKit

/// Nodes compiled and bound on a device, ready to be timed: through the contract, so that any provider can be.
struct BoundProbe {
    private let alone: LoneNodes
    private let bound: any BoundSegment

    /// Operands get memory of their own, all of them numbers that no kernel stumbles over.
    ///
    /// `imports` and `exports` name values that cross between the host and the device on every run. Throws what the
    /// provider throws.
    init(
        _ nodes: [NodeView], _ variants: [Variant], on device: any Device, pool: WorkerPool, store: PackedStore,
        imports: [Int] = [], exports: [Int] = []
    ) throws(WeftError) {
        alone = try LoneNodes(nodes, variants, on: device, workers: RunWorkers(pool), constants: store)
        for case let operand? in nodes.flatMap({ $0.inputs + $0.outputs }) where operand.constant == nil {
            guard let type = operand.type.elementType, let memory = alone.memory(of: operand.value),
                let host = memory.host
            else { continue }
            Probe.fill(host, type, bytes: memory.byteCount)
        }
        bound = try alone.bind(imports: imports, outputs: exports)
        if !device.description.isHost, !device.description.unifiedMemory {
            // Once, so that the device computes on numbers and not on what its memory held before.
            try alone.run(try alone.bind(imports: alone.inputs))
        }
    }

    /// The memory of a value as the host sees it.
    func memory(of value: Int) -> BufferView? { alone.memory(of: value) }

    /// Submits the work and waits for it.
    func run() throws(WeftError) { try alone.run(bound) }
}
