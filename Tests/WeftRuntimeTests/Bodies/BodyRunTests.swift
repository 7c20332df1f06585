import Testing
import WeftCPU
import WeftExecution
import WeftGraph
import WeftPlacement
import WeftProvider
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// Bodies that are placed with their caller: what they read on devices is there, and was brought once.
struct BodyRunTests {
    private static let pool = WorkerPool(threads: 1)

    /// How a test's device takes part.
    enum Way: String, CaseIterable, Sendable {
        /// By price, with links and launches that cost next to nothing and arithmetic that does not.
        case cost
        case preference
        /// By price, every other node pinned to the device, so that values cross wherever they can.
        case pins
        /// Beside the host, on a thread of its own.
        case overlap
        /// In memory that both see.
        case unified
        /// Two devices of one memory.
        case shared
    }

    private func engine(
        _ graph: Graph, _ way: Way?, seed: Int = 0, transfers: TransferCount? = nil
    ) throws -> Engine {
        let cpu = CPUProvider()
        var rules = PlacementRules(mode: way == .preference ? .preference : .cost)
        var providers: [any Provider] = [cpu]
        if let way {
            let simulation: Simulation? =
                switch way {
                case .overlap, .shared: Simulation()
                case .unified: Simulation(isUnified: true)
                default: nil
                }
            let far = SeparateMemoryProvider(
                "far", host: cpu, simulation: simulation, transfers: transfers, devices: way == .shared ? 2 : 1)
            providers.insert(far, at: 0)
            if way != .cost, way != .preference {
                var dice = Dice(seed)
                for number in 1...40 {
                    for opType in ["Sigmoid", "Tanh", "Neg", "Add", "Mul"] {
                        let device = dice.below(3) == 0 ? far.devices().found.count : 0
                        rules.pins.append(
                            ("\(opType)\(number)", device == 0 && way == .shared ? dice.below(2) : device))
                    }
                }
            }
        }
        let found = providers.flatMap { provider in provider.devices().found.map { (provider, $0) } }
        let devices = try found.map { provider, description in
            var rates = DeviceRates.nominal(description, threads: 1)
            if !description.isHost {
                rates.upload = .init(latency: 1e-9, bytesPerSecond: 1e12)
                rates.download = .init(latency: 1e-9, bytesPerSecond: 1e12)
                rates.segment = 1e-9
                rates.launch = 0
                rates.memory = RateCurve(seed % 2 == 0 ? 1e13 : 5e9)
            }
            return EngineDevice(
                provider: provider, description: description, device: try provider.open(description), rates: rates)
        }
        return try Engine(
            graph, devices: devices, reference: cpu, pool: Self.pool, options: EngineOptions(rules: rules))
    }

    private func bytes(_ values: [Value]) throws -> [[UInt8]] {
        try values.map { value in Array(try #require(value.tensor).storage.bytes) }
    }

    @Test(arguments: Way.allCases) func programsWithBodiesEqualTheHost(_ way: Way) throws {
        var crossed = 0
        for seed in 0..<120 {
            let program = try BodyProgram(seed: seed, limit: 3 + seed % 14)
            let want = try bytes(try engine(program.graph, nil).run(program.inputs))
            let transfers = TransferCount()
            let engine = try engine(program.graph, way, seed: seed, transfers: transfers)
            for run in 0..<3 {
                #expect(try bytes(try engine.run(program.inputs)) == want, "seed \(seed), run \(run)")
            }
            if engine.reports.count > 1, transfers.uploads > 0 { crossed += 1 }
        }
        if way != .unified { #expect(crossed >= 20, "programs whose bodies ran, with something on the device") }
    }

    @Test(arguments: Way.allCases) func programsWithBodiesAreTuned(_ way: Way) throws {
        var options = TuningOptions()
        (options.measuring, options.racing) = (0, 0)
        for seed in 0..<16 {
            let program = try BodyProgram(seed: seed, limit: 3 + seed % 14)
            let want = try bytes(try engine(program.graph, nil).run(program.inputs))
            let engine = try engine(program.graph, way, seed: seed)
            let tuning = try engine.tune(program.inputs, options: options) { _ in }
            #expect(tuning.predictedSeconds >= 0)
            #expect(try bytes(try engine.run(program.inputs)) == want, "seed \(seed)")
        }
    }

    // MARK: Counts

    /// x -> Loop of ten trips: x + MatMul(x, w), where w is [256, 256] and is made, or given, before the loop.
    private func loop(trips: Int, madeOnDevice: Bool) throws -> (graph: Graph, inputs: [Value]) {
        var builder = GraphBuilder(name: "captures")
        func input(_ name: String, _ shape: [Int]) -> Int {
            let value = builder.value(
                name, type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
            builder.inputs.append(value)
            return value
        }
        let x = input("x", [1, 256]), w = input("w", [256, 256])
        var weight = w
        if madeOnDevice {
            weight = builder.value("weight")
            try builder.append(NodeDraft("Neg", name: "Neg1", inputs: [w], outputs: [weight]), opset: 21)
        }
        var body = GraphBuilder(name: "body")
        func given(_ name: String, _ type: ElementType, _ shape: [Int]) -> Int {
            let value = body.value(name, type: .tensor(type, .fixed(shape)), dimensions: shape.map { .fixed($0) })
            body.inputs.append(value)
            return value
        }
        _ = given("trip", .int64, [])
        let goes = given("goes", .bool, [])
        let carried = given("carried", .float32, [1, 256]), captured = given("captured", .float32, [256, 256])
        let (product, sum) = (body.value("product"), body.value("sum"))
        try body.append(
            NodeDraft("MatMul", name: "MatMul1", inputs: [carried, captured], outputs: [product]), opset: 21)
        try body.append(NodeDraft("Add", name: "Add1", inputs: [carried, product], outputs: [sum]), opset: 21)
        body.outputs = [goes, sum]
        let limit = builder.constant(ConstantFactory.constant(Tensor(scalar: Int64(trips))))
        let y = builder.value("y")
        try builder.append(
            NodeDraft(
                "Loop", name: "loop", inputs: [limit, Node.absent, x, weight], outputs: [y],
                bodies: ["body": body.build()], captureCount: 1), opset: 21)
        builder.outputs = [y]
        var dice = Dice(11)
        func noise(_ shape: [Int]) -> Value {
            .tensor(Tensor((0..<shape.elementCount).map { _ in Float(dice.below(200) - 100) / 20_000 }, shape: shape))
        }
        return (builder.build(), [noise([1, 256]), noise([256, 256])])
    }

    private static let large = 256 * 256 * 4

    @Test(arguments: [Way.cost, .preference]) func aCapturedTensorIsUploadedOnceForAllTrips(
        _ way: Way
    ) throws {
        let (graph, inputs) = try loop(trips: 10, madeOnDevice: false)
        let want = try bytes(try engine(graph, nil).run(inputs))
        let transfers = TransferCount()
        let engine = try engine(graph, way, transfers: transfers)
        for _ in 0..<3 {
            transfers.reset()
            #expect(try bytes(try engine.run(inputs)) == want)
            #expect(transfers.uploads(of: Self.large) == 1)
            #expect(transfers.downloads(of: Self.large) == 0)
            #expect(transfers.uploads(of: 1024) == 10, "what is carried crosses once a trip")
            #expect(transfers.downloads(of: 1024) == 10)
        }
        let report = try engine.plan(for: inputs).report
        let predicted = report.timedTransfers.filter { $0.bytes == Self.large }
        #expect(predicted.count == 1)
        #expect(predicted.first?.to == "far")
        let body = try #require(report.entries.first { $0.opType == "Loop" }?.bodies.first)
        #expect(body.trips.count == 10)
        #expect(body.entries.map(\.device) == ["far", "far"])
    }

    @Test func aCapturedTensorThatTheDeviceMadeIsNotUploaded() throws {
        let (graph, inputs) = try loop(trips: 10, madeOnDevice: true)
        let want = try bytes(try engine(graph, nil).run(inputs))
        let transfers = TransferCount()
        let engine = try engine(graph, .preference, transfers: transfers)
        #expect(try bytes(try engine.run(inputs)) == want)
        #expect(transfers.uploads(of: Self.large) == 1, "the model's input alone")
    }

    @Test func aLoopWithoutTripsUploadsNothingForItsTrips() throws {
        let (graph, inputs) = try loop(trips: 0, madeOnDevice: false)
        let transfers = TransferCount()
        let engine = try engine(graph, .preference, transfers: transfers)
        #expect(try bytes(try engine.run(inputs)) == bytes([inputs[0]]))
        #expect(transfers.uploads(of: 1024) == 0)
    }
}
