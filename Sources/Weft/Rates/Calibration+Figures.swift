import WeftPlanning
import WeftProvider
import WeftRuntime

extension Calibration {
    /// A device's figures.
    public struct Device: Sendable, Encodable {
        public let device: String
        public let name: String
        public let provider: String
        /// Of its driver or library; empty where that is Weft itself.
        public let version: String
        /// Where they are kept.
        public let file: String
        /// How long measuring took.
        public let seconds: Double
        /// For each number of threads that was tried.
        public let rates: [Rates]
        /// What kernels read and write, by threads; empty for devices that use none of the host's.
        public let memoryByThreads: [Bandwidth]
        /// What the provider's own tuning chose.
        public let tuned: [TunedFeature]
    }

    /// What a device does a second with so many threads.
    public struct Rates: Sendable, Encodable {
        public let threads: Int
        /// Nil where the device has no kernel that shows it: a figure typical of its class is taken.
        public let launch: Figure?
        public let segment: Figure?
        public let throughput: [Throughput]
        /// Bytes a second over bytes; empty where nobody could measure it.
        public let memory: [Point]
        /// The device that measured memory in this one's place, both using the same.
        public let memoryBy: String?
        /// What a value costs that comes to the device, or from it; nil on the host.
        public let upload: Link?
        public let download: Link?
        /// How many probes the device runs, and how many were measured in the time that there was.
        public let probesOffered: Int
        public let probesMeasured: Int
    }

    /// A time, and how well it is known.
    public struct Figure: Sendable, Encodable {
        public let seconds: Double
        /// Half the distance of the measurements' quartiles, as a share; nil for fewer than three.
        public let spread: Double?
        public let samples: Int
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
        /// Half the distance of the measurements' quartiles, as a share; nil for fewer than three.
        public let spread: Double?
        public let samples: Int?
    }

    public struct Bandwidth: Sendable, Encodable {
        public let threads: Int
        public let bytesPerSecond: Double
        public let spread: Double?
        public let samples: Int
    }

    public struct Link: Sendable, Encodable {
        public let latencySeconds: Double
        /// Nil where more bytes took no longer: host and device share memory, and nothing is moved.
        public let bytesPerSecond: Double?
        public let spread: Double?
        public let samples: Int
    }
}

extension Calibration.Device {
    init(_ record: RateCache.Record, file: String, seconds: Double) {
        device = record.device
        name = record.name
        provider = record.provider
        version = record.version
        self.file = file
        self.seconds = seconds
        rates = record.measured.rates.map { Calibration.Rates($0) }
        memoryByThreads = record.measured.memoryOverThreads.map {
            .init(threads: $0.threads, bytesPerSecond: $0.bytesPerSecond, spread: $0.spread, samples: $0.samples)
        }
        tuned = record.tuned
    }
}

extension Calibration.Rates {
    init(_ rates: MeasuredRates) {
        func points(_ curve: RateCurve?) -> [Calibration.Point] {
            (curve?.points ?? []).map {
                .init(size: $0.size, rate: $0.rate, spread: $0.spread, samples: $0.samples)
            }
        }
        func link(_ link: MeasuredRates.Link?) -> Calibration.Link? {
            link.map {
                .init(
                    latencySeconds: $0.latencySeconds, bytesPerSecond: $0.bytesPerSecond, spread: $0.spread,
                    samples: $0.samples)
            }
        }
        func figure(_ measured: MeasuredRates.Measured?) -> Calibration.Figure? {
            measured.map { .init(seconds: $0.seconds, spread: $0.spread, samples: $0.samples) }
        }
        threads = rates.threads
        launch = figure(rates.launch)
        segment = figure(rates.segment)
        throughput = rates.throughput.sorted { $0.key < $1.key }.flatMap { key, types in
            types.sorted { $0.key < $1.key }.map { type, curve in
                Calibration.Throughput(operators: key, elementType: type, points: points(curve))
            }
        }
        memory = points(rates.memory)
        memoryBy = rates.memoryBy
        upload = link(rates.upload)
        download = link(rates.download)
        probesOffered = rates.probes.offered
        probesMeasured = rates.probes.measured
    }
}
