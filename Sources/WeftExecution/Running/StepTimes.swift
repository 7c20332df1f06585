import WeftProvider

/// What the steps of a plan took in a run that is timed, and those of its bodies' plans.
package final class StepTimes: @unchecked Sendable {
    /// A copy between a device's memory and its staging, in a segment.
    package struct Copy: Hashable {
        package let segment: Int
        package let value: Int
        package let isUpload: Bool

        package init(segment: Int, value: Int, isUpload: Bool) {
            self.segment = segment
            self.value = value
            self.isUpload = isUpload
        }
    }

    package let plan: Plan
    /// Whether devices are waited for as soon as they have their work, so that a step takes what its work takes.
    package let waitsAtOnce: Bool
    /// Whether devices are asked what their copies take.
    private let asksForCopies: Bool
    /// By step, of all calls together.
    private var sums: [Double]
    /// How often the plan was called.
    package private(set) var calls = 0
    /// Of plans that were called while this one ran.
    package private(set) var inner: [ObjectIdentifier: StepTimes] = [:]
    private var sinks: [Int: SpanBox] = [:]

    package init(_ plan: Plan, waitsAtOnce: Bool, asksForCopies: Bool = false) {
        self.plan = plan
        self.waitsAtOnce = waitsAtOnce
        self.asksForCopies = asksForCopies
        sums = [Double](repeating: 0, count: plan.steps.count)
    }

    /// By step, of one call.
    package var seconds: [Double] { sums.map { $0 / Double(max(1, calls)) } }

    func note(_ step: Int, since start: UInt64) { sums[step] += Double(HostClock.nanoseconds &- start) * 1e-9 }

    /// Where a call of a plan notes its times: here, or among those of inner plans.
    func call(of plan: Plan) -> StepTimes {
        guard plan !== self.plan else {
            calls += 1
            return self
        }
        let key = ObjectIdentifier(plan)
        let times = inner[key] ?? StepTimes(plan, waitsAtOnce: waitsAtOnce)
        inner[key] = times
        times.calls += 1
        return times
    }

    /// A sink for the segment that is about to be submitted; nil where nobody wants to know.
    func submitting(_ segment: Int) -> (any SegmentSpanSink)? {
        guard asksForCopies else { return nil }
        let sink = SpanBox()
        sinks[segment] = sink
        return sink
    }

    /// What devices said of their copies, in seconds.
    package var copies: [Copy: Double] {
        var result: [Copy: Double] = [:]
        for (segment, sink) in sinks {
            for span in sink.content.0 {
                let seconds = Double(span.end &- span.start) * 1e-9
                switch span.subject {
                case .upload(let value): result[Copy(segment: segment, value: value, isUpload: true)] = seconds
                case .download(let value): result[Copy(segment: segment, value: value, isUpload: false)] = seconds
                case .node: continue
                }
            }
        }
        return result
    }
}
