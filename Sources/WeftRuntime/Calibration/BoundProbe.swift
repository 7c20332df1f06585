import WeftInterpreter
import WeftProvider
import WeftProviderKit

/// Nodes that are compiled and bound on a device through the provider contract, ready to be timed.
struct BoundProbe {
    private let alone: LoneNodes
    private let bound: any BoundSegment

    /// Each operand gets memory of its own, filled with the numbers of `Probe.fill`.
    ///
    /// `imports` and `exports` are the values that are transferred between the host and the device in every run.
    /// Throws what the provider throws.
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
            // Copy all inputs once, so that the device's memory holds the numbers too.
            try alone.run(try alone.bind(imports: alone.inputs))
        }
    }

    /// The memory of a value as the host sees it.
    func memory(of value: Int) -> BufferView? { alone.memory(of: value) }

    /// Submits the nodes and waits until they are done.
    func run() throws(WeftError) { try alone.run(bound) }
}
