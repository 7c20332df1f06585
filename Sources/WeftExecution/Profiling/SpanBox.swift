import WeftProvider

/// The spans of one submission; a device may report from a thread of its own.
final class SpanBox: SegmentSpanSink, @unchecked Sendable {
    private let lock = Lock()
    private var spans: [SegmentSpan] = []
    private var clock = SegmentSpan.Clock.host

    func record(_ spans: [SegmentSpan], on clock: SegmentSpan.Clock) {
        lock.withLock {
            self.spans = spans
            self.clock = clock
        }
    }

    var content: ([SegmentSpan], SegmentSpan.Clock) { lock.withLock { (spans, clock) } }
}
