import WeftExecution
import WeftInterpreter
import WeftPlanning
import WeftProvider

/// A plan with the times of its runs, as a whole and by step.
final class TimedPlan {
    let ready: ReadyPlan
    var plan: Plan { ready.plan }
    let placed: Placed
    /// Whether its segments are single nodes, each of which is waited for at once so that it can be timed.
    private let isSplit: Bool
    /// The seconds of each run.
    private(set) var walls: [Double] = []
    /// The seconds of each step, by run, then by step.
    private(set) var steps: [[Double]] = []
    /// The plans of bodies that were called, each with the seconds of its steps for one call, by run, then by step.
    private(set) var inner: [ObjectIdentifier: (plan: Plan, steps: [[Double]])] = [:]
    /// The seconds of the copies that devices reported, by run.
    private(set) var copies: [[StepTimes.Copy: Double]] = []

    init(_ ready: ReadyPlan, _ placed: Placed, isSplit: Bool = false) {
        self.ready = ready
        self.placed = placed
        self.isSplit = isSplit
    }

    /// Whether the plan has a transfer with a device that has memory of its own.
    func copies(_ devices: [EngineDevice]) -> Bool {
        plan.transfers.contains { !devices[$0.device].description.unifiedMemory }
    }

    /// Runs the plan once and returns its seconds.
    ///
    /// `counts` is false for a warm-up run, whose times are not kept. With `asksForCopies` devices report their
    /// copies, which makes the run slower.
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

    /// The plan and the plans of its bodies, each with the seconds of its steps, by run, then by step.
    var parts: [(plan: Plan, steps: [[Double]])] { [(plan, steps)] + inner.values }

    /// Drops the times of all runs so far.
    func forgetRuns() {
        inner = [:]
        walls = []
        steps = []
        copies = []
    }

    /// The seconds of all segments on a device together, by run, and the number of these segments.
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

    /// The time of a run beyond the median times of its segments, copies and bodies.
    ///
    /// This is the time outside of them, and that of interruptions: a run has some, whereas the median of a step
    /// has none.
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

    /// A text for each segment with its nodes and variants, then those of bodies; equal for plans that do the same.
    var outline: [String] {
        plan.segments.map { segment in
            "\(segment.device)|" + segment.placed.map { "\($0.view.label)|\($0.variant.name)" }.joined(separator: ";")
        } + placed.outline
    }
}
