/// Why a node runs where it does.
package enum PlacementReason: Hashable, Sendable, CustomStringConvertible {
    case pinned(to: String, by: String)
    /// The node computes sizes or conditions, which are wanted on the host.
    case hostValue
    case noOtherProvider
    /// The only device that runs the node, and the reason of each other device.
    case onlyAble(String, others: [String])
    /// The first device of the list that runs the node; `declined` are the reasons of the devices that do not.
    case firstOfList(declined: [String])
    case leastCost
    /// The node would be on `device` if that had more memory; `needed`, `limit` and the node's `weights` are bytes.
    case memory(device: String, needed: Int?, limit: Int, weights: Int)
    /// The engine runs the unit itself, for the given reason.
    case engine(String)
    /// A plan file says so; the reason is the one that it records.
    case recorded(String)
    /// Nothing has been placed yet.
    case none

    package var isPin: Bool {
        if case .pinned = self { return true }
        return false
    }

    package var description: String {
        switch self {
        case .pinned(let device, let pattern): "pinned to \(device) by '\(pattern)'"
        case .hostValue: "small integers that only sizes and conditions depend on stay on the host"
        case .noOtherProvider: "the list has no other provider"
        case .onlyAble(let device, let others): "only \(device) runs it: \(others.joined(separator: "; "))"
        case .firstOfList(let declined):
            declined.isEmpty
                ? "first of the list" : "first of the list that runs it: \(declined.joined(separator: "; "))"
        case .leastCost: "least cost of the whole plan, transfers included"
        case .memory(let device, let needed, let limit, let weights):
            "would be on \(device) but for its memory: the plan would need \(needed.map { "\($0) bytes there" } ?? "more bytes"), the limit is \(limit); its own weights are \(weights)"
        case .engine(let reason), .recorded(let reason): reason
        case .none: ""
        }
    }
}
