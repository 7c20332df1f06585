package import WeftPlanning
package import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The results of a calibration of a device.
package struct DeviceMeasurement: Codable, Sendable {
    /// The speed of memory with a number of threads.
    package struct Bandwidth: Codable, Sendable {
        package var threads: Int
        package var bytesPerSecond: Double
        package var spread: Double?
        package var samples: Int

        package init(threads: Int, bytesPerSecond: Double, spread: Double? = nil, samples: Int = 1) {
            self.threads = threads
            self.bytesPerSecond = bytesPerSecond
            self.spread = spread
            self.samples = samples
        }
    }

    /// The rates for each number of threads that was measured; one entry for devices that are not the host.
    package var rates: [MeasuredRates]
    /// The speed of memory for several numbers of threads; empty for devices that are not the host.
    package var memoryOverThreads: [Bandwidth]

    package init(rates: [MeasuredRates], memoryOverThreads: [Bandwidth] = []) {
        self.rates = rates
        self.memoryOverThreads = memoryOverThreads
    }

    /// The rates for a number of threads of the host; nil if nothing usable was measured.
    ///
    /// If that number was not measured, the rates of the nearest one are scaled: arithmetic by the growth between
    /// the numbers that were measured, or in proportion to threads if there is only one; memory by its curve over
    /// threads.
    package func rates(_ device: DeviceDescription, threads: Int, source: RateSource) -> DeviceRates? {
        let tried = rates.filter { $0.threads > 0 }.sorted { abs($0.threads - threads) < abs($1.threads - threads) }
        guard let nearest = tried.first, var result = nearest.rates(device, source: source) else { return nil }
        guard device.isHost, nearest.threads != threads, threads > 0 else { return result }
        let other = tried.dropFirst().first
        let more = Double(threads) / Double(nearest.threads)
        for (key, types) in result.throughput {
            for (type, curve) in types {
                var factor = more
                if let other, let far = other.throughput[key.rawValue]?["\(type)"], other.threads != nearest.threads {
                    let growth = log(far.peak / curve.peak) / log(Double(other.threads) / Double(nearest.threads))
                    factor = pow(more, min(max(growth, 0), 1))
                }
                result.throughput[key]?[type] = curve.scaled(by: factor)
            }
        }
        if let curve = RateCurve(memoryOverThreads.map { .init(size: Double($0.threads), rate: $0.bytesPerSecond) }) {
            let wider = curve.point(at: Double(threads)).rate / curve.point(at: Double(nearest.threads)).rate
            result.memory = result.memory.scaled(by: wider)
        }
        result.scaledFrom = nearest.threads
        return result
    }
}
