import WeftPlacement
package import WeftPlanning
import WeftProvider

/// A device's rates as measured with a number of threads, in the form that the cache keeps.
package struct MeasuredRates: Codable, Sendable {
    package var threads: Int
    /// Operations a second by operations, for each rate key and element type.
    package var throughput: [String: [String: RateCurve]]
    /// Bytes a second by bytes; nil if it could not be measured.
    package var memory: RateCurve?
    /// The device in the same memory space that measured `memory`; nil if the device itself did.
    package var memoryBy: String?
    /// The time to start a kernel; nil if the device runs none of the tiny nodes.
    package var launch: Measured?
    /// The time to start a segment; nil in the same case.
    package var segment: Measured?
    /// The cost of a transfer from the host; nil on the host, and if it could not be measured.
    package var upload: Link?
    /// The cost of a transfer to the host; nil in the same cases.
    package var download: Link?
    /// How many of the device's probes were reached in the time that there was.
    package var probes: Probes

    /// A measured time in seconds, its spread as a share of it, and the number of samples.
    package struct Measured: Codable, Sendable {
        package var seconds: Double
        package var spread: Double?
        package var samples: Int
    }

    /// The measured cost of transfers in one direction.
    package struct Link: Codable, Sendable {
        /// Seconds for the smallest tensor that was transferred.
        package var latencySeconds: Double
        /// Nil if large tensors took no longer than small ones, beyond the noise: then nothing is copied.
        package var bytesPerSecond: Double?
        package var spread: Double?
        package var samples: Int
    }

    /// Probes that were reached, those that were left out as too slow or that failed included, and all there are.
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

    /// The rates in the form that prices are computed with; those not measured are nominal and listed in `assumed`.
    ///
    /// Nil if a figure is impossible, or if there is no throughput.
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
