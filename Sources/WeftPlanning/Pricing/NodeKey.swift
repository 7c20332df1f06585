package import WeftProvider

/// The facts that decide how long a node takes on a device: nodes with equal keys have equal prices.
///
/// The key is a readable text: operator, operands with types and shapes (`=` marks constants), and a hash of the
/// attributes. It has no names, value numbers or contents, and no layouts, as these belong to the variant.
package struct NodeKey: Hashable, Sendable {
    package let text: String

    package init(text: String) { self.text = text }

    package init(_ node: NodeView) {
        func operand(_ operand: Operand?) -> String {
            guard let operand else { return "-" }
            return "\(operand.type)\(operand.constant == nil ? "" : "=")"
        }
        var text = node.domain.isEmpty ? node.opType : "\(node.domain).\(node.opType)"
        text += "(\(node.inputs.map(operand).joined(separator: ", ")))"
        text += " -> \(node.outputs.map(operand).joined(separator: ", "))"
        if !node.attributes.isEmpty {
            // No attribute is a body here: the engine runs control flow, no provider does.
            let attributes = node.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }
            text += " #\(String(StableHash(attributes.joined(separator: ";")).value, radix: 16))"
        }
        self.text = text
    }
}

/// Measured prices of nodes, by key, device and variant, and of transfers.
package struct TunedPrices: Sendable {
    private var byDevice: [String: [NodeKey: [String: Price]]] = [:]
    /// A transfer between the host and a device, of a tensor of a certain size.
    package struct TransferKey: Hashable, Sendable {
        package let device: String
        package let isUpload: Bool
        package let bytes: Int

        package init(device: String, isUpload: Bool, bytes: Int) {
            self.device = device
            self.isUpload = isUpload
            self.bytes = bytes
        }
    }

    package var transfers: [TransferKey: Price] = [:]
    /// Prices of starting a segment and waiting for it, by device.
    package var segments: [String: Price] = [:]
    /// The price of the rest of a run: units outside of segments, inputs and outputs.
    package var rest: Price?

    package init() {}

    package var isEmpty: Bool { byDevice.isEmpty }

    /// Measured prices of nodes on a device, by variant; empty if none was measured.
    package subscript(device: String) -> [NodeKey: [String: Price]] { byDevice[device] ?? [:] }

    package mutating func set(_ price: Price, _ key: NodeKey, device: String, variant: String) {
        byDevice[device, default: [:]][key, default: [:]][variant] = price
    }

    /// All prices of nodes, in an order that is always the same.
    package var entries: [(device: String, key: NodeKey, variant: String, price: Price)] {
        byDevice.flatMap { device, keys in
            keys.flatMap { key, variants in variants.map { (device, key, $0.key, $0.value) } }
        }.sorted { ($0.0, $0.1.text, $0.2) < ($1.0, $1.1.text, $1.2) }
    }
}
