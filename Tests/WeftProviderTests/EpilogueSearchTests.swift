import Testing
import WeftProvider
import WeftProviderKit

/// What is found behind products, and what must be left alone.
@Suite struct EpilogueSearchTests {
    private static let every: Set<String> = ["Relu", "SiLU", "Gelu", "Clip", "Sigmoid"]

    private func fusions(
        _ graph: GraphView, activations: Set<String> = every, admits: @escaping (NodeView) -> Bool = { _ in true }
    ) -> [Fusion] {
        var search = EpilogueSearch(graph, heads: ["Conv", "MatMul", "Gemm"], activations: activations, admits: admits)
        return search.fusions()
    }

    private func conv(_ sketch: inout Sketch, _ x: Operand) -> Operand {
        sketch.node("Conv", [x, sketch.constant([Float](repeating: 1, count: 9), [3, 3, 1, 1])], ["group": .int(1)])
    }

    private func product(_ sketch: inout Sketch) -> Operand {
        let x = sketch.input([2, 4])
        return sketch.node("MatMul", [x, sketch.constant([Float](repeating: 1, count: 12), [4, 3])], shape: [2, 3])
    }

    @Test func convolutionTakesItsSwish() throws {
        var sketch = Sketch()
        let y = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let end = sketch.node("Mul", [y, sketch.node("Sigmoid", [y])])
        let found = fusions(sketch.view(end))
        let fusion = try #require(found.first)
        #expect(found.count == 1)
        #expect(fusion.members == [0, 1, 2])
        #expect(fusion.fused.opType == "FusedConv" && fusion.fused.domain == "weft")
        #expect(try Activation(fused: fusion.fused) == Activation("SiLU", alpha: 1))
        #expect(try ResidualPosition(fused: fusion.fused) == .none)
        #expect(fusion.fused.outputs.map { $0?.value } == [end.value])
        #expect(try fusion.fused.int("group") == 1)
    }

    enum Form: CaseIterable { case dividedThenHalved, multipliedThenHalved, halfFirst }

    @Test(arguments: Form.allCases) func productTakesBiasAndTheGeluFromParts(_ form: Form) throws {
        var sketch = Sketch()
        let bias = sketch.constant([1, 2, 3], [3])
        let x = sketch.node("Add", [product(&sketch), bias])
        let scaled =
            form == .multipliedThenHalved
            ? sketch.node("Mul", [x, sketch.scalar(0.70710678)]) : sketch.node("Div", [x, sketch.scalar(1.4142135)])
        let sum = sketch.node("Add", [sketch.node("Erf", [scaled]), sketch.scalar(1)])
        let end =
            form == .halfFirst
            ? sketch.node("Mul", [sketch.node("Mul", [x, sketch.scalar(0.5)]), sum])
            : sketch.node("Mul", [sketch.node("Mul", [x, sum]), sketch.scalar(0.5)])
        let fusion = try #require(fusions(sketch.view(end)).first)
        #expect(fusion.members == Array(0..<7))
        #expect(try Activation(fused: fusion.fused) == Activation("Gelu"))
        #expect(fusion.fused.opType == "FusedMatMul")
        #expect(fusion.fused.input(2)?.value == bias.value)
        #expect(fusion.fused.output(0)?.value == end.value)
    }

    @Test func aReshapedProductTakesTheTanhGeluFromParts() throws {
        var sketch = Sketch()
        let weights = sketch.constant([Float](repeating: 1, count: 12), [4, 3])
        let product = sketch.node("Gemm", [sketch.input([2, 4]), weights], shape: [2, 3])
        let x = sketch.node("Reshape", [product], shape: [1, 2, 3])
        let half = sketch.node("Mul", [x, sketch.scalar(0.5)])
        let cube = sketch.node("Mul", [sketch.node("Pow", [x, sketch.scalar(3)]), sketch.scalar(0.044715)])
        let inner = sketch.node("Mul", [sketch.node("Add", [x, cube]), sketch.scalar(0.7978846)])
        let sum = sketch.node("Add", [sketch.node("Tanh", [inner]), sketch.scalar(1)])
        let end = sketch.node("Mul", [half, sum])
        let fusion = try #require(fusions(sketch.view(end)).first)
        #expect(fusion.members == Array(0..<10))
        #expect(try Activation(fused: fusion.fused) == Activation("Gelu", beta: 1))
        #expect(fusion.fused.opType == "FusedGemm" && fusion.fused.outputShape(0) == [1, 2, 3])
    }

    @Test func aReshapedProductWithNothingBehindIsNone() {
        var sketch = Sketch()
        let end = sketch.node("Reshape", [product(&sketch)], shape: [3, 2])
        #expect(fusions(sketch.view(end)).isEmpty)
    }

    @Test func aGeluOfAnotherScaleIsNone() {
        var sketch = Sketch()
        let x = product(&sketch)
        let sum = sketch.node(
            "Add", [sketch.node("Erf", [sketch.node("Div", [x, sketch.scalar(1.5)])]), sketch.scalar(1)])
        let end = sketch.node("Mul", [sketch.node("Mul", [x, sum]), sketch.scalar(0.5)])
        #expect(fusions(sketch.view(end)).isEmpty)
    }

    @Test func residualsBeforeAndAfterTheActivationAreToldApart() throws {
        for position in [ResidualPosition.before, .after] {
            var sketch = Sketch()
            let other = sketch.input([1, 3, 2, 2])
            var y = conv(&sketch, sketch.input([1, 3, 2, 2]))
            if position == .before { y = sketch.node("Add", [other, y]) }
            y = sketch.node("Relu", [y])
            if position == .after { y = sketch.node("Add", [y, other]) }
            let fusion = try #require(fusions(sketch.view(y)).first)
            #expect(fusion.members == [0, 1, 2])
            #expect(try ResidualPosition(fused: fusion.fused) == position)
            #expect(try Activation(fused: fusion.fused).name == "Relu")
            #expect(fusion.fused.inputs.count == 4)
            #expect(fusion.fused.input(2) == nil)
            #expect(fusion.fused.input(FusedNode.residualInput)?.value == other.value)
        }
    }

    @Test func gemmKeepsItsOwnAlphaBesideTheActivations() throws {
        var sketch = Sketch()
        let y = sketch.node(
            "Gemm", [sketch.input([2, 3]), sketch.constant([Float](repeating: 1, count: 9), [3, 3])],
            ["alpha": .float(0.5), "beta": .float(2)])
        let end = sketch.node("Clip", [y, sketch.scalar(0), sketch.scalar(6)])
        let fused = try #require(fusions(sketch.view(end)).first).fused
        #expect(try fused.float("alpha") == 0.5)
        #expect(try Activation(fused: fused) == Activation("Clip", alpha: 0, beta: 6))
    }

    @Test func bothInputsOfASumAreNotFusedTwice() {
        var sketch = Sketch()
        let a = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let b = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let end = sketch.node("Relu", [sketch.node("Add", [a, b])])
        let found = fusions(sketch.view(end))
        let members = found.flatMap(\.members)
        #expect(!found.isEmpty)
        #expect(Set(members).count == members.count)
    }

    @Test func aValueThatSomebodyElseReadsStays() {
        var sketch = Sketch()
        let y = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let (end, other) = (sketch.node("Relu", [y]), sketch.node("Neg", [y]))
        #expect(fusions(sketch.view(end, other)).isEmpty)
    }

    @Test func aValueThatTheGraphGivesStays() {
        var sketch = Sketch()
        let y = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let end = sketch.node("Relu", [y])
        #expect(fusions(sketch.view(end)).count == 1)
        #expect(fusions(sketch.view(y, end)).isEmpty)
    }

    @Test func aSwishWhoseGateIsReadElsewhereStays() {
        var sketch = Sketch()
        let y = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let gate = sketch.node("Sigmoid", [y])
        let (end, other) = (sketch.node("Mul", [y, gate]), sketch.node("Neg", [gate]))
        #expect(fusions(sketch.view(end, other)).isEmpty)
        #expect(fusions(sketch.view(end, gate)).isEmpty)
    }

    @Test func aGeluWhoseInnerValueIsAnOutputStays() {
        var sketch = Sketch()
        let x = product(&sketch)
        let erf = sketch.node("Erf", [sketch.node("Div", [x, sketch.scalar(1.4142135)])])
        let end = sketch.node(
            "Mul", [sketch.node("Mul", [x, sketch.node("Add", [erf, sketch.scalar(1)])]), sketch.scalar(0.5)])
        #expect(fusions(sketch.view(end)).count == 1)
        #expect(fusions(sketch.view(end, erf)).isEmpty)
    }

    @Test func sumsThatAreNoResidualsStay() {
        var sketch = Sketch()
        let twice = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let spread = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let fixed = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let ends = [
            sketch.node("Add", [twice, twice]),
            sketch.node("Add", [spread, sketch.input([1, 3, 1, 1])]),
            sketch.node("Add", [fixed, sketch.constant([Float](repeating: 1, count: 12), [1, 3, 2, 2])]),
        ]
        #expect(fusions(sketch.view(ends[0], ends[1], ends[2])).isEmpty)
    }

    @Test func whoSearchesSaysWhichHeadsAndActivationsItHas() {
        var sketch = Sketch()
        let end = sketch.node("Relu", [conv(&sketch, sketch.input([1, 3, 2, 2]))])
        #expect(fusions(sketch.view(end)).count == 1)
        #expect(fusions(sketch.view(end), activations: ["SiLU"]).isEmpty)
        #expect(fusions(sketch.view(end)) { $0.opType != "Conv" }.isEmpty)
    }

    @Test func doublesAndBoundsThatOnlyARunKnowsStay() {
        var sketch = Sketch()
        let wide = sketch.node("Conv", [sketch.input([1, 3, 2, 2], .float64), sketch.input([3, 3, 1, 1], .float64)])
        let y = conv(&sketch, sketch.input([1, 3, 2, 2]))
        let ends = [sketch.node("Relu", [wide]), sketch.node("Clip", [y, sketch.input([])])]
        #expect(fusions(sketch.view(ends[0], ends[1])).isEmpty)
    }
}
