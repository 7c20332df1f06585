/// Receives the times of the parts of one submitted segment, in a profiled run.
///
/// A run that is not profiled passes no sink to `submit`, and the device should then measure nothing. Reporting is
/// optional: a segment without spans is shown as one span, from its submission to the end of the wait for it. Call
/// `record` at most once for a submission, on any thread: before `submit` returns if that does the work itself, else
/// before `wait` for its point returns. Each submission has a sink of its own.
public protocol SegmentSpanSink: AnyObject, Sendable {
    /// Takes the spans of all parts; their times are those of `clock`.
    func record(_ spans: [SegmentSpan], on clock: SegmentSpan.Clock)
}

/// The time that one part of a segment took: a node, a dispatch of a node, or a copy from or to staging.
///
/// Spans of one segment are in the order of time and do not overlap. A node of several dispatches may have several.
public struct SegmentSpan: Sendable, Hashable {
    /// The part that a span is about.
    public enum Subject: Sendable, Hashable {
        /// The node's index in the segment's graph.
        case node(Int)
        /// The number of a value that is copied from its staging buffer.
        case upload(Int)
        /// The number of a value that is copied to its staging buffer.
        case download(Int)
    }

    /// The clock that a span's times were read from.
    public enum Clock: Sendable {
        /// `HostClock`.
        case host
        /// A clock of the device, of unknown origin. The engine keeps the distances between spans and moves them to lie
        /// between submission and wait.
        case device
    }

    /// The part that took the time.
    public var subject: Subject
    /// What ran in addition to the node's name, such as a shader; nil if there is nothing to add.
    public var detail: String?
    /// When the part began, in nanoseconds on the clock that is reported with the spans.
    public var start: UInt64
    /// When the part ended, on the same clock.
    public var end: UInt64

    /// A span of one part.
    public init(_ subject: Subject, detail: String? = nil, start: UInt64, end: UInt64) {
        self.subject = subject
        self.detail = detail
        self.start = start
        self.end = end
    }
}
