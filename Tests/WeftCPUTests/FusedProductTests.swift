import Testing
import WeftCPU
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

@Suite struct FusedProductTests {
    @Test(arguments: ["none", "Relu", "LeakyRelu"], ["none", "before", "after"])
    func biasActivationAndResidualFollowTheProduct(_ activation: String, _ residual: String) throws {
        var noise = Noise(21)
        let (a, b, bias, added) = (
            noise.floats([2, 7, 19]), noise.floats([19, 35]), noise.floats([35]), noise.floats([2, 7, 35])
        )
        let (av, bv, cv, rv) = (try a.doubles(), try b.doubles(), try bias.doubles(), try added.doubles())
        let expected = (0..<14 * 35).map { index -> Double in
            let (i, j) = (index / 35, index % 35)
            var value = (0..<19).reduce(cv[j]) { $0 + av[i * 19 + $1] * bv[$1 * 35 + j] }
            if residual == "before" { value += rv[index] }
            if activation != "none", value < 0 { value *= activation == "LeakyRelu" ? 0.25 : 0 }
            return residual == "after" ? value + rv[index] : value
        }
        let constants = [b, bias].enumerated().map { index, tensor in
            Constant(
                id: UInt64.max - UInt64(index), elementType: .float32, shape: tensor.shape,
                payload: .bytes(BufferConstant(tensor.storage)))
        }
        let inputs: [Operand?] = [
            Operand(value: 0, type: .tensor(.float32, .fixed(a.shape))),
            Operand(value: 1, type: constants[0].type, constant: constants[0]),
            Operand(value: 2, type: constants[1].type, constant: constants[1]),
            residual == "none" ? nil : Operand(value: 3, type: .tensor(.float32, .fixed(added.shape))),
        ]
        let node = NodeView(
            id: 0, name: "fused", domain: FusedNode.domain, opType: "FusedMatMul", inputs: inputs,
            outputs: [Operand(value: 4, type: .tensor(.float32, .fixed([2, 7, 35])))],
            attributes: [
                "activation": .string(activation), FusedNode.alpha: .float(0.25), FusedNode.beta: .float(0),
                "residual": .string(residual),
            ])
        let provider = CPUProvider()
        let runner = NodeRunner(provider, device: try provider.open(CPUProvider.device))
        var given: [Int: Value] = [0: .tensor(a)]
        if residual != "none" { given[3] = .tensor(added) }
        let y = try #require(try runner.run([node], inputs: given, outputs: [4])[4]?.tensor)
        #expect(try y.distance(to: expected) < 1e-5)
    }

    /// A Gemm and what follows it, found by the provider: its factors are not the activation's.
    @Test(arguments: [Float(1), 0.5]) func fusedGemmKeepsItsOwnFactorsApart(_ alpha: Float) throws {
        var noise = Noise(22)
        let (a, b, c) = (noise.floats([3, 20]), noise.floats([18, 20]), noise.floats([18]))
        func constant(_ tensor: Tensor, _ id: UInt64) -> Constant {
            Constant(
                id: id, elementType: .float32, shape: tensor.shape, payload: .bytes(BufferConstant(tensor.storage)))
        }
        let type = ValueType.tensor(.float32, .fixed([3, 18]))
        let gemm = NodeView(
            id: 0, name: "gemm", opType: "Gemm",
            inputs: [
                Operand(value: 0, type: .tensor(.float32, .fixed([3, 20]))),
                Operand(value: 1, type: .tensor(.float32, .fixed([18, 20])), constant: constant(b, .max - 7)),
                Operand(value: 2, type: .tensor(.float32, .fixed([18])), constant: constant(c, .max - 8)),
            ], outputs: [Operand(value: 3, type: type)],
            attributes: ["alpha": .float(alpha), "beta": .float(1), "transA": .int(0), "transB": .int(1)])
        let relu = NodeView(
            id: 1, name: "relu", opType: "Relu", inputs: [Operand(value: 3, type: type)],
            outputs: [Operand(value: 4, type: type)])
        let provider = CPUProvider()
        let graph = GraphView(nodes: [gemm, relu], inputs: [0], outputs: [4])
        let fusions = provider.fusions(in: graph, on: CPUProvider.device)
        let nodes = [try #require(fusions.first).fused]
        let runner = NodeRunner(provider, device: try provider.open(CPUProvider.device))
        let y = try #require(try runner.run(nodes, inputs: [0: .tensor(a)], outputs: [4])[4]?.tensor)
        let (av, bv, cv) = (try a.doubles(), try b.doubles(), try c.doubles())
        let expected = (0..<54).map { index -> Double in
            let sum = (0..<20).reduce(0.0) { $0 + av[index / 18 * 20 + $1] * bv[index % 18 * 20 + $1] }
            return max(0, Double(alpha) * sum + cv[index % 18])
        }
        #expect(try y.distance(to: expected) < 1e-5)
    }

    /// A product may be reshaped on its way: the rows are the product's own.
    @Test(arguments: ["Gemm", "MatMul"]) func fusedProductKeepsItsRowsUnderAnotherShape(_ opType: String) throws {
        var g = GraphSketch()
        let product = g.node(opType, g.input([15, 20]), g.weights([20, 18]), shape: [15, 18])
        let end = g.node("Add", g.input([3, 5, 18]), g.node("Sigmoid", g.reshape(product, [3, 5, 18])))
        let fusions = g.fusions(end)
        #expect(fusions.map(\.members) == [[0, 1, 2, 3]])
        #expect(zip(try g.run(end, fusions: fusions), try g.run(end)).allSatisfy { abs($0 - $1) < 1e-5 })
    }
}
