import WeftPlanning
import WeftProvider

extension Planner {
    /// A compiled plan that fits into the devices' memory.
    ///
    /// Packed constants may turn out to be larger than in the model. Then everything is placed again with their real
    /// sizes, a few times at most. Throws `.deviceMemoryExceeded` if that does not help, or if the plan that is
    /// followed does not fit.
    func fittingPlan(
        _ specialised: Specialised, following followed: (any FollowedPlan)?, title: String, isInner: Bool,
        _ phases: PhaseLog
    ) throws(WeftError) -> Plan {
        var attempts = 0
        while true {
            let room = memory.room(isInner: isInner)
            do {
                return try plan(specialised, followed, title, isInner, room, phases)
            } catch {
                guard error.code == .deviceMemoryExceeded else { throw error }
                if followed != nil {
                    throw WeftError(
                        error.code, "the plan file asks for more than fits: \(error.message)",
                        hint: "raise the limit of device memory, or make the plan anew under this one")
                }
                // No plan uses now what this one has packed.
                attempts += 1
                let hasLearned = memory.room(isInner: isInner).knows(more: room)
                guard memory.dropUnused() || hasLearned, attempts < 4 else { throw error }
            }
        }
    }

    private func plan(
        _ specialised: Specialised, _ followed: (any FollowedPlan)?, _ title: String, _ isInner: Bool,
        _ room: DeviceRoom, _ phases: PhaseLog
    ) throws(WeftError) -> Plan {
        var phases = phases
        let placer = phases.measure("support and prices") { () throws(Never) -> Placer in
            self.placer(specialised, isMain: !isInner, room: room)
        }
        let placed = try phases.measure("place") { () throws(WeftError) in
            guard let followed else { return try placer.place() }
            var placed = try placer.place(following: try followed.recipe(for: placer))
            placed.report.restSeconds = followed.restPrice?.seconds ?? 0
            return placed
        }
        let plan = try build(placed, devices, title: title, phases, room: room)
        try memory.check(plan, isInner: isInner)
        return plan
    }
}
