public import WeftProvider
import WeftRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Measures this machine's devices and keeps their rates for every session that comes after.
///
/// Nothing else in Weft measures anything: sessions price plans with what is kept, else with rates typical of the
/// class of device.
public enum Calibration {
    /// A device's figures.
    public struct Device: Sendable, Encodable {
        public let device: String
        public let name: String
        public let provider: String
        /// Where they are kept.
        public let file: String
        /// How long measuring took.
        public let seconds: Double
        /// For each number of threads that was tried.
        public let rates: [Rates]
        /// Bytes a second that kernels read and write, by threads; empty for devices that use none of the host's.
        public let memoryByThreads: [Int: Double]
    }

    /// What a device does a second with so many threads.
    public struct Rates: Sendable, Encodable {
        public let threads: Int
        public let launchSeconds: Double
        public let segmentSeconds: Double
        public let throughput: [Throughput]
        /// Bytes a second over bytes.
        public let memory: [Point]
        /// Nil for devices that work in the host's memory.
        public let upload: Link?
        public let download: Link?
    }

    /// Operations a second over operations, for a class of operators and a type of elements.
    public struct Throughput: Sendable, Encodable {
        public let operators: String
        public let elementType: String
        public let points: [Point]

        /// The greatest rate at any size.
        public var peak: Double { points.map(\.rate).max() ?? 0 }
    }

    public struct Point: Sendable, Encodable {
        public let size: Double
        public let rate: Double
        /// Half the distance of the measurements' quartiles, as a share.
        public let spread: Double?
    }

    public struct Link: Sendable, Encodable {
        public let latencySeconds: Double
        public let bytesPerSecond: Double
        public let spread: Double
    }

    /// Measures every device of the list (all that are here where it is empty), a few seconds each.
    ///
    /// `threads` as sessions take it; `cacheDirectory` stands for the user's own. `progress` is told the device and
    /// how much of it is done. Throws what devices report, and `.unreadableFile` where nothing can be kept.
    public static func run(
        _ providers: [ProviderChoice] = [], threads: Int? = nil, cacheDirectory: String? = nil,
        progress: (_ device: String, _ share: Double) -> Void = { _, _ in }
    ) throws(WeftError) -> [Device] {
        if let threads, threads < 1 || threads > 1024 {
            throw WeftError(.invalidOption, "threads should be 1 to 1024, is \(threads)")
        }
        let threads = threads ?? Machine.cores
        let cache = RateCache(directory: cacheDirectory)
        let selection = try DeviceSelection(providers, threads: threads, cache: cache)
        var results: [Device] = []
        // A list of names means these alone; `cpu`, which every session adds, is measured where it is asked for.
        let count = providers.isEmpty ? selection.devices.count : selection.namedCount
        for device in selection.devices.prefix(count) {
            let id = device.description.id
            let start = ContinuousClock.now
            let measured = try Calibrator(device.provider, device: device.device).measure(
                threads: threads, pool: { Machine.pool(threads: $0) }, progress: { progress(id, $0) })
            let record = RateCache.Record(
                weft: WeftVersion.number, machine: Machine.name, device: id, name: device.description.name,
                provider: device.provider.name, kind: device.description.kind.rawValue,
                details: device.provider.detailsByName, day: today, measured: measured)
            let file = try cache.keep(record, of: device.description)
            progress(id, 1)
            results.append(Device(record, file: file, seconds: (ContinuousClock.now - start).seconds))
        }
        return results
    }

    private static var today: String { String(Date().formatted(.iso8601).prefix(10)) }
}

extension Calibration.Device {
    init(_ record: RateCache.Record, file: String, seconds: Double) {
        device = record.device
        name = record.name
        provider = record.provider
        self.file = file
        self.seconds = seconds
        rates = record.measured.rates.map { Calibration.Rates($0) }
        memoryByThreads = Dictionary(
            record.measured.memoryOverThreads.map { ($0.threads, $0.bytesPerSecond) }
        ) { first, _ in first }
    }
}

extension Calibration.Rates {
    init(_ rates: MeasuredRates) {
        func points(_ curve: RateCurve) -> [Calibration.Point] {
            curve.points.map { .init(size: $0.size, rate: $0.rate, spread: $0.spread) }
        }
        func link(_ link: MeasuredRates.Link?) -> Calibration.Link? {
            link.map {
                .init(latencySeconds: $0.latencySeconds, bytesPerSecond: $0.bytesPerSecond, spread: $0.spread)
            }
        }
        threads = rates.threads
        launchSeconds = rates.launch.seconds
        segmentSeconds = rates.segment.seconds
        throughput = rates.throughput.sorted { $0.key < $1.key }.flatMap { key, types in
            types.sorted { $0.key < $1.key }.map { type, curve in
                Calibration.Throughput(operators: key, elementType: type, points: points(curve))
            }
        }
        memory = points(rates.memory)
        upload = link(rates.upload)
        download = link(rates.download)
    }
}

extension Provider {
    /// Versions of libraries and drivers by name.
    var detailsByName: [String: String] { Dictionary(details.map { ($0.name, $0.value) }) { first, _ in first } }
}
