import Testing
import WeftCPU
import WeftExecution
import WeftGraph
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlacement
@testable import WeftPlanning
@testable import WeftRuntime

/// A device that keeps simulated time takes what prices of the same figures say.
struct SimulatedSpeedTests {
    private static let slow = SimulatedSpeed(
        throughput: [.gemm: 20e6, .transcendental: 50e6, .elementwise: 10e6], memory: 1e8, launch: 10e-6,
        segment: 20e-6, latency: 10e-6, bandwidth: 12e9)

    private func rates(_ speed: SimulatedSpeed, _ kind: DeviceDescription.Kind = .discrete) -> DeviceRates {
        DeviceRates(
            steady: speed.throughput, memory: speed.memory, launch: speed.launch, segment: speed.segment,
            link: .init(latency: speed.latency, bytesPerSecond: speed.bandwidth), source: .nominal(kind))
    }

    /// Two chains of a product and a Tanh that share nothing.
    private func chains() throws -> (graph: Graph, inputs: [Value]) {
        var builder = GraphBuilder(name: "chains")
        let x = Tensor([Float](repeating: 0.25, count: 16), shape: [4, 4])
        let weight = builder.constant(ConstantFactory.constant(x))
        for name in ["far", "near"] {
            let input = builder.value(
                name, type: .tensor(.float32, .fixed([4, 4])), dimensions: [.fixed(4), .fixed(4)])
            builder.inputs.append(input)
            let (product, bent) = (builder.value("\(name).p"), builder.value("\(name).y"))
            try builder.append(
                NodeDraft("MatMul", name: "\(name).0", inputs: [input, weight], outputs: [product]), opset: 21)
            try builder.append(NodeDraft("Tanh", name: "\(name).1", inputs: [product], outputs: [bent]), opset: 21)
            builder.outputs.append(bent)
        }
        return (builder.build(), [.tensor(x), .tensor(x)])
    }

    private func engine(_ graph: Graph, pins: [(pattern: String, device: Int)]) throws -> Engine {
        let cpu = CPUProvider()
        let providers: [any Provider] = [
            SeparateMemoryProvider("device", host: cpu, simulation: Simulation(speed: Self.slow)),
            PacedProvider("paced", host: cpu, speed: Self.slow),
        ]
        let devices = try providers.map { provider in
            let description = try #require(provider.devices().found.first)
            return EngineDevice(
                provider: provider, description: description, device: try provider.open(description),
                rates: rates(Self.slow, description.kind))
        }
        return try Engine(
            graph, devices: devices, reference: cpu, pool: WorkerPool(threads: 1),
            options: EngineOptions(rules: PlacementRules(mode: .cost, pins: pins)))
    }

    @Test func pricesAreTheTimesThatItSleeps() {
        let rates = rates(Self.slow)
        for key in [RateKey.gemm, .direct, .elementwise, .transcendental, .reference] {
            for work in [
                Work(key, flops: 1e6, bytes: 1e3), Work(key, flops: 10, bytes: 1e7, launches: 3),
                Work(key, flops: 0, bytes: 0, launches: 0),
            ] {
                let (price, time) = (rates.seconds(work), Self.slow.seconds(work))
                #expect(abs(price - time) <= 1e-15)
            }
        }
        let link = TransferRates.Link(latency: 10e-6, bytesPerSecond: 12e9)
        #expect(Self.slow.seconds(transfer: 1 << 20) == link.seconds(bytes: 1 << 20))
    }

    @Test func aSlowedDeviceStartsAndMovesAsBefore() {
        let slowed = Self.slow.slowed(by: 20)
        let work = Work(.gemm, flops: 1e6, bytes: 0)
        #expect(abs(slowed.seconds(work) - 10e-6 - 20 * (Self.slow.seconds(work) - 10e-6)) < 1e-12)
        #expect(slowed.seconds(transfer: 4096) == Self.slow.seconds(transfer: 4096))
        #expect(slowed.segment == Self.slow.segment)
    }

    @Test func thePredictionIsTheCourseOfTheSubmissions() throws {
        let (graph, inputs) = try chains()
        let plan = try engine(graph, pins: [("*", 0)]).plan(for: inputs)
        var seconds = 0.0
        for segment in plan.segments {
            let nodes = segment.placed.map { Self.slow.seconds($0.variant.work) }
            seconds +=
                SimulatedCourse(nodes, imports: segment.imported, exports: segment.exported, speed: Self.slow).seconds
        }
        #expect(plan.segments.flatMap(\.placed).count == 4)
        #expect(abs(plan.report.predictedSeconds - seconds) < 1e-9)
    }

    @Test func whatRunsAtOnceTakesAsLongAsTheLonger() throws {
        let (graph, inputs) = try chains()
        func predicted(_ far: Int, _ near: Int) throws -> Double {
            try engine(graph, pins: [("far*", far), ("near*", near)]).placement(for: inputs).predictedSeconds
        }
        let (both, host) = (try predicted(0, 1), try predicted(1, 1))
        // The device's chain has transfers and a start besides.
        #expect(both > host / 2)
        #expect(both < host / 2 + 100e-6)
    }

    @Test func simulatedTimeLeavesResultsAsTheyAre() throws {
        let (graph, inputs) = try chains()
        let engine = try engine(graph, pins: [("far*", 0), ("near*", 1)])
        let want = try Interpreter(engine.reference, workers: SerialWorkers()).run(graph, inputs.map { .value($0) })
        try RandomPlacementTests.expectSame(try engine.run(inputs), want, "simulated time")
    }

    @Test func aDescribedDeviceIsPlacedOnAndRunsNothing() throws {
        let cpu = CPUProvider()
        let described = DescribedProvider(
            "gpu", like: cpu,
            device: DeviceDescription(
                id: "any", name: "described", provider: "any", kind: .discrete, unifiedMemory: false,
                usesHostCores: false))
        let description = try #require(described.devices().found.first)
        let gpu = EngineDevice(
            provider: described, description: description, device: try described.open(description),
            rates: rates(Self.slow))
        let (graph, inputs) = try chains()
        let engine = try Engine(
            graph, devices: [gpu], reference: cpu, pool: WorkerPool(threads: 1),
            options: EngineOptions(rules: PlacementRules(mode: .cost)))
        let report = try engine.placement(for: inputs)
        #expect(report.entries.map(\.device) == ["gpu", "gpu", "gpu", "gpu"])
        #expect(engine.planCount == 0)
        #expect(try #require(throws: WeftError.self) { _ = try engine.plan(for: inputs) }.code == .providerUnavailable)
    }
}
