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

/// Nodes of bodies are tuned, recorded, followed, limited by memory and counted like all others.
struct BodyPlanTests {
    private static let width = 64
    private static let weightBytes = width * width * 4

    /// A Loop of four trips over h -> Tanh(h W0) -> Tanh(h W1), the weights being the body's own constants.
    private func graph() throws -> Graph {
        var builder = GraphBuilder(name: "caller")
        let shape = [Self.width, Self.width]
        let x = builder.value("x", type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
        builder.inputs = [x]
        var body = GraphBuilder(name: "body")
        func given(_ name: String, _ type: ElementType, _ shape: [Int]) -> Int {
            let value = body.value(name, type: .tensor(type, .fixed(shape)), dimensions: shape.map { .fixed($0) })
            body.inputs.append(value)
            return value
        }
        _ = given("trip", .int64, [])
        let goes = given("goes", .bool, [])
        var carried = given("carried", .float32, shape)
        for layer in 0..<2 {
            let weights = (0..<Self.width * Self.width).map { Float(($0 * 37 + layer * 11) % 97) / 970 - 0.05 }
            let weight = body.constant(ConstantFactory.constant(Tensor(weights, shape: shape)))
            let (product, bent) = (body.value("p\(layer)"), body.value("h\(layer)"))
            try body.append(
                NodeDraft("MatMul", name: "product\(layer)", inputs: [carried, weight], outputs: [product]), opset: 21)
            try body.append(NodeDraft("Tanh", name: "bend\(layer)", inputs: [product], outputs: [bent]), opset: 21)
            carried = bent
        }
        body.outputs = [goes, carried]
        let limit = builder.constant(ConstantFactory.constant(Tensor(scalar: Int64(4))))
        let y = builder.value("y")
        try builder.append(
            NodeDraft(
                "Loop", name: "loop", inputs: [limit, Node.absent, x], outputs: [y], bodies: ["body": body.build()]),
            opset: 21)
        builder.outputs = [y]
        return builder.build()
    }

    private var inputs: [Value] {
        let count = Self.width * Self.width
        return [.tensor(Tensor((0..<count).map { Float($0 % 13) / 13 }, shape: [Self.width, Self.width]))]
    }

    /// The device comes first. It is quick where `speed` is high, and declines `declined`.
    private func engine(
        speed: Double = 1e13, declining declined: String? = nil, memory: Int? = nil, plan: PlanDocument? = nil,
        mode: PlacementRules.Mode = .cost
    ) throws -> Engine {
        let cpu = CPUProvider()
        let far = SeparateMemoryProvider("far", host: cpu) { $0.opType != declined }
        let devices = try ([far, cpu] as [any Provider]).map { provider in
            let description = try #require(provider.devices().found.first)
            var rates = DeviceRates.nominal(description, threads: 1)
            if !description.isHost {
                rates = DeviceRates(
                    steady: [
                        .gemm: speed, .direct: speed, .elementwise: speed, .transcendental: speed, .reference: speed,
                    ], memory: speed, launch: 1e-9, segment: 1e-9, link: .init(latency: 1e-9, bytesPerSecond: 1e12),
                    source: rates.source)
            }
            return EngineDevice(
                provider: provider, description: description, device: try provider.open(description), rates: rates,
                memoryLimit: description.isHost ? nil : memory)
        }
        var options = EngineOptions(rules: PlacementRules(mode: mode))
        options.plan = plan
        return try Engine(
            try graph(), devices: devices, reference: cpu, pool: WorkerPool(threads: 1), options: options)
    }

    /// Devices of the body's nodes, by name.
    private func places(_ report: PlacementReport) throws -> [String: String] {
        let loop = try #require(report.entries.first { $0.opType == "Loop" })
        let body = try #require(loop.bodies.first)
        return Dictionary(uniqueKeysWithValues: body.entries.map { ($0.name, $0.device) })
    }

    private static let all = ["product0", "bend0", "product1", "bend1"]

    private func expectSame(_ engine: Engine) throws {
        let want = try self.engine(speed: 1).run(inputs)
        try RandomPlacementTests.expectClose(try engine.run(inputs), want, 1e-5, "")
    }

    @Test func planFilesRecordBodiesAndAreFollowed() throws {
        let first = try engine()
        let document = try first.document(for: inputs)
        #expect(document.bodies.map(\.path) == [["0", "body"]])
        #expect(document.nodes.filter { $0.body == 0 }.map(\.name) == Self.all)
        #expect(document.nodes.filter { $0.body == 0 }.allSatisfy { $0.device == "far" })

        // On a machine whose device is slow the file still has the body where it was.
        #expect(try places(engine(speed: 1).placement(for: inputs)).values.allSatisfy { $0 == "cpu" })
        let followed = try engine(speed: 1, plan: document)
        #expect(try places(try followed.plan(for: inputs).report).values.allSatisfy { $0 == "far" })
        try expectSame(followed)
        #expect(try followed.document(for: inputs).nodes.map(\.device) == document.nodes.map(\.device))
    }

    @Test func aBodysNodeIsPinnedThroughThePlanFile() throws {
        var document = try engine().document(for: inputs)
        let node = try #require(document.nodes.firstIndex { $0.name == "bend1" })
        // What runs alone is no part of a fused node any more.
        let (fusion, body) = (document.nodes[node].fusion, document.nodes[node].body)
        for index in document.nodes.indices where fusion != nil && document.nodes[index].fusion == fusion {
            document.nodes[index].fusion = nil
            document.nodes[index].variant = ""
        }
        document.nodes[node].device = "cpu"
        #expect(throws: WeftError.self) { try engine(plan: document).plan(for: inputs) }
        for index in document.nodes.indices where document.nodes[index].body == body {
            document.nodes[index].device = "cpu"
            document.nodes[index].variant = document.nodes[index].opType == "MatMul" ? "panel" : "plain"
            document.nodes[index].fusion = nil
        }
        document.bodies[0].order = [[0, 1, 2, 3]]
        let followed = try engine(plan: document)
        #expect(try places(try followed.plan(for: inputs).report).values.allSatisfy { $0 == "cpu" })
        try expectSame(followed)
    }

    @Test func aChangedOrderOrAnotherBodyIsRefused() throws {
        let document = try engine().document(for: inputs)
        var disordered = document
        disordered.bodies[0].order = disordered.bodies[0].order.map { $0.reversed() } + [[0]]
        var renamed = document
        renamed.bodies[0].path = ["1", "body"]
        for broken in [disordered, renamed] {
            let error = #expect(throws: WeftError.self) { try engine(plan: broken).plan(for: inputs) }
            #expect(error?.code == .invalidPlan)
        }
    }

    @Test func tuningTimesTheNodesOfBodies() throws {
        let engine = try engine()
        var options = TuningOptions()
        (options.measuring, options.racing) = (0.1, 0.05)
        let tuning = try engine.tune(inputs, options: options) { _ in }
        let timed = Set(tuning.tuned.entries.map { String($0.key.text.prefix { $0 != "(" }) })
        #expect(timed.contains { $0.contains("MatMul") }, "\(timed)")
        for entry in try #require(tuning.plan.report.entries.first { $0.opType == "Loop" }?.bodies.first).entries {
            #expect(entry.price.source == .tuned, "\(entry.name)")
        }
        try expectSame(engine)
        let document = try engine.document(for: inputs, tuned: tuning.tuned)
        try expectSame(try self.engine(plan: document))
    }

    @Test func counterfactualsCountTheNodesOfBodies() throws {
        let engine = try engine(declining: "Tanh")
        let found = try engine.counterfactuals(for: inputs)
        let tanh = try #require(found.first { $0.opType == "Tanh" })
        #expect(tanh.device == "far" && tanh.nodes == 2)
        let with = try #require(try self.engine().placement(for: inputs).comparison?.chosen)
        #expect(tanh.seconds >= with * (1 - 1e-9))
        #expect(tanh.saving > 0)
    }

    @Test(arguments: [PlacementRules.Mode.cost, .preference]) func aMemoryLimitBindsBodies(
        _ mode: PlacementRules.Mode
    ) throws {
        // Room for what a trip brings and takes, and for one of the two weights.
        let limit = 5 * Self.weightBytes + 1024
        let whole = try engine(memory: 1 << 30, mode: mode).plan(for: inputs).report
        #expect(try places(whole).values.allSatisfy { $0 == "far" })
        // The report counts what the body takes, though it was not called yet.
        let use = try #require(whole.memory.first { $0.device == "far" })
        #expect(use.weights >= 2 * Self.weightBytes && use.values >= 2 * Self.weightBytes)
        let bound = try engine(memory: limit, mode: mode)
        let report = try bound.plan(for: inputs).report
        for use in report.memory { #expect(use.values + use.staging + use.scratch + use.weights <= limit) }
        let places = try places(report)
        #expect(places.values.contains("cpu"), "\(places)")
        #expect(report.unlimited != nil)
        let body = try #require(report.entries.first { $0.opType == "Loop" }?.bodies.first)
        #expect(body.entries.contains { $0.keptOff == "far" })
        try expectSame(bound)
        #expect(bound.store.byteCount(on: "far") <= limit)
    }
}
