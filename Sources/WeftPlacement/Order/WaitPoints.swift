/// When the engine waits for what it has devices begin: as late as somebody else needs it.
///
/// Blocks are named by their order. A device's block is over before the first block elsewhere that reads what it makes,
/// before its device's later blocks are, and at the latest when the run ends. The host's own are over at once, and so
/// are those of devices that gain nothing from running beside it.
package struct WaitPoints {
    /// For each block, the block before which it is waited for; the number of blocks for the end of the run.
    private let awaited: [Int]
    /// First and last moment of each block.
    private let spans: [ClosedRange<Int>]

    /// `spaces` and `overlaps` are by block; `readings` are the blocks elsewhere that read what a block makes.
    package init(spans: [ClosedRange<Int>], spaces: [Int], overlaps: [Bool], readings: [(maker: Int, reader: Int)]) {
        self.spans = spans
        var awaited = overlaps.enumerated().map { $1 ? spans.count : $0 + 1 }
        for (maker, reader) in readings { awaited[maker] = min(awaited[maker], reader) }
        var next: [Int: Int] = [:]
        for block in spans.indices.reversed() where overlaps[block] {
            awaited[block] = min(awaited[block], next[spaces[block]] ?? spans.count)
            next[spaces[block]] = awaited[block]
        }
        self.awaited = awaited
    }

    /// The block before which a block is waited for; the number of blocks for the end of the run.
    package subscript(block: Int) -> Int { awaited[block] }

    /// The last moment at which the block's device may touch memory.
    package func busyUntil(_ block: Int) -> Int {
        let wait = awaited[block]
        if wait < spans.count { return spans[wait].lowerBound - 1 }
        return spans.last?.upperBound ?? 0
    }
}
