import Foundation
import Testing
import WeftProvider

/// Chains that the provider runs as one node, against sums and functions in double precision.
@Suite(.enabled(if: CaseGraph.available)) struct FusionTests {
    /// An activation: the operator, its attributes, what it computes.
    struct Function: CustomTestStringConvertible, Sendable {
        let opType: String
        var attributes: [String: Attribute] = [:]
        let value: @Sendable (Double) -> Double
        var testDescription: String { "\(opType) \(attributes.values.map(\.text))" }
    }

    static let functions = [
        Function(opType: "Relu") { max($0, 0) },
        Function(opType: "Clip") { min(max($0, -0.25), 0.75) },
        Function(opType: "Sigmoid") { 1 / (1 + exp(-$0)) },
        Function(opType: "Tanh") { tanh($0) },
        Function(opType: "HardSwish") { $0 * min(max($0 / 6 + 0.5, 0), 1) },
        Function(opType: "HardSigmoid", attributes: ["alpha": .float(0.5), "beta": .float(0.25)]) {
            min(max($0 * 0.5 + 0.25, 0), 1)
        },
        Function(opType: "LeakyRelu", attributes: ["alpha": .float(0.125)]) { $0 < 0 ? $0 * 0.125 : $0 },
        Function(opType: "SiLU") { $0 / (1 + exp(-$0)) },
        Function(opType: "Gelu") { $0 / 2 * (1 + erf($0 / 2.0.squareRoot())) },
        Function(opType: "Gelu", attributes: ["approximate": .string("tanh")]) {
            $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
        },
        Function(opType: "Erf") { erf($0) },
        Function(opType: "Exp") { exp($0) },
    ]

    static let convolutions = [
        ConvCase(x: [2, 3, 9, 8], filters: 6, kernel: [3, 3], group: 3, pads: [1, 1, 1, 1]),
        ConvCase(x: [1, 33, 15, 21], filters: 37, kernel: [1, 1], bias: false),
    ]

    @Test(arguments: functions, ["none", "before", "after"])
    func convolutionsKeepTheirEpilogues(_ function: Function, _ residual: String) throws {
        for item in Self.convolutions {
            let operands = item.operands(transposed: false)
            var graph = CaseGraph()
            let numbers = operands.enumerated().map { graph.input($1, constant: $0 > 0) }
            let product = try graph.node("Conv", numbers, item.attributes)
            let sums = try item.expected(operands, graph.shape(product), transposed: false)
            try Self.check(&graph, product, sums, function, residual, "FusedConv")
        }
    }

    static let products: [([Int], [Int])] = [([5, 7], [7, 9]), ([2, 67, 40], [40, 130]), ([3, 4, 6], [3, 6, 5])]

    @Test(arguments: functions, ["none", "before", "after"])
    func productsKeepTheirEpilogues(_ function: Function, _ residual: String) throws {
        for (left, right) in Self.products {
            for biased in [false, true] {
                var noise = Noise(3)
                var graph = CaseGraph()
                let (a, b) = (noise.tensor(left), noise.tensor(right))
                var product = try graph.node("MatMul", [graph.input(a), graph.input(b)])
                var sums = try ProductTests.product(a, b)
                if biased {
                    let bias = noise.tensor([right[right.count - 1]])
                    let values = try bias.doubles()
                    product = try graph.node("Add", [product, graph.input(bias, constant: true)])
                    sums = sums.enumerated().map { $1 + values[$0 % values.count] }
                }
                try Self.check(&graph, product, sums, function, residual, "FusedMatMul")
            }
        }
    }

    @Test(arguments: ["none", "before", "after"]) func gemmsKeepTheirEpilogues(_ residual: String) throws {
        for shape in [nil, [4], [3, 1], [3, 4], []] as [[Int]?] {
            for beta in [Float(1), -0.5] {
                var noise = Noise(4)
                var graph = CaseGraph()
                let (a, b, c) = (noise.tensor([5, 3]), noise.tensor([4, 5]), shape.map { noise.tensor($0) })
                let (av, bv, cv) = (try a.doubles(), try b.doubles(), try c?.doubles())
                let product = try graph.node(
                    "Gemm", [graph.input(a), graph.input(b), c.map { graph.input($0) }],
                    ["transA": .int(1), "transB": .int(1), "alpha": .float(2), "beta": .float(beta)])
                let sums = indices([3, 4]).map { index -> Double in
                    let sum = (0..<5).reduce(0.0) { $0 + av[$1 * 3 + index[0]] * bv[index[1] * 5 + $1] } * 2
                    guard let shape, let cv else { return sum }
                    let full = [Int](repeating: 1, count: 2 - shape.count) + shape
                    return sum + Double(beta)
                        * cv[offset([min(index[0], full[0] - 1), min(index[1], full[1] - 1)], full)]
                }
                try Self.check(&graph, product, sums, Self.functions[0], residual, "FusedGemm")
            }
        }
    }

    /// A row's own number is no bias of columns: the product of a matrix and a vector stays as it is.
    @Test func productsWithAVectorAreNotFused() throws {
        var noise = Noise(9)
        var graph = CaseGraph()
        let product = try graph.node("MatMul", [graph.input(noise.tensor([4, 3])), graph.input(noise.tensor([3]))])
        let sum = try graph.node("Add", [product, graph.input(noise.tensor([4]), constant: true)])
        #expect(graph.fusions(sum).isEmpty)
    }

    /// Appends the activation and the residual, and runs the one node that the provider puts in all their place.
    private static func check(
        _ graph: inout CaseGraph, _ product: Int, _ sums: [Double], _ function: Function, _ residual: String,
        _ opType: String
    ) throws {
        var noise = Noise(8)
        let added = noise.tensor(graph.shape(product))
        let values = try added.doubles()
        var end = product
        if residual == "before" { end = try graph.node("Add", [end, graph.input(added)]) }
        end = try append(function, to: &graph, end)
        if residual == "after" { end = try graph.node("Add", [graph.input(added), end]) }
        let expected = zip(sums, values).map { sum, value in
            function.value(residual == "before" ? sum + value : sum) + (residual == "after" ? value : 0)
        }
        let fusion = try #require(graph.fusions(end).first)
        #expect(fusion.members.count == graph.nodes.count)
        #expect(fusion.fused.opType == opType)
        for threads in [1, 2] {
            let found = try graph.run(end, [fusion.fused], threads: threads)
            #expect(try found.distance(to: expected) < 1e-5, "\(threads) threads")
        }
    }

    private static func append(_ function: Function, to graph: inout CaseGraph, _ value: Int) throws -> Int {
        switch function.opType {
        case "SiLU":
            let gate = try graph.node("Sigmoid", [value])
            return try graph.node("Mul", [value, gate])
        case "Clip":
            let bounds = [-0.25, 0.75].map { graph.input(Tensor([Float($0)], shape: []), constant: true) }
            return try graph.node("Clip", [value] + bounds)
        default: return try graph.node(function.opType, [value], function.attributes)
        }
    }
}
