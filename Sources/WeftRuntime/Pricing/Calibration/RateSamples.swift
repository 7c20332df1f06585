import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Times of pieces of work, gathered into curves.
struct RateSamples {
    private struct Key: Hashable {
        let rate: RateKey
        let type: ElementType
    }

    private var operations: [Key: [(size: Double, rate: Double, spread: Double)]] = [:]
    private var bytes: [(size: Double, rate: Double, spread: Double)] = []

    /// Takes in what a variant's work took, launches left out.
    mutating func add(_ work: Work, _ type: ElementType, seconds: Double, spread: Double) {
        guard seconds > 0 else { return }
        if work.flops > 0 {
            operations[Key(rate: work.rate, type: type), default: []].append(
                (work.flops, work.flops / seconds, spread))
        }
        // A kernel that does little with each byte shows how fast bytes come.
        if work.rate == .elementwise, work.bytes > 0, work.flops * 4 <= work.bytes {
            bytes.append((work.bytes, work.bytes / seconds, spread))
        }
    }

    /// Rates of arithmetic never fall with size: where measured ones do, memory is what slows the work down.
    var throughput: [String: [String: RateCurve]] {
        var curves: [String: [String: RateCurve]] = [:]
        for (key, samples) in operations {
            var best = 0.0
            let points = Self.points(samples).map { point in
                best = max(best, point.rate)
                return RateCurve.Point(size: point.size, rate: best, spread: point.spread)
            }
            curves[key.rate.rawValue, default: [:]]["\(key.type)"] = RateCurve(points)
        }
        return curves
    }

    var memory: RateCurve? { RateCurve(Self.points(bytes)) }

    /// One point for each doubling of size: the middle rate of what falls there, and how far rates lie apart.
    private static func points(_ samples: [(size: Double, rate: Double, spread: Double)]) -> [RateCurve.Point] {
        var bins: [Int: [(size: Double, rate: Double, spread: Double)]] = [:]
        for sample in samples { bins[Int(log2(sample.size).rounded()), default: []].append(sample) }
        return bins.sorted { $0.key < $1.key }.compactMap { _, bin in
            guard let rates = Sample(bin.map(\.rate)), let sizes = Sample(bin.map(\.size)),
                let own = Sample(bin.map(\.spread))
            else { return nil }
            return .init(size: sizes.median, rate: rates.median, spread: max(rates.spread, own.median))
        }
    }
}
