import Testing
import WeftCPU
import WeftExecution
import WeftGraph
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// Operators beside the standard's, where the reference provider alone would be asked: in bodies, behind shapes that
/// only a run knows, and among constants.
struct CustomOperatorTests {
    private static let pool = WorkerPool(threads: 1)

    /// `test.Twice`: two times x, of the same shape.
    private static let twice = CustomOperator("Twice", domain: "test", inputs: 1...1) { inference throws(WeftError) in
        try inference.set(output: 0, try inference.elementType(0), inference.shape(0))
    }

    /// Runs it in host memory, and Neg besides.
    private struct TwiceProvider: Provider {
        let name = "twice"
        let operators = [CustomOperatorTests.twice]
        let rows = [("Neg", "", Float(-1)), ("Twice", "test", Float(2))].map { opType, domain, factor in
            SupportRow(
                opType, domain: domain, types: TypeConstraint([.float32]),
                variants: { node, _ in [Variant("plain", work: .elements(of: node))] },
                kernel: HostKernel { node throws(WeftError) in
                    let count = node.view.outputShape(0).elementCount
                    return { invocation throws(WeftError) in
                        let (x, y) = (invocation.input(0, as: Float.self), invocation.output(0, as: Float.self))
                        for index in 0..<count { y[index] = factor * x[index] }
                    }
                })
        }

        func devices() -> (found: [DeviceDescription], unavailable: String?) {
            ([DeviceDescription(id: name, name: "host", provider: name, kind: .host)], nil)
        }

        func open(_ device: DeviceDescription) throws(WeftError) -> any Device { HostDevice(device, provider: self) }
    }

    private static var operators: OperatorSet {
        get throws {
            var set = OperatorSet.standard
            try set.add([twice], of: "a test")
            return set
        }
    }

    private func engine(_ graph: Graph) throws -> Engine {
        let providers: [any Provider] = [TwiceProvider(), CPUProvider()]
        let devices = try providers.map { provider in
            let description = try #require(provider.devices().found.first)
            return EngineDevice(
                provider: provider, description: description, device: try provider.open(description),
                rates: DeviceRates.nominal(description, threads: 1))
        }
        return try Engine(
            graph, devices: devices, reference: CPUProvider(), pool: Self.pool,
            options: EngineOptions(rules: PlacementRules(mode: .cost)))
    }

    private func floats(_ values: [Value]) throws -> [Float] { try #require(values.first?.tensor).array() }

    @Test func bodiesRunThem() throws {
        var builder = GraphBuilder(name: "loop", operators: try Self.operators)
        let trips = builder.value("trips", type: .tensor(.int64, .fixed([])), dimensions: [])
        let x = builder.value("x", type: .tensor(.float32, .fixed([2])), dimensions: [.fixed(2)])
        builder.inputs = [trips, x]
        var body = GraphBuilder(name: "body", operators: try Self.operators)
        _ = body.value("trip", type: .tensor(.int64, .fixed([])), dimensions: [])
        let goes = body.value("goes", type: .tensor(.bool, .fixed([])), dimensions: [])
        let carried = body.value("carried", type: .tensor(.float32, .fixed([2])), dimensions: [.fixed(2)])
        body.inputs = [0, goes, carried]
        let result = body.value("result")
        try body.append(NodeDraft("Twice", domain: "test", inputs: [carried], outputs: [result]), opset: 1)
        body.outputs = [goes, result]
        let y = builder.value("y")
        try builder.append(
            NodeDraft(
                "Loop", inputs: [trips, Node.absent, x], outputs: [y], bodies: ["body": body.build()]), opset: 21)
        builder.outputs = [y]
        let engine = try engine(builder.build())
        for trips in [0, 1, 5] {
            let inputs: [Value] = [
                .tensor(Tensor(scalar: Int64(trips))), .tensor(Tensor([1, -3] as [Float], shape: [2])),
            ]
            let factor = Float(1 << trips)
            #expect(try floats(try engine.run(inputs)) == [factor, -3 * factor], "\(trips) trips")
        }
    }

    @Test func partsBehindDataDependentShapesRunThem() throws {
        var builder = GraphBuilder(name: "found", operators: try Self.operators)
        let x = builder.value("x", type: .tensor(.float32, .fixed([6])), dimensions: [.fixed(6)])
        builder.inputs = [x]
        let (at, as_, twice, y) = (builder.value("at"), builder.value("as"), builder.value("twice"), builder.value("y"))
        try builder.append(NodeDraft("NonZero", inputs: [x], outputs: [at]), opset: 21)
        try builder.append(
            NodeDraft("Cast", inputs: [at], outputs: [as_], attributes: ["to": .int(1)]), opset: 21)
        try builder.append(NodeDraft("Twice", domain: "test", inputs: [as_], outputs: [twice]), opset: 1)
        try builder.append(NodeDraft("Neg", inputs: [twice], outputs: [y]), opset: 21)
        builder.outputs = [y]
        let engine = try engine(builder.build())
        for (given, want) in [
            ([0, 1, 0, 2, 0, 0], [-2, -6]), ([1, 0, 0, 0, 0, 1], [0, -10]), ([0, 0, 0, 0, 0, 0], []),
            ([0, 3, 0, 4, 0, 0], [-2, -6]),
        ] as [([Float], [Float])] {
            #expect(try floats(try engine.run([.tensor(Tensor(given, shape: [6]))])) == want)
        }
    }

    @Test func constantsAreLeftToWhoRunsThem() throws {
        var builder = GraphBuilder(name: "constant", operators: try Self.operators)
        let x = builder.value("x", type: .tensor(.float32, .fixed([2])), dimensions: [.fixed(2)])
        builder.inputs = [x]
        let c = builder.constant(ConstantFactory.constant(Tensor([3, 4] as [Float], shape: [2])))
        let (twice, y) = (builder.value("twice"), builder.value("y"))
        try builder.append(NodeDraft("Twice", domain: "test", inputs: [c], outputs: [twice]), opset: 1)
        try builder.append(NodeDraft("Add", inputs: [x, twice], outputs: [y]), opset: 21)
        builder.outputs = [y]
        let engine = try engine(builder.build())
        #expect(engine.graph.nodes.count == 2)
        #expect(try floats(try engine.run([.tensor(Tensor([1, 1] as [Float], shape: [2]))])) == [7, 9])
    }
}
