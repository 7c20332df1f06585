import WeftProvider

/// A device's rates as a calibration found them with so many threads: what the cache keeps.
package struct MeasuredRates: Codable, Sendable {
    package var threads: Int
    /// Operations a second over operations, by rate key, then by element type.
    package var throughput: [String: [String: RateCurve]]
    /// Bytes a second over bytes.
    package var memory: RateCurve
    package var launch: Measured
    package var segment: Measured
    package var upload: Link?
    package var download: Link?

    package struct Measured: Codable, Sendable {
        package var seconds: Double
        package var spread: Double
    }

    package struct Link: Codable, Sendable {
        package var latencySeconds: Double
        package var bytesPerSecond: Double
        package var spread: Double
    }

    /// The rates as prices are made with them; nil where a figure is none that a device can have.
    package func rates(source: RateSource) -> DeviceRates? {
        func link(_ link: Link?) -> TransferRates.Link?? {
            guard let link else { return .some(nil) }
            guard link.latencySeconds >= 0, link.latencySeconds.isFinite, link.bytesPerSecond > 0 else { return nil }
            return TransferRates.Link(
                latency: link.latencySeconds, bytesPerSecond: link.bytesPerSecond, spread: link.spread)
        }
        guard launch.seconds >= 0, launch.seconds.isFinite, segment.seconds >= 0, segment.seconds.isFinite,
            let upload = link(upload), let download = link(download)
        else { return nil }
        var curves: [RateKey: [ElementType: RateCurve]] = [:]
        for (key, types) in throughput {
            for (name, curve) in types {
                guard let type = ElementType.allCases.first(where: { "\($0)" == name }) else { continue }
                curves[RateKey(rawValue: key), default: [:]][type] = curve
            }
        }
        guard !curves.isEmpty else { return nil }
        return DeviceRates(
            throughput: curves, memory: memory, launch: launch.seconds, segment: segment.seconds, upload: upload,
            download: download, source: source)
    }
}

/// All that a calibration found out about a device.
package struct DeviceMeasurement: Codable, Sendable {
    package struct Bandwidth: Codable, Sendable {
        package var threads: Int
        package var bytesPerSecond: Double
    }

    /// One entry for each number of threads that was tried; one alone for devices that use none of ours.
    package var rates: [MeasuredRates]
    /// How memory's speed grows with threads; empty for devices that use none of ours.
    package var memoryOverThreads: [Bandwidth]

    package init(rates: [MeasuredRates], memoryOverThreads: [Bandwidth] = []) {
        self.rates = rates
        self.memoryOverThreads = memoryOverThreads
    }

    /// Rates for so many threads; those of the nearest number that was tried, scaled, where it was not tried itself.
    package func rates(threads: Int, source: RateSource) -> DeviceRates? {
        let distance = { (rates: MeasuredRates) in abs(rates.threads - threads) }
        guard let nearest = rates.min(by: { distance($0) < distance($1) }),
            var result = nearest.rates(source: source)
        else { return nil }
        guard nearest.threads != threads, !memoryOverThreads.isEmpty, nearest.threads > 0 else { return result }
        let more = Double(threads) / Double(nearest.threads)
        result.throughput = result.throughput.mapValues { $0.mapValues { $0.scaled(by: more) } }
        let curve = RateCurve(memoryOverThreads.map { .init(size: Double($0.threads), rate: $0.bytesPerSecond) })
        if let curve {
            let wider = curve.point(at: Double(threads)).rate / curve.point(at: Double(nearest.threads)).rate
            result.memory = result.memory.scaled(by: wider)
        }
        return result
    }
}
