import Testing
import WeftExecution
import WeftGraph
import WeftPlanning
import WeftProvider

@testable import WeftRuntime

/// Products with what follows them, as the engine fuses them, against the interpreter, which fuses nothing.
struct FusionTests {
    enum Head: String, CaseIterable { case conv, matMul, gemm }

    static let activations = [
        "none", "Relu", "Clip", "LeakyRelu", "HardSigmoid", "HardSwish", "Sigmoid", "SiLU", "Tanh", "Gelu",
        "Erf", "Exp", "parts of Gelu",
    ]

    private func check(_ head: Head, _ activation: String, _ residual: String) throws {
        var model = DraftModel(activation.utf8.reduce(residual.utf8.count) { $0 &* 31 &+ Int($1) })
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
        let engine = try DraftModel.engine(graph)
        try model.expectEqualsInterpreter(engine, "\(head) \(activation) \(residual)")
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
