import Testing
import WeftCPU
import WeftGraph
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@testable import WeftInterpreter
@testable import WeftPlanning
@testable import WeftRuntime

/// A small model that a test builds node by node, with noise for weights and inputs.
struct DraftModel {
    var builder = GraphBuilder(name: "fusion")
    var inputs: [Value] = []
    var dice: Dice
    var count = 0

    init(_ seed: Int) { dice = Dice(seed) }

    mutating func noise(_ shape: [Int]) -> Tensor {
        Tensor((0..<shape.elementCount).map { _ in Float(dice.below(2000)) / 1000 - 1 }, shape: shape)
    }
    mutating func input(_ shape: [Int]) -> Int {
        let value = builder.value(
            "x\(inputs.count)", type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
        builder.inputs.append(value)
        inputs.append(.tensor(noise(shape)))
        return value
    }
    mutating func weight(_ shape: [Int]) -> Int { builder.constant(ConstantFactory.constant(noise(shape))) }
    mutating func number(_ value: Float) -> Int {
        builder.constant(ConstantFactory.constant(Tensor(scalar: value)))
    }

    mutating func op(_ opType: String, _ inputs: [Int], _ attributes: [String: Attribute] = [:]) throws -> Int {
        count += 1
        let result = builder.value("v\(count)")
        try builder.append(
            NodeDraft(opType, name: "n\(count)", inputs: inputs, outputs: [result], attributes: attributes),
            opset: 21)
        return result
    }

    mutating func activate(_ x: Int, _ name: String) throws -> Int {
        switch name {
        case "none": return x
        case "Clip": return try op("Clip", [x, number(-0.25), number(0.75)])
        case "LeakyRelu": return try op("LeakyRelu", [x], ["alpha": .float(0.3)])
        case "HardSigmoid": return try op("HardSigmoid", [x], ["alpha": .float(0.3), "beta": .float(0.4)])
        case "SiLU": return try op("Mul", [x, op("Sigmoid", [x])])
        case "parts of Gelu":
            let one = try op("Add", [op("Erf", [op("Div", [x, number(1.4142135)])]), number(1)])
            return try op("Mul", [op("Mul", [x, one]), number(0.5)])
        default: return try op(name, [x])
        }
    }

    /// An engine with the cpu provider alone.
    static func engine(_ graph: Graph) throws -> Engine {
        let cpu = CPUProvider()
        let device = EngineDevice(
            provider: cpu, description: CPUProvider.device, device: try cpu.open(CPUProvider.device),
            rates: DeviceRates.nominal(CPUProvider.device, threads: 1))
        return try Engine(
            graph, devices: [device], reference: cpu, pool: RandomPlacementTests.pool,
            options: EngineOptions(rules: PlacementRules(mode: .cost)))
    }

    /// Runs the engine's plan and, node by node, the graph as it was built.
    func expectEqualsInterpreter(_ engine: Engine, _ label: Comment) throws {
        let want = try Interpreter(engine.reference, workers: SerialWorkers()).run(
            builder.build(), inputs.map { .value($0) })
        try RandomPlacementTests.expectSame(try engine.run(inputs), want, label)
    }
}
