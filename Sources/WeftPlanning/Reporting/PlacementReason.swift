/// Why a node runs where it does.
package enum PlacementReason: Hashable, Sendable, CustomStringConvertible {
    case pinned(to: String, by: String)
    /// It computes sizes and conditions, which are wanted on the host.
    case hostValue
    case noOtherProvider
    /// The only device that runs it, and why each of the others does not.
    case onlyAble(String, others: [String])
    /// The first of the list that runs it, and why those before it do not.
    case firstOfList(declined: [String])
    case leastCost
    /// A device would have it, had that more memory.
    case memory(device: String, needed: Int?, limit: Int, weights: Int)
    /// The engine runs it itself.
    case engine(String)
    /// A plan file has it there, for the reason that it states.
    case recorded(String)
    /// Nothing is placed.
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
