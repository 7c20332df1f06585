/// The ratio of two series that were timed in turns: the median over pairs, and its confidence interval.
package struct PairedRatio: Sendable, Hashable, Codable {
    package let median: Double
    /// The bounds of the median's 95 % confidence interval, from order statistics, so that no distribution is assumed.
    package let low: Double
    package let high: Double
    package let pairs: Int

    /// The ratios of `measured` to `base`, pair by pair; nil if there is no pair.
    package init?(_ measured: [Double], to base: [Double]) {
        let ratios = zip(measured, base).compactMap { $1 > 0 ? $0 / $1 : nil }.sorted()
        guard !ratios.isEmpty else { return nil }
        let count = ratios.count
        // The bounds are the k-th ratios from either end: k is the largest number such that fewer than k of n
        // throws of a fair coin are heads with a probability of at most 2.5 %.
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
