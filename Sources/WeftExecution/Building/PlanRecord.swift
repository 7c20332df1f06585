import WeftPlacement
import WeftPlanning
import WeftProvider

/// A description of a plan, written while it is built, which the verifier then checks with code of its own.
///
/// It has the builder's spaces, and one more for the staging of each. Every device has a lane, the host has lane 0:
/// a device sees the results of other devices, even of its own space, only after the plan has waited for them.
struct PlanRecord {
    private var plan = PlanDescription(nodes: [], values: [], steps: [])
    /// The number of devices. Their spaces are numbered from one on, and the spaces of their stagings follow.
    private let devices: Int
    /// The steps of each segment that the plan has not waited for yet.
    private var underWay: [Int: [Int]] = [:]

    init(spaceOfDevice: [Int], arenas: [Arena]) {
        devices = spaceOfDevice.count
        plan.spaceOfDevice = spaceOfDevice
        for (index, arena) in arenas.enumerated() { plan.arenas[index] = arena.bytes }
    }

    private func staging(_ space: Int) -> Int { devices + space }

    /// Adds a value. `lent` are the spaces to which the caller brings it if it is an input.
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

    /// Adds a place in a device's staging; `isHosts` if it is also the value's place on the host.
    mutating func place(_ value: Int, staging space: Int, isHosts: Bool, _ spot: Spot) {
        place(value, space: isHosts ? 0 : staging(space), spot, replaces: nil)
        if isHosts { hosts.insert([value, space]) }
    }

    /// Values whose place in a device's staging is also their place on the host, as value and space.
    private var hosts: Set<[Int]> = []

    // MARK: Steps

    /// Adds a node that runs next on a lane.
    mutating func run(_ node: PlanDescription.Node, lane: Int, segment: Int?) {
        plan.nodes.append(node)
        append(.run(node: plan.nodes.count - 1), lane: lane, segment: segment)
    }

    /// Adds a transfer to a device: the host copies the value into staging if `isCopied`, then the device takes it.
    mutating func bringIn(_ value: Int, to space: Int, lane: Int, segment: Int, isCopied: Bool, isStaged: Bool) {
        guard isStaged else {
            append(.transfer(value: value, from: 0, to: space), lane: 0, segment: nil)
            return
        }
        let isHosts = hosts.contains([value, space])
        if isCopied, !isHosts { append(.transfer(value: value, from: 0, to: staging(space)), lane: 0, segment: nil) }
        append(
            .transfer(value: value, from: isHosts ? 0 : staging(space), to: space), lane: lane, segment: segment)
    }

    /// Adds a transfer from a device at the end of a segment: to the value's place on the host, or to staging for a slot.
    mutating func sendBack(
        _ value: Int, from space: Int, lane: Int, segment: Int, toSlot: Bool, isStaged: Bool
    ) {
        if toSlot && !isStaged { return }
        append(.transfer(value: value, from: space, to: toSlot ? staging(space) : 0), lane: lane, segment: segment)
    }

    /// Adds the host's copy of a value to its slot.
    mutating func copyOut(_ value: Int, from space: Int, isStaged: Bool) {
        append(.transfer(value: value, from: isStaged ? staging(space) : space, to: 0), lane: 0, segment: nil)
    }

    /// Notes that the plan waits for a segment now.
    mutating func waited(for segment: Int) {
        for step in underWay.removeValue(forKey: segment) ?? [] { plan.steps[step].awaitedBy = plan.steps.count }
    }

    private mutating func append(_ action: PlanDescription.Action, lane: Int, segment: Int?) {
        if lane != 0, let segment { underWay[segment, default: []].append(plan.steps.count) }
        plan.steps.append(.init(action, lane: lane, awaitedBy: nil))
    }

    /// Throws `.internalInconsistency` with the first violation.
    func verify() throws(WeftError) {
        let violations = PlanVerifier.violations(of: plan)
        guard let first = violations.first else { return }
        throw WeftError(
            .internalInconsistency,
            "the plan is not sound: \(first.message)\(violations.count > 1 ? " (and \(violations.count - 1) more)" : "")",
            hint: "this is a bug of Weft; run with `--provider cpu` meanwhile")
    }
}
