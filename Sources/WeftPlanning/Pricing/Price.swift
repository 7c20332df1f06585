/// Where a price comes from; the most certain source first.
package enum PriceSource: String, Codable, Hashable, Sendable {
    /// This very node was measured, on this model.
    case tuned
    /// Work over rates that were measured on this machine.
    case calibrated
    /// Work over rates typical of the class of device.
    case nominal
}

/// The price of a piece of work: its seconds, their spread, and where they come from.
package struct Price: Hashable, Sendable, Codable {
    package var seconds: Double
    /// Half the distance between the quartiles of the measurements, as a share of the median; nil for too few of them.
    package var spread: Double?
    /// How many measurements it is based on; nil for none.
    package var samples: Int?
    package var source: PriceSource

    package init(_ seconds: Double, spread: Double? = nil, samples: Int? = nil, source: PriceSource) {
        self.seconds = seconds
        self.spread = spread
        self.samples = samples
        self.source = source
    }

    package init(_ seconds: Double, of sample: Sample, source: PriceSource) {
        self.init(seconds, spread: sample.spread, samples: sample.count, source: source)
    }

    /// The price of work that costs nothing or is not priced.
    package static let none = Price(0, source: .nominal)
}

/// The median of a series of measurements, and their spread.
package struct Sample: Hashable, Sendable, Codable {
    package let median: Double
    /// Half the distance between the quartiles, as a share of the median; nil for fewer than three measurements.
    package let spread: Double?
    package let count: Int

    /// Nil for an empty series.
    package init?(_ measured: [Double]) {
        guard !measured.isEmpty else { return nil }
        median = Self.quantile(measured, 0.5)
        count = measured.count
        let width = Self.quantile(measured, 0.75) - Self.quantile(measured, 0.25)
        spread = count < 3 ? nil : median > 0 ? width / 2 / median : 0
    }

    /// The quantile, interpolated linearly between two measurements; zero if there are none.
    package static func quantile(_ measured: [Double], _ share: Double) -> Double {
        guard !measured.isEmpty else { return 0 }
        let sorted = measured.sorted()
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}
