extension PlanDescription {
    /// When a value arrives that is there before the first step, and one that never does.
    package static let given = -1
    package static let never = Int.max

    /// The first step, in any other lane, that may rely on `step` being over.
    package func release(of step: Int) -> Int { max(steps[step].awaitedBy ?? 0, step + 1) }

    /// Whether `later` comes after `earlier` is over, by the order of their lane or because somebody waited.
    package func isOver(_ earlier: Int, before later: Int) -> Bool {
        if earlier >= later { return false }
        return steps[earlier].lane == steps[later].lane || release(of: earlier) <= later
    }
}
