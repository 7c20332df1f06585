/// When the engine waits for segments that devices work on: as late as possible.
///
/// Segments are numbered in their order. The engine waits for a device's segment before the first segment elsewhere that
/// reads its results, before it waits for a later segment of the same space, and at the latest when the run ends. Segments
/// of the host, and of devices that do not run beside it, are over at once.
package struct WaitPoints {
    /// For each segment, the segment before which the engine waits for it; the number of segments for the end of the run.
    private let awaited: [Int]
    /// First and last moment of each segment.
    private let spans: [ClosedRange<Int>]

    /// `spaces` and `overlaps` are by segment; `readings` are the segments elsewhere that read what a segment makes.
    package init(spans: [ClosedRange<Int>], spaces: [Int], overlaps: [Bool], readings: [(maker: Int, reader: Int)]) {
        self.spans = spans
        var awaited = overlaps.enumerated().map { $1 ? spans.count : $0 + 1 }
        for (maker, reader) in readings { awaited[maker] = min(awaited[maker], reader) }
        var next: [Int: Int] = [:]
        for segment in spans.indices.reversed() where overlaps[segment] {
            awaited[segment] = min(awaited[segment], next[spaces[segment]] ?? spans.count)
            next[spaces[segment]] = awaited[segment]
        }
        self.awaited = awaited
    }

    /// The segment before which the engine waits for a segment; the number of segments for the end of the run.
    package subscript(segment: Int) -> Int { awaited[segment] }

    /// The last moment at which the segment's device may touch memory.
    package func busyUntil(_ segment: Int) -> Int {
        let wait = awaited[segment]
        if wait < spans.count { return spans[wait].lowerBound - 1 }
        return spans.last?.upperBound ?? 0
    }
}
