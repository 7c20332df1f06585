import WeftProvider

/// A plan with what its runs took, as a whole and step by step.
final class TimedPlan {
    let plan: Plan
    /// Whether its segments are single nodes, each to be timed.
    private let isSplit: Bool
    /// Seconds of each run.
    private(set) var walls: [Double] = []
    /// By run, then by step.
    private(set) var steps: [[Double]] = []

    init(_ plan: Plan, isSplit: Bool = false) {
        self.plan = plan
        self.isSplit = isSplit
    }

    /// Runs the plan once; `counts` is false for a run that only warms up.
    @discardableResult
    func run(_ planner: Planner, _ data: [Datum], budget: MemoryBudget, counts: Bool = true) throws(WeftError) -> Double
    {
        let times = StepTimes(plan, waitsAtOnce: isSplit)
        let run = Run(
            planner: planner, workers: RunWorkers(planner.pool), budget: budget, deterministic: true,
            outputNames: [], profiler: nil, times: times)
        let start = ContinuousClock.now
        _ = try run.execute(plan, data)
        let wall = (ContinuousClock.now - start).seconds
        if counts {
            walls.append(wall)
            steps.append(times.seconds)
        }
        return wall
    }

    /// The middle of what a device's segments took together, and how many there are.
    func segments(on device: Int) -> (seconds: Double, count: Int) {
        let numbers = plan.steps.indices.filter { number in
            switch plan.steps[number] {
            case .segment(let index), .submit(let index), .wait(let index): plan.segments[index].device == device
            default: false
            }
        }
        let sums = steps.map { run in numbers.reduce(0) { $0 + run[$1] } }
        return (Sample(sums)?.median ?? 0, plan.segments.filter { $0.device == device }.count)
    }

    /// What a run takes beside segments and copies.
    var rest: Sample? {
        let parts = plan.steps.indices.filter { number in
            switch plan.steps[number] {
            case .segment, .submit, .wait, .copyIn, .copyOut, .copyAcross: true
            case .unit, .release: false
            }
        }
        return Sample(zip(walls, steps).map { wall, run in max(0, wall - parts.reduce(0) { $0 + run[$1] }) })
    }

    /// What tells one plan from another: segments with their nodes and variants.
    var outline: [String] {
        plan.segments.map { segment in
            "\(segment.device)|" + segment.placed.map { "\($0.view.label)|\($0.variant.name)" }.joined(separator: ";")
        }
    }
}
