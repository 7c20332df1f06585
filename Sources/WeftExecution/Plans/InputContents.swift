package import WeftGraph
package import WeftInterpreter
package import WeftProvider

/// Which inputs' contents are part of the signature, and for how long.
///
/// The contents of a small input count if it reaches an operand that decides shapes or conditions. An input that has
/// had more than `patience` different contents counts by its type alone from then on.
package final class InputContents: @unchecked Sendable {
    private let lock = Lock()
    private var counts: [Bool]
    private var shown: [Set<[UInt8]>]

    static let patience = 8

    /// Whether any input's contents are part of the signature.
    package var anyCounts: Bool { lock.withLock { counts.contains(true) } }

    package init(_ graph: Graph) {
        let determining = Self.determining(graph)
        counts = determining
        shown = [Set<[UInt8]>](repeating: [], count: determining.count)
    }

    /// The inputs as data: as constants if their contents count, else as values.
    package func data(_ inputs: [Value], deterministic: Bool) -> [Datum] {
        var data: [Datum] = []
        data.reserveCapacity(inputs.count)
        for (index, value) in inputs.enumerated() {
            guard index < counts.count, case .tensor(let tensor) = value, tensor.elementCount <= Signature.smallCount,
                stillCounts(index, tensor, deterministic)
            else {
                data.append(.value(value))
                continue
            }
            data.append(.constant(ConstantFactory.constant(tensor)))
        }
        return data
    }

    private func stillCounts(_ index: Int, _ tensor: Tensor, _ deterministic: Bool) -> Bool {
        lock.withLock {
            guard counts[index] else { return false }
            if deterministic { return true }
            shown[index].insert(Array(tensor.storage.bytes))
            if shown[index].count > Self.patience {
                counts[index] = false
                shown[index] = []
            }
            return counts[index]
        }
    }

    /// For each input of a closed graph, whether it reaches an operand that an operator wants on the host.
    static func determining(_ graph: Graph) -> [Bool] {
        var wanted: Set<Int> = []
        for node in graph.nodes.reversed() {
            let hostInputs = node.schema?.hostInputs ?? []
            for (index, value) in node.inputs.enumerated() where value != Node.absent && hostInputs.contains(index) {
                wanted.insert(value)
            }
            // Shape and Size do not read their input's data, so what follows from them does not depend on its contents.
            if node.opType != "Shape", node.opType != "Size", node.outputs.contains(where: { wanted.contains($0) }) {
                wanted.formUnion(node.inputs.filter { $0 != Node.absent })
            }
            let leading = node.inputs.count - node.captureCount
            for body in node.bodies.values {
                let inner = determining(body)
                for (index, value) in node.inputs.enumerated() where value != Node.absent && index >= leading {
                    let position = body.inputs.count - node.captureCount + index - leading
                    if position >= 0, position < inner.count, inner[position] { wanted.insert(value) }
                }
            }
        }
        return graph.inputs.map { wanted.contains($0) }
    }
}
