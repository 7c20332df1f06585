/// A set of small numbers that gives the least first: words of bits, and a summary of which words have bits set.
struct ReadySet {
    private var words: [UInt64]
    private var summary: [UInt64]
    /// No word of the summary before this one has a bit set.
    private var start = 0
    private var count = 0

    /// For numbers below `limit`.
    init(limit: Int) {
        words = Array(repeating: 0, count: limit / 64 + 1)
        summary = Array(repeating: 0, count: words.count / 64 + 1)
    }

    var isEmpty: Bool { count == 0 }

    mutating func insert(_ item: Int) {
        let word = item >> 6
        words[word] |= 1 << UInt64(item & 63)
        summary[word >> 6] |= 1 << UInt64(word & 63)
        start = min(start, word >> 6)
        count += 1
    }

    mutating func removeLeast() -> Int? {
        guard count > 0 else { return nil }
        while summary[start] == 0 { start += 1 }
        let word = start << 6 | summary[start].trailingZeroBitCount
        let bit = words[word].trailingZeroBitCount
        words[word] &= words[word] - 1
        if words[word] == 0 { summary[start] &= summary[start] - 1 }
        count -= 1
        return word << 6 | bit
    }
}
