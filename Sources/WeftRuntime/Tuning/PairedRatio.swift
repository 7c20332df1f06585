/// How two things that were timed in turns compare: the middle of the pairs' ratios, and where it surely lies.
package struct PairedRatio: Sendable, Hashable, Codable {
    package let median: Double
    /// The bounds of the median's 95 % confidence interval, by order statistics: no distribution is assumed.
    package let low: Double
    package let high: Double
    package let pairs: Int

    /// Ratios of `measured` to `base`, pair by pair; nil where there is none.
    package init?(_ measured: [Double], to base: [Double]) {
        let ratios = zip(measured, base).compactMap { $1 > 0 ? $0 / $1 : nil }.sorted()
        guard !ratios.isEmpty else { return nil }
        let count = ratios.count
        // Of n pairs, the k-th from either end: k the greatest with at most 2.5 % of a fair coin's throws below it.
        var below = 0
        var term = 1.0
        for _ in 0..<count { term /= 2 }
        var sum = term
        while sum <= 0.025, below + 1 < count {
            below += 1
            term *= Double(count - below + 1) / Double(below)
            sum += term
        }
        let outer = max(0, below - 1)
        low = ratios[outer]
        high = ratios[count - 1 - outer]
        median = count % 2 == 1 ? ratios[count / 2] : (ratios[count / 2 - 1] + ratios[count / 2]) / 2
        pairs = count
    }
}
