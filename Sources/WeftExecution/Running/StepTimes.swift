import WeftProvider

/// What the steps of one plan took in a run that is timed.
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
    /// By step.
    package private(set) var seconds: [Double]
    private var sinks: [Int: SpanBox] = [:]

    package init(_ plan: Plan, waitsAtOnce: Bool, asksForCopies: Bool = false) {
        self.plan = plan
        self.waitsAtOnce = waitsAtOnce
        self.asksForCopies = asksForCopies
        seconds = [Double](repeating: 0, count: plan.steps.count)
    }

    func note(_ step: Int, since start: UInt64) {
        seconds[step] = Double(HostClock.nanoseconds &- start) * 1e-9
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
