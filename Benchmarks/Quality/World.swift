import Weft
import WeftPlacement
import WeftPlanning
import WeftProvider
import WeftProviderTesting
import WeftRuntime
import WeftVulkan

/// A machine to place models on: its devices in the order of preference, with their rates.
struct World {
    let name: String
    let devices: [EngineDevice]

    /// Each device with what its rates rest on.
    var sources: [String] { devices.map { "\($0.description.id): \($0.description.name), \($0.rates.source)" } }

    /// This machine, and two that have a simulated GPU beside this one's host.
    ///
    /// `cache` is where measured rates are: nil for the user's cache directory, empty for nowhere.
    static func all(threads: Int, cache: String?) throws(WeftError) -> [World] {
        let here = try EngineDevice.selected([], threads: threads, cache: cache)
        let host = here.filter { $0.description.isHost }
        return [
            World(name: "this machine", devices: here),
            try World(simulated: .discrete, times: 50, host),
            try World(simulated: .integrated, times: 5, host),
        ]
    }

    private init(name: String, devices: [EngineDevice]) {
        self.name = name
        self.devices = devices
    }

    /// The host with a GPU so many times as fast as its best device, kernel by kernel and byte by byte.
    ///
    /// It claims what Vulkan's provider claims of a device with generous limits. A kernel takes 10 us to launch, a
    /// segment 10 us to start. A discrete one is reached at 12 GB/s and 10 us, an integrated one shares the memory.
    private init(simulated kind: DeviceDescription.Kind, times factor: Double, _ host: [EngineDevice]) throws(WeftError)
    {
        let isDiscrete = kind == .discrete
        let description = DeviceDescription(
            id: "gpu", name: "simulated \(kind.rawValue) GPU, \(Int(factor)) times the host", provider: "gpu",
            kind: kind, memorySpace: "gpu",
            limits: [
                "maxStorageBufferRange": 1 << 32 - 1, "maxComputeWorkGroupInvocations": 1024,
                "maxComputeWorkGroupSize": 1024, "maxComputeWorkGroupCount": 1 << 31 - 1,
                "maxComputeSharedMemorySize": 48 << 10, "subgroupSize": 32,
            ],
            features: ["subgroupShuffle"], unifiedMemory: !isDiscrete, usesHostCores: false, alignment: 256)
        let provider = DescribedProvider("gpu", like: VulkanProvider(), device: description)
        // Where memory is shared nothing is copied.
        let link =
            isDiscrete
            ? TransferRates.Link(latency: 10e-6, bytesPerSecond: 12e9)
            : TransferRates.Link(latency: 1e-6, bytesPerSecond: .infinity)
        let gpu = EngineDevice(
            provider: provider, description: description, device: try provider.open(description),
            rates: DeviceRates(
                throughput: Self.best(host).mapValues { types in types.mapValues { $0.scaled(by: factor) } },
                memory: (host.map(\.rates.memory).max { $0.peak < $1.peak } ?? RateCurve(1e9)).scaled(by: factor),
                launch: 10e-6, segment: 10e-6, upload: link, download: link, source: .nominal(kind)))
        self.init(name: "\(kind.rawValue) GPU", devices: [gpu] + host)
    }

    /// For each kind of work the curves of the device that is fastest at it.
    private static func best(_ host: [EngineDevice]) -> [RateKey: [ElementType: RateCurve]] {
        func peak(_ types: [ElementType: RateCurve]) -> Double { types[.float32]?.peak ?? 0 }
        return host.reduce(into: [:]) { best, device in
            best.merge(device.rates.throughput) { peak($0) >= peak($1) ? $0 : $1 }
        }
    }
}
