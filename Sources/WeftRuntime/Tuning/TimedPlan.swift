import WeftExecution
import WeftInterpreter
import WeftPlanning
import WeftProvider

/// A plan with what its runs took, as a whole and step by step.
final class TimedPlan {
    let ready: ReadyPlan
    var plan: Plan { ready.plan }
    let placed: Placed
    /// Whether its segments are single nodes, each to be timed.
    private let isSplit: Bool
    /// Seconds of each run.
    private(set) var walls: [Double] = []
    /// By run, then by step.
    private(set) var steps: [[Double]] = []
    /// Of bodies that the runs called, their plans, and by run what their steps took in one call.
    private(set) var inner: [ObjectIdentifier: (plan: Plan, steps: [[Double]])] = [:]
    /// By run, what devices said of their copies.
    private(set) var copies: [[StepTimes.Copy: Double]] = []

    init(_ ready: ReadyPlan, _ placed: Placed, isSplit: Bool = false) {
        self.ready = ready
        self.placed = placed
        self.isSplit = isSplit
    }

    /// Whether something crosses to a device that has memory of its own.
    func copies(_ devices: [EngineDevice]) -> Bool {
        plan.transfers.contains { !devices[$0.device].description.unifiedMemory }
    }

    /// Runs the plan once; `counts` is false for a run that only warms up, `asksForCopies` true for one of which
    /// devices report their copies, which is slower.
    @discardableResult
    func run(
        _ planner: Planner, _ data: [Datum], budget: MemoryBudget, counts: Bool = true, asksForCopies: Bool = false
    ) throws(WeftError) -> Double {
        let times = StepTimes(plan, waitsAtOnce: isSplit, asksForCopies: asksForCopies)
        let run = Run(
            planner: planner, workers: RunWorkers(planner.pool), budget: budget, deterministic: true,
            outputNames: [], profiler: nil, times: times)
        let start = ContinuousClock.now
        _ = try run.execute(ready, data)
        let wall = (ContinuousClock.now - start).seconds
        if counts {
            walls.append(wall)
            steps.append(times.seconds)
            note(times.inner.values.map(\.self))
            copies.append(times.copies)
        }
        return wall
    }

    private func note(_ times: [StepTimes]) {
        for call in times {
            inner[ObjectIdentifier(call.plan), default: (call.plan, [])].steps.append(call.seconds)
            note(call.inner.values.map(\.self))
        }
    }

    /// Its plan and those of its bodies, each with what the steps of a call took, by run.
    var parts: [(plan: Plan, steps: [[Double]])] { [(plan, steps)] + inner.values }

    /// Takes the runs so far for nothing.
    func forgetRuns() {
        inner = [:]
        walls = []
        steps = []
        copies = []
    }

    /// What a device's segments took together in each run, and how many there are.
    func segments(on device: Int) -> (seconds: [Double], count: Int) {
        let numbers = plan.steps.indices.filter { number in
            switch plan.steps[number] {
            case .segment(let index), .submit(let index), .wait(let index): plan.segments[index].device == device
            default: false
            }
        }
        let sums = steps.map { run in numbers.reduce(0) { $0 + run[$1] } }
        return (sums, plan.segments.filter { $0.device == device }.count)
    }

    /// What a run takes beyond the middle times of its segments and copies.
    ///
    /// That is what lies outside of them, and interruptions: every run has some, most runs of any one node have none.
    var rest: Sample? {
        let parts = plan.steps.indices.filter { number in
            switch plan.steps[number] {
            case .segment, .submit, .wait, .copyIn, .copyOut, .copyAcross: true
            // Bodies that are placed with the plan have prices of their own.
            case .unit(let unit): !unit.bodies.isEmpty
            case .release: false
            }
        }
        let middles = parts.reduce(0) { sum, part in sum + Sample.quantile(steps.map { $0[part] }, 0.5) }
        return Sample(walls.map { max(0, $0 - middles) })
    }

    /// What tells one plan from another: segments with their nodes and variants, and the nodes of bodies.
    var outline: [String] {
        plan.segments.map { segment in
            "\(segment.device)|" + segment.placed.map { "\($0.view.label)|\($0.variant.name)" }.joined(separator: ";")
        } + placed.outline
    }
}
