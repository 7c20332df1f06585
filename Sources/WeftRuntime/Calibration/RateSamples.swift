import WeftPlanning
import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Collects the times of pieces of work, and makes rate curves of them.
struct RateSamples {
    private struct Key: Hashable {
        let rate: RateKey
        let type: ElementType
    }

    private struct Observation {
        let size: Double
        let rate: Double
        let spread: Double?
        let count: Int
    }

    private var operations: [Key: [Observation]] = [:]
    private var bytes: [Observation] = []

    var isEmpty: Bool { operations.isEmpty }

    /// Adds a measurement: the work took `seconds`, without starting; `sample` is the sample that this comes from.
    mutating func add(_ work: Work, _ type: ElementType, seconds: Double, of sample: Sample) {
        guard seconds > 0 else { return }
        func observation(_ size: Double) -> Observation {
            Observation(size: size, rate: size / seconds, spread: sample.spread, count: sample.count)
        }
        if work.flops > 0 { operations[Key(rate: work.rate, type: type), default: []].append(observation(work.flops)) }
        // A kernel with few operations for each byte shows the speed of memory.
        if work.rate == .elementwise, work.bytes > 0, work.flops * 4 <= work.bytes {
            bytes.append(observation(work.bytes))
        }
    }

    /// Operations a second by operations, for each rate key and element type.
    ///
    /// Curves are made non-decreasing: where measured rates fall with size, memory limits the speed, which has a
    /// curve of its own.
    var throughput: [String: [String: RateCurve]] {
        var curves: [String: [String: RateCurve]] = [:]
        for (key, samples) in operations {
            var best = 0.0
            let points = Self.points(samples).map { point in
                var point = point
                best = max(best, point.rate)
                point.rate = best
                return point
            }
            curves[key.rate.rawValue, default: [:]]["\(key.type)"] = RateCurve(points)
        }
        return curves
    }

    /// Bytes a second by bytes; nil if no sample shows it.
    var memory: RateCurve? { RateCurve(Self.points(bytes)) }

    /// One point for each doubling of size: the medians of the sizes and rates that fall there.
    ///
    /// The spread is that of the rates or the median of the samples' own, whichever is greater.
    private static func points(_ samples: [Observation]) -> [RateCurve.Point] {
        var bins: [Int: [Observation]] = [:]
        for sample in samples { bins[Int(log2(sample.size).rounded()), default: []].append(sample) }
        return bins.sorted { $0.key < $1.key }.compactMap { _, bin in
            guard let rates = Sample(bin.map(\.rate)), let sizes = Sample(bin.map(\.size)) else { return nil }
            let spreads = [rates.spread, Sample(bin.compactMap(\.spread))?.median].compactMap(\.self)
            return .init(
                size: sizes.median, rate: rates.median, spread: spreads.max(),
                samples: bin.reduce(0) { $0 + $1.count })
        }
    }
}
