import BenchmarkSupport
import WeftCPU
import WeftExecution
import WeftGraph
import WeftInterpreter
import WeftPlanning
import WeftProvider
import WeftProviderTesting
import WeftRuntime

/// The time that an engine takes to plan a graph that it has not seen, in milliseconds.
struct PlanningTimes: Encodable {
    let nodes: Int
    let spaces: Int
    let segments: Int
    /// Concrete shapes, and the graph rewritten for them.
    let shapes: Double
    /// What every device says of every node, and of nodes it would run as one, and what it charges.
    let support: Double
    /// Placements and their alternatives, down to layouts and order.
    let placement: Double
    /// All of it: memory, compilation and verification too.
    let whole: Double

    static let header = [
        "spaces", "nodes", "segments", "shapes", "support and prices", "placement", "whole", "µs a node",
    ]
    var cells: [String] {
        [
            "\(spaces)", "\(nodes)", "\(segments)", shapes.short, support.short, placement.short, whole.short,
            (whole * 1e3 / Double(nodes)).short,
        ]
    }

    init(nodes count: Int, spaces: Int, _ turns: Turns) throws {
        let (graph, input) = try Self.graph(nodes: count)
        let devices = try Self.devices(spaces: spaces)
        let pool = WorkerPool(threads: 1)
        let inputs: [Value] = [.tensor(input)]
        var phases: [String: Series] = [:]
        var segments = 0
        // An engine keeps its plans: each turn has one of its own.
        let whole = try turns.time([
            {
                let engine = try Engine(
                    graph, devices: devices, reference: CPUProvider(), pool: pool,
                    options: EngineOptions(rules: PlacementRules(mode: .cost)))
                segments = try engine.plan(for: inputs).report.segments.count
                for phase in engine.latestPhases?.phases ?? [] {
                    phases[phase.name, default: Series()].append(Double(phase.end - phase.start) * 1e-6)
                }
            }
        ])
        nodes = count
        self.spaces = spaces
        self.segments = segments
        func median(_ phase: String) -> Double { phases[phase]?.median ?? .nan }
        (shapes, support, placement) = (median("specialise"), median("support and prices"), median("place"))
        self.whole = whole[0].median * 1e3
    }

    /// The host, and pretended devices that lack Sigmoid.
    private static func devices(spaces: Int) throws -> [EngineDevice] {
        let cpu = CPUProvider()
        var providers: [any Provider] = (1..<spaces).map { number in
            SeparateMemoryProvider("far\(number)", host: cpu) { $0.opType != "Sigmoid" }
        }
        providers.append(cpu)
        return try providers.flatMap { provider in
            try provider.devices().found.map { description in
                EngineDevice(
                    provider: provider, description: description, device: try provider.open(description),
                    rates: .nominal(description, threads: 1))
            }
        }
    }

    /// Blocks of a product, a bias, an activation and a residual; every fifth activation is a Sigmoid.
    private static func graph(nodes count: Int) throws -> (Graph, Tensor) {
        let width = 256
        var builder = GraphBuilder(name: "blocks")
        let shape = [64, width]
        var value = builder.value(
            "input", type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
        builder.inputs = [value]
        let weight = builder.constant(
            ConstantFactory.constant(Tensor([Float](repeating: 0.01, count: width * width), shape: [width, width])))
        let bias = builder.constant(
            ConstantFactory.constant(Tensor([Float](repeating: 0.1, count: width), shape: [width])))
        var entry = value
        for index in 0..<count {
            let result = builder.value("v\(index)")
            let (opType, inputs): (String, [Int]) =
                switch index % 4 {
                case 0: ("MatMul", [value, weight])
                case 1: ("Add", [value, bias])
                case 2: (index / 4 % 5 == 0 ? "Sigmoid" : "Relu", [value])
                default: ("Add", [value, entry])
                }
            if index % 4 == 0 { entry = value }
            try builder.append(NodeDraft(opType, name: "n\(index)", inputs: inputs, outputs: [result]), opset: 21)
            value = result
        }
        builder.outputs = [value]
        return (builder.build(), Tensor([Float](repeating: 1, count: shape.elementCount), shape: shape))
    }
}
