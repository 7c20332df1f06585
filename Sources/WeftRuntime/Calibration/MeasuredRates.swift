import WeftPlacement
package import WeftPlanning
import WeftProvider

/// A device's rates as a calibration found them with so many threads: what the cache keeps.
package struct MeasuredRates: Codable, Sendable {
    package var threads: Int
    /// Operations a second over operations, by rate key, then by element type.
    package var throughput: [String: [String: RateCurve]]
    /// Bytes a second over bytes; nil where nobody could measure it.
    package var memory: RateCurve?
    /// The device of the same memory whose kernels measured it, where the device has none that can.
    package var memoryBy: String?
    /// Nil where the device runs none of the tiny nodes that show it.
    package var launch: Measured?
    package var segment: Measured?
    /// What a value costs that crosses; nil on the host, and where it could not be measured.
    package var upload: Link?
    package var download: Link?
    /// How many of the device's probes were measured in the time that there was.
    package var probes: Probes

    package struct Measured: Codable, Sendable {
        package var seconds: Double
        package var spread: Double?
        package var samples: Int
    }

    package struct Link: Codable, Sendable {
        package var latencySeconds: Double
        /// Nil where more bytes took no longer, beyond what measurements vary by: nothing is moved.
        package var bytesPerSecond: Double?
        package var spread: Double?
        package var samples: Int
    }

    package struct Probes: Codable, Sendable {
        package var measured: Int
        package var offered: Int
    }

    init(
        threads: Int, throughput: [String: [String: RateCurve]], memory: RateCurve?, memoryBy: String? = nil,
        launch: Measured?, segment: Measured?, upload: Link? = nil, download: Link? = nil,
        probes: Probes = Probes(measured: 0, offered: 0)
    ) {
        self.threads = threads
        self.throughput = throughput
        self.memory = memory
        self.memoryBy = memoryBy
        self.launch = launch
        self.segment = segment
        self.upload = upload
        self.download = download
        self.probes = probes
    }

    /// The rates as prices are made with them, those that were not measured typical of the device's class.
    ///
    /// Nil where a figure is none that a device can have.
    func rates(_ device: DeviceDescription, source: RateSource) -> DeviceRates? {
        var result = DeviceRates.nominal(device, threads: threads)
        result.throughput = [:]
        for (key, types) in throughput {
            for (name, curve) in types {
                guard let type = ElementType.allCases.first(where: { "\($0)" == name }) else { continue }
                result.throughput[RateKey(rawValue: key), default: [:]][type] = curve
            }
        }
        guard !result.throughput.isEmpty else { return nil }
        if let memory { result.memory = memory } else { result.assumed.insert(.memory) }
        for (measured, figure, path) in [
            (launch, DeviceRates.Figure.launch, \DeviceRates.launch), (segment, .segment, \DeviceRates.segment),
        ] {
            guard let measured else {
                result.assumed.insert(figure)
                continue
            }
            guard measured.seconds >= 0, measured.seconds.isFinite else { return nil }
            result[keyPath: path] = measured.seconds
        }
        if !device.isHost {
            for (link, figure, path) in [
                (upload, DeviceRates.Figure.upload, \DeviceRates.upload), (download, .download, \DeviceRates.download),
            ] {
                guard let link else {
                    result.assumed.insert(figure)
                    continue
                }
                let speed = link.bytesPerSecond ?? .infinity
                guard link.latencySeconds >= 0, link.latencySeconds.isFinite, speed > 0 else { return nil }
                result[keyPath: path] = TransferRates.Link(
                    latency: link.latencySeconds, bytesPerSecond: speed, spread: link.spread)
            }
        }
        result.source = source
        return result
    }
}
