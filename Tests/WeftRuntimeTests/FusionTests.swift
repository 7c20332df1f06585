import Testing
import WeftCPU
import WeftGraph
import WeftProvider
import WeftProviderTesting

@testable import WeftRuntime

/// Products with what follows them, as the engine fuses them, against the interpreter, which fuses nothing.
struct FusionTests {
    enum Head: String, CaseIterable { case conv, matMul, gemm }

    static let activations = [
        "none", "Relu", "Clip", "LeakyRelu", "HardSigmoid", "HardSwish", "Sigmoid", "SiLU", "Tanh", "Gelu",
        "parts of Gelu",
    ]

    private struct Model {
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
    }

    private func check(_ head: Head, _ activation: String, _ residual: String) throws {
        var model = Model(activation.utf8.reduce(residual.utf8.count) { $0 &* 31 &+ Int($1) })
        var value: Int
        let shape: [Int]
        switch head {
        case .conv:
            shape = [1, 6, 7, 5]
            let x = model.input([1, 5, 7, 5])
            value = try model.op(
                "Conv", [x, model.weight([6, 5, 3, 3]), model.weight([6])], ["pads": .ints([1, 1, 1, 1])])
        case .matMul:
            shape = [2, 9, 20]
            let product = try model.op("MatMul", [model.input([2, 9, 7]), model.weight([7, 20])])
            value = try model.op("Add", [product, model.weight([20])])
        case .gemm:
            shape = [9, 20]
            value = try model.op(
                "Gemm", [model.input([9, 7]), model.weight([20, 7]), model.weight([20])],
                ["transB": .int(1), "alpha": .float(0.5), "beta": .float(2)])
        }
        if residual == "before" { value = try model.op("Add", [value, model.input(shape)]) }
        value = try model.activate(value, activation)
        if residual == "after" { value = try model.op("Add", [model.input(shape), value]) }
        model.builder.outputs = [value]
        let graph = model.builder.build()
        let cpu = CPUProvider()
        let device = EngineDevice(
            provider: cpu, description: CPUProvider.device, device: try cpu.open(CPUProvider.device),
            rates: DeviceRates.nominal(CPUProvider.device, threads: 1))
        let engine = try Engine(
            graph, devices: [device], reference: cpu, pool: RandomPlacementTests.pool,
            options: EngineOptions(rules: PlacementRules(mode: .cost)))
        let want = try Interpreter(engine.reference, workers: SerialWorkers()).run(
            graph, model.inputs.map { .value($0) })
        try RandomPlacementTests.expectSame(try engine.run(model.inputs), want, "\(head) \(activation) \(residual)")
        if activation != "none" || residual != "none" {
            let report = try engine.plan(for: model.inputs).report
            let fused = report.entries.filter { $0.fusedInto != nil }.count
            #expect(
                fused == report.entries.count,
                "\(head) \(activation) \(residual): \(fused) of \(report.entries.count) fused")
        }
    }

    @Test(arguments: Head.allCases, activations) func fusedProductsEqualTheirParts(_ head: Head, _ activation: String)
        throws
    {
        for residual in ["none", "before", "after"] { try check(head, activation, residual) }
    }
}
