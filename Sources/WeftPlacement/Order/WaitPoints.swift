/// When the engine waits for blocks that devices work on: as late as possible.
///
/// Blocks are numbered in their order. The engine waits for a device's block before the first block elsewhere that
/// reads its results, before it waits for a later block of the same space, and at the latest when the run ends. Blocks
/// of the host, and of devices that do not run beside it, are over at once.
package struct WaitPoints {
    /// For each block, the block before which the engine waits for it; the number of blocks for the end of the run.
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

    /// The block before which the engine waits for a block; the number of blocks for the end of the run.
    package subscript(block: Int) -> Int { awaited[block] }

    /// The last moment at which the block's device may touch memory.
    package func busyUntil(_ block: Int) -> Int {
        let wait = awaited[block]
        if wait < spans.count { return spans[wait].lowerBound - 1 }
        return spans.last?.upperBound ?? 0
    }
}
