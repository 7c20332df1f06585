package import WeftProvider

/// What decides how long a node takes on a device: two nodes with one key cost the same.
///
/// A readable text: operator, operands with types and shapes (`=` for those known before the run), and a hash of the
/// attributes. Names, numbers, contents and layouts are left out: the last are the variant's.
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
            // Bodies do not occur here: control flow is the engine's.
            let attributes = node.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }
            text += " #\(String(StableHash(attributes.joined(separator: ";")).value, radix: 16))"
        }
        self.text = text
    }
}

/// Measured prices of nodes, by what they are, where they run and how.
package struct TunedPrices: Sendable {
    private var byDevice: [String: [NodeKey: [String: Price]]] = [:]
    /// What a tensor takes that crosses between the host and a device.
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

    package var crossings: [TransferKey: Price] = [:]
    /// Of starting a segment and waiting for it, by device.
    package var segments: [String: Price] = [:]
    /// What a run takes beside placed nodes and transfers: parts that run by themselves, inputs, outputs.
    package var rest: Price?

    package init() {}

    package var isEmpty: Bool { byDevice.isEmpty }

    /// Prices of a device's nodes and variants; empty where none was measured.
    package subscript(device: String) -> [NodeKey: [String: Price]] { byDevice[device] ?? [:] }

    package mutating func set(_ price: Price, _ key: NodeKey, device: String, variant: String) {
        byDevice[device, default: [:]][key, default: [:]][variant] = price
    }

    /// All of them, in an order that is always the same.
    package var entries: [(device: String, key: NodeKey, variant: String, price: Price)] {
        byDevice.flatMap { device, keys in
            keys.flatMap { key, variants in variants.map { (device, key, $0.key, $0.value) } }
        }.sorted { ($0.0, $0.1.text, $0.2) < ($1.0, $1.1.text, $1.2) }
    }
}
