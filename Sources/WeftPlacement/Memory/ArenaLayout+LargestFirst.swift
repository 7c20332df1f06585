extension ArenaLayout {
    /// Places values from the largest down, each in the smallest gap among those alive at the same time.
    ///
    /// Returns nil if a size is negative or all together do not fit in an `Int`.
    /// - Complexity: O(*n* (log *n* + *k* log *k*)) where a value lives with *k* others, at most quadratic.
    package static func largestFirst(_ values: [ArenaValue], alignment: Int = alignment) -> ArenaLayout? {
        guard let sizes = rounded(values, alignment) else { return nil }
        var offsets = Array(repeating: 0, count: values.count)
        let order = values.indices.filter { sizes[$0] > 0 }.sorted { first, second in
            if sizes[first] != sizes[second] { return sizes[first] > sizes[second] }
            return (values[first].firstStep, first) < (values[second].firstStep, second)
        }
        var placed = PlacedLives(values)
        // Values placed so far, by offset. Where a value overlaps with most of them, walking this list beats sorting.
        var byOffset: [Int32] = []
        byOffset.reserveCapacity(order.count)
        var bytes = 0
        for value in order {
            var gaps = GapSearch(size: sizes[value])
            if placed.find(aliveWith: value, atMost: byOffset.count / 8 + 8, blocks: { (offsets[$0], sizes[$0]) }) {
                for block in placed.found { gaps.pass(block.offset, block.size) }
            } else {
                let life = placed.lives[value]
                for other in byOffset where placed.lives[Int(other)].meets(life) {
                    gaps.pass(offsets[Int(other)], sizes[Int(other)])
                }
            }
            offsets[value] = gaps.offset
            bytes = max(bytes, gaps.offset + sizes[value])
            placed.insert(value)
            var low = 0, high = byOffset.count
            while low < high {
                let middle = (low + high) / 2
                if offsets[Int(byOffset[middle])] < gaps.offset { low = middle + 1 } else { high = middle }
            }
            byOffset.insert(Int32(truncatingIfNeeded: value), at: low)
        }
        return ArenaLayout(offsets: offsets, bytes: bytes)
    }
}

/// Finds the smallest gap that holds a value between blocks, which `pass` is given in order of offset.
private struct GapSearch {
    let size: Int
    private var best: (offset: Int, gap: Int)?
    private var end = 0

    init(size: Int) { self.size = size }

    mutating func pass(_ offset: Int, _ size: Int) {
        let gap = offset - end
        if gap >= self.size, gap < best?.gap ?? Int.max { best = (end, gap) }
        end = max(end, offset + size)
    }

    /// The offset for the value: in the gap that was found, else behind the last block.
    var offset: Int { best?.offset ?? end }
}

/// The lives of the values placed so far, stored so that those that overlap a given life are found quickly.
///
/// A value that overlaps a life is alive at its first step, or begins later within it. The first kind is found in the
/// segment tree's nodes above the leaf of that step, the second in lists of the values that begin at each step.
private struct PlacedLives {
    /// First and last step of a value, as ranks in the sorted list of all first steps.
    struct Life {
        let first: Int32
        let last: Int32

        func meets(_ other: Life) -> Bool { first <= other.last && other.first <= last }
    }

    let lives: [Life]
    /// The blocks that the last search found, by offset.
    private(set) var found: [(offset: Int, size: Int)] = []
    private let leaves: Int
    /// The newest entry of each tree node; an entry is a value and a link to the next older entry.
    private var heads: [Int32]
    private var entries: [(value: Int32, next: Int32)] = []
    /// The newest value that begins at each rank, and for each value the next older one of the same rank.
    private var beginning: [Int32]
    private var older: [Int32]

    init(_ values: [ArenaValue]) {
        let steps = Set(values.lazy.map(\.firstStep)).sorted()
        func rank(_ step: Int) -> Int32 {
            var low = 0, high = steps.count
            while low < high {
                let middle = (low + high) / 2
                if steps[middle] <= step { low = middle + 1 } else { high = middle }
            }
            return Int32(truncatingIfNeeded: low - 1)
        }
        lives = values.map { Life(first: rank($0.firstStep), last: rank($0.lastStep)) }
        var leaves = 1
        while leaves < steps.count { leaves *= 2 }
        self.leaves = leaves
        heads = Array(repeating: -1, count: 2 * leaves)
        beginning = Array(repeating: -1, count: max(steps.count, 1))
        older = Array(repeating: -1, count: values.count)
    }

    /// Finds the blocks of values that overlap a value's life; returns false if there are too many to look through.
    mutating func find(
        aliveWith value: Int, atMost limit: Int, blocks: (Int) -> (offset: Int, size: Int)
    ) -> Bool {
        found.removeAll(keepingCapacity: true)
        let first = Int(lives[value].first), last = Int(lives[value].last)
        guard last - first < 8 * limit else { return false }
        var node = leaves + first
        while node > 0 {
            var entry = heads[node]
            while entry >= 0 {
                guard found.count < limit else { return false }
                found.append(blocks(Int(entries[Int(entry)].value)))
                entry = entries[Int(entry)].next
            }
            node /= 2
        }
        var rank = first + 1
        while rank <= last {
            var other = beginning[rank]
            while other >= 0 {
                guard found.count < limit else { return false }
                found.append(blocks(Int(other)))
                other = older[Int(other)]
            }
            rank += 1
        }
        found.sort { $0.offset < $1.offset }
        return true
    }

    mutating func insert(_ value: Int) {
        let first = Int(lives[value].first), last = Int(lives[value].last)
        older[value] = beginning[first]
        beginning[first] = Int32(truncatingIfNeeded: value)
        var low = leaves + first, high = leaves + last + 1
        while low < high {
            if low & 1 == 1 {
                add(value, to: low)
                low += 1
            }
            if high & 1 == 1 {
                high -= 1
                add(value, to: high)
            }
            low /= 2
            high /= 2
        }
    }

    private mutating func add(_ value: Int, to node: Int) {
        entries.append((Int32(truncatingIfNeeded: value), heads[node]))
        heads[node] = Int32(truncatingIfNeeded: entries.count - 1)
    }
}
