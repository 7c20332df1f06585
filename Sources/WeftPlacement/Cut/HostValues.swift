/// Finds the nodes that compute sizes, axes, counts and conditions. They run on the host whatever they cost there.
///
/// A node stays on the host if its outputs are small integers or booleans, and every reader needs them there: as an
/// operand that its operator wants on the host, or because the reader stays on the host too. Whether an output is an
/// output of the graph makes no difference. A node without readers is left to the placement.
package enum HostValues {
    /// One node, with the facts that this analysis needs.
    package struct Node: Sendable {
        /// Whether all its outputs are small integer or boolean tensors.
        package var isSmallIntegerProducer: Bool
        package var operands: [Operand]

        package init(isSmallIntegerProducer: Bool, operands: [Operand]) {
            self.isSmallIntegerProducer = isSmallIntegerProducer
            self.operands = operands
        }
    }

    /// One operand: the node that makes it (nil for graph inputs and constants), and whether it is wanted on the host.
    package struct Operand: Sendable {
        package var producer: Int?
        package var isWantedOnHost: Bool

        package init(producer: Int?, isWantedOnHost: Bool) {
            self.producer = producer
            self.isWantedOnHost = isWantedOnHost
        }
    }

    /// For each node, whether it has to stay on the host.
    ///
    /// Nodes may come in any order. Nodes for which `runsOnHost` is true run on the host in any case, so a node that
    /// only they read may stay there too.
    /// - Complexity: linear in nodes and operands.
    package static func pinned(_ nodes: [Node], runsOnHost: (Int) -> Bool = { _ in false }) -> [Bool] {
        var deviceReads = Array(repeating: 0, count: nodes.count)
        var hostReads = deviceReads
        var isOnHost = nodes.indices.map(runsOnHost)
        for (index, node) in nodes.enumerated() {
            for operand in node.operands {
                guard let producer = operand.producer, nodes.indices.contains(producer) else { continue }
                if operand.isWantedOnHost || isOnHost[index] {
                    hostReads[producer] += 1
                } else {
                    deviceReads[producer] += 1
                }
            }
        }
        func stays(_ node: Int) -> Bool {
            nodes[node].isSmallIntegerProducer && deviceReads[node] == 0 && hostReads[node] > 0
        }
        var pinned = Array(repeating: false, count: nodes.count)
        var work = nodes.indices.filter(stays)
        for node in work { pinned[node] = true }
        while let node = work.popLast() {
            guard !isOnHost[node] else { continue }
            isOnHost[node] = true
            for operand in nodes[node].operands where !operand.isWantedOnHost {
                guard let producer = operand.producer, nodes.indices.contains(producer) else { continue }
                deviceReads[producer] -= 1
                hostReads[producer] += 1
                if !pinned[producer] && stays(producer) {
                    pinned[producer] = true
                    work.append(producer)
                }
            }
        }
        return pinned
    }
}
