import WeftCPU
import WeftGraph
import WeftInterpreter
import WeftPlacement
import WeftPlanning
import WeftProvider
import WeftProviderTesting
import WeftRuntime

/// A host and a device that keep simulated time, with the prices that an engine is told.
struct SimulatedMachine {
    /// 12 GB/s each way; 10 us to the first byte, to launch a kernel, to start a segment.
    static func device(gemm: Double, transcendental: Double) -> SimulatedSpeed {
        SimulatedSpeed(
            throughput: [.gemm: gemm, .transcendental: transcendental, .elementwise: gemm], launch: 10e-6,
            segment: 10e-6, latency: 10e-6, bandwidth: 12e9)
    }

    static func host(gemm: Double, transcendental: Double) -> SimulatedSpeed {
        SimulatedSpeed(throughput: [.gemm: gemm, .transcendental: transcendental, .elementwise: gemm])
    }

    let device: EngineDevice
    let host: EngineDevice

    /// `device` is how fast it is, `claims` how fast its prices say that it is.
    init(
        device: SimulatedSpeed, claims: SimulatedSpeed, host: any Provider, hostRates: DeviceRates
    ) throws(WeftError) {
        let provider = SeparateMemoryProvider(
            "device", host: CPUProvider(), simulation: Simulation(speed: device))
        self.device = try Self.open(provider, DeviceRates(claims, source: .nominal(.discrete)))
        self.host = try Self.open(host, hostRates)
    }

    /// A machine whose host is paced too, with prices that are what it takes.
    init(device: SimulatedSpeed, claims: SimulatedSpeed, host: SimulatedSpeed) throws(WeftError) {
        try self.init(
            device: device, claims: claims, host: PacedProvider("host", host: CPUProvider(), speed: host),
            hostRates: DeviceRates(host, source: .nominal(.host)))
    }

    private static func open(_ provider: any Provider, _ rates: DeviceRates) throws(WeftError) -> EngineDevice {
        let (found, reason) = provider.devices()
        guard let description = found.first else {
            throw WeftError(.providerUnavailable, reason ?? "\(provider.name) has no device")
        }
        return EngineDevice(
            provider: provider, description: description, device: try provider.open(description), rates: rates)
    }

    func engine(
        _ graph: Graph, mode: PlacementRules.Mode = .cost, pins: [(pattern: String, device: Int)] = [],
        hostOnly: Bool = false
    ) throws(WeftError) -> Engine {
        try Engine(
            graph, devices: hostOnly ? [host] : [device, host], reference: CPUProvider(), pool: WorkerPool(threads: 1),
            options: EngineOptions(rules: PlacementRules(mode: mode, pins: pins)))
    }
}

extension DeviceRates {
    /// Prices that are what a device of this speed takes.
    init(_ speed: SimulatedSpeed, source: RateSource) {
        self.init(
            steady: speed.throughput, memory: speed.memory, launch: speed.launch, segment: speed.segment,
            link: .init(latency: speed.latency, bytesPerSecond: speed.bandwidth), source: source)
    }
}
