#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Maps values to lengths, by proportion, or by magnitude where they differ by more than bars could show.
struct Scale {
    let isLogarithmic: Bool
    private let lowest: Double
    private let highest: Double
    let ticks: [Double]

    /// `values` are positive.
    init(_ values: [Double]) {
        let least = values.min() ?? 1
        let most = values.max() ?? 1
        isLogarithmic = most > 15 * least
        if isLogarithmic {
            let first = Int(floor(log10(least * 0.8)))
            lowest = pow(10, Double(first))
            highest = Self.niceStep(most)
            let last = max(first, Int(floor(log10(highest) + 1e-9)))
            ticks = (first...last).map { pow(10, Double($0)) }
        } else {
            let step = Self.niceStep(most / 5)
            lowest = 0
            highest = ceil(most / step) * step
            ticks = stride(from: 0, through: highest + step / 2, by: step).map { $0 }
        }
    }

    /// 0 at the foot, 1 at the top.
    func share(_ value: Double) -> Double {
        let share =
            isLogarithmic
            ? (log10(max(value, lowest)) - log10(lowest)) / (log10(highest) - log10(lowest))
            : (value - lowest) / (highest - lowest)
        return min(1, max(0, share))
    }

    /// 1, 2 or 5 times a power of ten, at least as large as what is asked for.
    static func niceStep(_ wanted: Double) -> Double {
        guard wanted > 0, wanted.isFinite else { return 1 }
        let power = pow(10, floor(log10(wanted)))
        for factor in [1.0, 2, 5] where factor * power >= wanted * 0.999 { return factor * power }
        return 10 * power
    }
}
