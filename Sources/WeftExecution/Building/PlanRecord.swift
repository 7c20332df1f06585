import WeftPlacement
import WeftPlanning
import WeftProvider

/// Writes down a plan while it is built, for the verifier to judge by code of its own.
///
/// Spaces are the builder's, then one for the staging of each. Every device has a lane, the host's is zero: devices of
/// one space see what the others did only where somebody has waited for them.
struct PlanRecord {
    private var plan = PlanDescription(nodes: [], values: [], steps: [])
    /// Spaces are numbered by devices from one on, their stagings behind them.
    private let devices: Int
    /// The steps of blocks that nobody has waited for.
    private var underWay: [Int: [Int]] = [:]

    init(spaceOfDevice: [Int], arenas: [Arena]) {
        devices = spaceOfDevice.count
        plan.spaceOfDevice = spaceOfDevice
        for (index, arena) in arenas.enumerated() { plan.arenas[index] = arena.bytes }
    }

    private func staging(_ space: Int) -> Int { devices + space }

    /// `lent` are the spaces to which a caller brings an input.
    mutating func value(
        _ name: String, isConstant: Bool, isInput: Bool, lent: [Int], isWanted: Bool, bytes: Int?, layout: Layout
    ) {
        let given = isConstant ? Array(0...devices) : isInput ? [0] + lent : []
        plan.values.append(
            .init(name, given: given, wanted: isWanted ? [0] : [], bytes: bytes, layout: layout.name))
    }

    mutating func place(_ value: Int, space: Int, _ spot: Spot, replaces: Int?) {
        plan.places.append(
            .init(
                value: value, space: space, arena: spot.arena, offset: spot.offset, bytes: spot.bytes,
                replaces: replaces))
    }

    /// A place in a device's staging, which may be where the host has the value.
    mutating func place(_ value: Int, staging space: Int, isHosts: Bool, _ spot: Spot) {
        place(value, space: isHosts ? 0 : staging(space), spot, replaces: nil)
        if isHosts { hosts.insert([value, space]) }
    }

    /// Values whose place in a device's staging is the host's.
    private var hosts: Set<[Int]> = []

    // MARK: Steps

    /// A node that runs next on a lane.
    mutating func run(_ node: PlanDescription.Node, lane: Int, block: Int?) {
        plan.nodes.append(node)
        append(.run(node: plan.nodes.count - 1), lane: lane, block: block)
    }

    /// A value that comes to a device: by the host into its staging where it `isCopied`, then by the device.
    mutating func bringIn(_ value: Int, to space: Int, lane: Int, block: Int, isCopied: Bool, isStaged: Bool) {
        guard isStaged else {
            append(.transfer(value: value, from: 0, to: space), lane: 0, block: nil)
            return
        }
        let isHosts = hosts.contains([value, space])
        if isCopied, !isHosts { append(.transfer(value: value, from: 0, to: staging(space)), lane: 0, block: nil) }
        append(
            .transfer(value: value, from: isHosts ? 0 : staging(space), to: space), lane: lane, block: block)
    }

    /// A value that its device sends back when its block is over: to where the host has it, or to staging for a slot.
    mutating func sendBack(
        _ value: Int, from space: Int, lane: Int, block: Int, toSlot: Bool, isStaged: Bool
    ) {
        if toSlot && !isStaged { return }
        append(.transfer(value: value, from: space, to: toSlot ? staging(space) : 0), lane: lane, block: block)
    }

    /// A value that the host copies to its slot.
    mutating func copyOut(_ value: Int, from space: Int, isStaged: Bool) {
        append(.transfer(value: value, from: isStaged ? staging(space) : space, to: 0), lane: 0, block: nil)
    }

    /// The block is waited for now.
    mutating func waited(for block: Int) {
        for step in underWay.removeValue(forKey: block) ?? [] { plan.steps[step].awaitedBy = plan.steps.count }
    }

    private mutating func append(_ action: PlanDescription.Action, lane: Int, block: Int?) {
        if lane != 0, let block { underWay[block, default: []].append(plan.steps.count) }
        plan.steps.append(.init(action, lane: lane, awaitedBy: nil))
    }

    /// Throws `.internalInconsistency` with the first of what is wrong.
    func verify() throws(WeftError) {
        let violations = PlanVerifier.violations(of: plan)
        guard let first = violations.first else { return }
        throw WeftError(
            .internalInconsistency,
            "the plan is not sound: \(first.message)\(violations.count > 1 ? " (and \(violations.count - 1) more)" : "")",
            hint: "this is a bug of Weft; run with `--provider cpu` meanwhile")
    }
}
