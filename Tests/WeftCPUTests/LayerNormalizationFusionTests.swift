import Testing
import WeftCPU
import WeftProvider

/// Layer normalisation as one node against its parts.
@Suite struct LayerNormalizationFusionTests {
    private func mean(_ g: inout GraphSketch, _ x: Operand) -> Operand {
        let axes: [String: Attribute] = ["axes": .ints([Int64(x.shape.count - 1)]), "keepdims": .int(1)]
        return g.node("ReduceMean", x, shape: Array(x.shape.dropLast()) + [1], attributes: axes)
    }

    /// The normalised rows of `x`, and the deviations from the mean.
    private func normal(_ g: inout GraphSketch, _ x: Operand, squared: Bool) -> (rows: Operand, deviations: Operand) {
        let d = g.node("Sub", x, mean(&g, x))
        let square = squared ? g.node("Mul", d, d) : g.node("Pow", d, g.scalar(2))
        let variance = mean(&g, square)
        return (g.node("Div", d, g.node("Sqrt", g.node("Add", variance, g.scalar(1e-5)))), d)
    }

    @Test(arguments: [true, false], [[3, 40], [2, 5, 33]]) func partsBecomeOne(_ squared: Bool, _ shape: [Int]) throws {
        var g = GraphSketch()
        let x = g.input(shape)
        let (scale, bias) = (g.weights([shape[shape.count - 1]]), g.weights([shape[shape.count - 1]]))
        let normal = normal(&g, x, squared: squared).rows
        let end = g.node("Add", g.node("Mul", normal, scale), bias)
        let fusions = g.fusions(end)
        #expect(fusions.map(\.members) == [Array(0..<9)])
        #expect(fusions.first?.fused.opType == "LayerNormalization")
        #expect(zip(try g.run(end, fusions: fusions), try g.run(end)).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func withoutABiasTheScaleEndsIt() throws {
        var g = GraphSketch()
        let x = g.input([4, 24])
        let scale = g.weights([24])
        let end = g.node("Mul", scale, normal(&g, x, squared: true).rows, shape: [4, 24])
        let fusions = g.fusions(end)
        #expect(fusions.map(\.members) == [Array(0..<8)])
        #expect(zip(try g.run(end, fusions: fusions), try g.run(end)).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func deviationsThatOthersReadKeepTheParts() {
        var g = GraphSketch()
        let x = g.input([4, 24])
        let scale = g.weights([24])
        let (rows, deviations) = normal(&g, x, squared: true)
        #expect(g.fusions(g.node("Mul", rows, scale), deviations).isEmpty)
    }
}
