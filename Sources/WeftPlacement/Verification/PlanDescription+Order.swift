extension PlanDescription {
    /// Steps that stand for a value that is there before the first step, and for one that never arrives.
    package static let given = -1
    package static let never = Int.max

    /// The first step of any other lane that may rely on `step` being over.
    package func release(of step: Int) -> Int { max(steps[step].awaitedBy ?? 0, step + 1) }

    /// Whether `earlier` is over before `later` begins: they are in one lane, or the plan waits for it in between.
    package func isOver(_ earlier: Int, before later: Int) -> Bool {
        if earlier >= later { return false }
        return steps[earlier].lane == steps[later].lane || release(of: earlier) <= later
    }
}
