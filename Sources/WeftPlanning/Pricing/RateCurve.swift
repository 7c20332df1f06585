#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A rate that depends on the size of the work, known at some sizes.
package struct RateCurve: Hashable, Sendable, Codable {
    package struct Point: Hashable, Sendable, Codable {
        /// Operations or bytes of one piece of work.
        package var size: Double
        /// Operations or bytes a second.
        package var rate: Double
        /// The spread of the measurements as a share of the time; nil if too little was measured.
        package var spread: Double?
        /// How many measurements it is based on; nil for none.
        package var samples: Int?

        package init(size: Double, rate: Double, spread: Double? = nil, samples: Int? = nil) {
            self.size = size
            self.rate = rate
            self.spread = spread
            self.samples = samples
        }
    }

    /// The points by size, ascending; never empty, with positive sizes and rates.
    package let points: [Point]

    /// Drops points whose size or rate is not a positive number; nil if none is left.
    package init?(_ points: [Point]) {
        let sound = points.filter { $0.size > 0 && $0.rate > 0 && $0.size.isFinite && $0.rate.isFinite }
        guard !sound.isEmpty else { return nil }
        self.points = sound.sorted { $0.size < $1.size }
    }

    /// The same rate at every size.
    package init(_ rate: Double) { points = [Point(size: 1, rate: rate)] }

    /// The rate at a size: interpolated between two points on logarithmic axes; beyond the ends, the nearest point's.
    package func point(at size: Double) -> Point {
        guard let first = points.first, let last = points.last else { return Point(size: size, rate: 1) }
        if size <= first.size { return first }
        if size >= last.size { return last }
        guard let above = points.firstIndex(where: { $0.size > size }), above > 0 else { return last }
        let (low, high) = (points[above - 1], points[above])
        let share = log2(size / low.size) / log2(high.size / low.size)
        let spread = low.spread.flatMap { a in high.spread.map { a + ($0 - a) * share } }
        let samples = low.samples.flatMap { a in high.samples.map { min(a, $0) } }
        return Point(
            size: size, rate: low.rate * exp2(share * log2(high.rate / low.rate)), spread: spread, samples: samples)
    }

    /// The greatest rate at any size.
    package var peak: Double { points.map(\.rate).max() ?? 1 }

    package func scaled(by factor: Double) -> RateCurve {
        RateCurve(
            points.map { Point(size: $0.size, rate: $0.rate * factor, spread: $0.spread, samples: $0.samples) }) ?? self
    }
}

extension RateCurve {
    private enum CodingKeys: String, CodingKey { case points }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let curve = RateCurve(try container.decode([Point].self, forKey: .points)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .points, in: container, debugDescription: "a curve needs a point of positive size and rate")
        }
        self = curve
    }
}
