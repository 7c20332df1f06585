public import WeftProvider
public import WeftProviderKit

/// Runs nodes on a provider without an engine: one segment, compiled, bound, submitted and waited for.
///
/// Inputs given as constants are constants of the segment; all others have places of their own. On a device with
/// memory of its own, inputs and outputs cross through staging buffers, as the engine has them cross.
public struct NodeRunner {
    /// Who runs them.
    public let provider: any Provider
    /// Where they run.
    public let device: any Device
    private let constants = PlainConstantStore()
    private let workers: any Workers

    /// `device` is one that the provider opened.
    public init(
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
    public func run(
        _ nodes: [NodeView], inputs values: [Int: Value], outputs: [Int], variants: [String]? = nil
    ) throws(WeftError) -> [Int: Value] {
        var chosen: [Variant] = []
        for (index, node) in nodes.enumerated() { chosen.append(try variant(of: node, named: variants?[index])) }
        let alone = try LoneNodes(
            nodes, chosen, on: device, workers: workers, constants: constants, given: values,
            guardBytes: Self.guardBytes)
        try alone.run(try alone.bind(imports: alone.inputs, outputs: outputs))
        var results: [Int: Value] = [:]
        for output in outputs { results[output] = try alone.result(of: output) }
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
}
