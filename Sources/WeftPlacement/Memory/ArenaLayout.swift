/// A value that needs bytes of an arena from one step to another, both included.
package struct ArenaValue: Sendable, Equatable {
    package let bytes: Int
    package let firstStep: Int
    /// Never before `firstStep`: a value that nothing reads is alive while it is written.
    package let lastStep: Int

    package init(bytes: Int, firstStep: Int, lastStep: Int) {
        self.bytes = bytes
        self.firstStep = firstStep
        self.lastStep = max(firstStep, lastStep)
    }
}

/// Offsets for values, such that two values that are alive at the same step share no byte.
///
/// Values without bytes lie at 0. Views and values written over each other in place have to be given as one value.
package struct ArenaLayout: Sendable, Equatable {
    /// Bytes from the arena's start, per value, multiples of the alignment.
    package let offsets: [Int]
    /// The size of the arena.
    package let bytes: Int

    package static let alignment = 64

    package init(offsets: [Int], bytes: Int) {
        self.offsets = offsets
        self.bytes = bytes
    }

    /// Sizes rounded up to the alignment; nil if one is negative or their sum does not fit in an `Int`.
    package static func rounded(_ values: [ArenaValue], _ alignment: Int) -> [Int]? {
        var sizes: [Int] = []
        sizes.reserveCapacity(values.count)
        var total = 0
        for value in values {
            guard value.bytes >= 0, value.bytes <= Int.max - (alignment - 1) else { return nil }
            let size = (value.bytes + (alignment - 1)) / alignment * alignment
            let (sum, overflow) = total.addingReportingOverflow(size)
            guard !overflow else { return nil }
            total = sum
            sizes.append(size)
        }
        return sizes
    }

    /// The most bytes that are alive at one step: no layout is smaller. Nil if a size is negative or the sum overflows.
    package static func leastBytes(_ values: [ArenaValue], alignment: Int = alignment) -> Int? {
        guard let sizes = rounded(values, alignment) else { return nil }
        let starts = values.indices.sorted { values[$0].firstStep < values[$1].firstStep }
        let ends = values.indices.sorted { values[$0].lastStep < values[$1].lastStep }
        var live = 0, most = 0, ended = 0
        for value in starts {
            while values[ends[ended]].lastStep < values[value].firstStep {
                live -= sizes[ends[ended]]
                ended += 1
            }
            live += sizes[value]
            most = max(most, live)
        }
        return most
    }

    /// The smaller of the two layouts. For very many values only the one in step order, as the other may be quadratic.
    ///
    /// Returns nil if a size is negative or all together do not fit in an `Int`.
    package static func smallest(_ values: [ArenaValue], alignment: Int = alignment) -> ArenaLayout? {
        guard let quick = inStepOrder(values, alignment: alignment) else { return nil }
        guard values.count <= 16_384, let tight = largestFirst(values, alignment: alignment) else { return quick }
        return tight.bytes <= quick.bytes ? tight : quick
    }

    /// Places values in the order in which they begin, each in the smallest free block that holds it.
    ///
    /// Returns nil if a size is negative or all together do not fit in an `Int`.
    /// - Complexity: O(*n* log *n*), and a scan of the free blocks per value.
    package static func inStepOrder(_ values: [ArenaValue], alignment: Int = alignment) -> ArenaLayout? {
        guard let sizes = rounded(values, alignment) else { return nil }
        let starts = values.indices.filter { sizes[$0] > 0 }
            .sorted { (values[$0].firstStep, -sizes[$0], $0) < (values[$1].firstStep, -sizes[$1], $1) }
        let ends = starts.sorted { (values[$0].lastStep, $0) < (values[$1].lastStep, $1) }
        var offsets = Array(repeating: 0, count: values.count)
        var free = FreeBlocks()
        var ended = 0
        for value in starts {
            while ended < ends.count, values[ends[ended]].lastStep < values[value].firstStep {
                free.release(offsets[ends[ended]], sizes[ends[ended]])
                ended += 1
            }
            offsets[value] = free.take(sizes[value])
        }
        return ArenaLayout(offsets: offsets, bytes: free.end)
    }
}

/// The free blocks of an arena that grows at its end, in order of offset, never two that touch.
private struct FreeBlocks {
    private var blocks: [(offset: Int, size: Int)] = []
    private(set) var end = 0

    /// Takes the smallest free block that is large enough. If there is none, grows the arena at its end, and uses its
    /// last block as well if that is free.
    mutating func take(_ size: Int) -> Int {
        var best: Int?
        for (index, block) in blocks.enumerated() where block.size >= size {
            if let known = best, blocks[known].size <= block.size { continue }
            best = index
        }
        if let best {
            let offset = blocks[best].offset
            if blocks[best].size == size {
                blocks.remove(at: best)
            } else {
                blocks[best] = (offset + size, blocks[best].size - size)
            }
            return offset
        }
        var offset = end
        if let last = blocks.last, last.offset + last.size == end {
            offset = last.offset
            blocks.removeLast()
        }
        end = offset + size
        return offset
    }

    mutating func release(_ offset: Int, _ size: Int) {
        var low = 0, high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        let touchesNext = low < blocks.count && offset + size == blocks[low].offset
        let touchesLast = low > 0 && blocks[low - 1].offset + blocks[low - 1].size == offset
        switch (touchesLast, touchesNext) {
        case (true, true):
            blocks[low - 1].size += size + blocks[low].size
            blocks.remove(at: low)
        case (true, false): blocks[low - 1].size += size
        case (false, true): blocks[low] = (offset, size + blocks[low].size)
        case (false, false): blocks.insert((offset, size), at: low)
        }
    }
}
