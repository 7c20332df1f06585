import WeftProvider

/// Writes down a plan while it is built, for the verifier to judge by code of its own.
struct PlanRecord {
    private var plan = PlanDescription(nodes: [], values: [], steps: [])

    init(spaceOfDevice: [Int], arenas: [Plan.Arena]) {
        plan.spaceOfDevice = spaceOfDevice
        for (index, arena) in arenas.enumerated() { plan.arenas[index] = arena.bytes }
    }

    /// `given` lists the spaces that hold a value before the first step.
    mutating func value(_ name: String, given: [Int], wanted: Bool, bytes: Int?) {
        plan.values.append(.init(name, given: given, wanted: wanted ? [0] : [], bytes: bytes))
    }

    /// A node that runs next, on a device that should be among those that offered to run it.
    mutating func run(_ name: String, space: Int, operands: [Int], results: [Int], device: Int?, able: [Int]) {
        plan.nodes.append(
            .init(name, space: space, operands: operands, results: results, device: device, able: able))
        plan.steps.append(.init(.run(node: plan.nodes.count - 1)))
    }

    mutating func transfer(_ value: Int, from: Int, to: Int) {
        plan.steps.append(.init(.transfer(value: value, from: from, to: to)))
    }

    mutating func place(_ value: Int, space: Int, _ spot: Plan.Spot, replaces: Int?) {
        plan.places.append(
            .init(
                value: value, space: space, arena: spot.arena, offset: spot.offset, bytes: spot.bytes,
                replaces: replaces))
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
