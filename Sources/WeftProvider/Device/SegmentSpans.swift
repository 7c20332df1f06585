/// Receives what the parts of one submitted segment took, in a run that is profiled.
///
/// A run that is not profiled passes none to `submit`, and then nothing should be measured. Reporting is optional: a
/// segment of which nothing is reported is shown as one span, from its submission to the end of the wait for it.
/// Report at most once for a submission, on any thread: before `submit` returns where that does the work itself, else
/// before `wait` for its point returns. Each submission has a sink of its own.
public protocol SegmentSpanSink: AnyObject, Sendable {
    func record(_ spans: [SegmentSpan], on clock: SegmentSpan.Clock)
}

/// What one part of a segment took: a node, a dispatch of one, or a copy between staging and device memory.
///
/// Spans of one segment come in order and do not overlap. A node of several dispatches may have a span for each.
public struct SegmentSpan: Sendable, Hashable {
    public enum Subject: Sendable, Hashable {
        /// The node's index in the segment's graph.
        case node(Int)
        /// A value's number: the copy from its staging buffer.
        case upload(Int)
        /// A value's number: the copy to its staging buffer.
        case download(Int)
    }

    /// What a span's times count from.
    public enum Clock: Sendable {
        /// `HostClock`.
        case host
        /// Some moment of the device's: the engine fits the spans between submission and wait, as they lie to each other.
        case device
    }

    public var subject: Subject
    /// What ran, where a node's name alone does not say it: a shader.
    public var detail: String?
    /// Nanoseconds on the clock that the spans are reported with.
    public var start: UInt64
    public var end: UInt64

    public init(_ subject: Subject, detail: String? = nil, start: UInt64, end: UInt64) {
        self.subject = subject
        self.detail = detail
        self.start = start
        self.end = end
    }
}
