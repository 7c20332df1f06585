import WeftProvider

/// Times of a plan's steps in timed runs, and times of the plans of its bodies and regions.
package final class StepTimes: @unchecked Sendable {
    /// A segment's copy between a device's memory and its staging.
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
    /// Whether the run waits for each segment right after submitting it, so that the step takes as long as its work.
    package let waitsAtOnce: Bool
    /// Whether devices report how long their copies take.
    private let asksForCopies: Bool
    /// Seconds by step, summed over all calls.
    private var sums: [Double]
    /// How often the plan was called.
    package private(set) var calls = 0
    /// Times of plans that were called while this one ran.
    package private(set) var inner: [ObjectIdentifier: StepTimes] = [:]
    private var sinks: [Int: SpanBox] = [:]

    package init(_ plan: Plan, waitsAtOnce: Bool, asksForCopies: Bool = false) {
        self.plan = plan
        self.waitsAtOnce = waitsAtOnce
        self.asksForCopies = asksForCopies
        sums = [Double](repeating: 0, count: plan.steps.count)
    }

    /// Seconds by step, for one call on average.
    package var seconds: [Double] { sums.map { $0 / Double(max(1, calls)) } }

    func note(_ step: Int, since start: UInt64) { sums[step] += Double(HostClock.nanoseconds &- start) * 1e-9 }

    /// The times that a call of a plan adds to: these, or those of an inner plan.
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

    /// The sink for spans of a segment that is about to be submitted; nil if copies are not timed.
    func submitting(_ segment: Int) -> (any SegmentSpanSink)? {
        guard asksForCopies else { return nil }
        let sink = SpanBox()
        sinks[segment] = sink
        return sink
    }

    /// Seconds of each copy that devices reported.
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
