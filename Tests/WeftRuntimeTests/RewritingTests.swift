import Testing
import WeftExecution
import WeftGraph
import WeftPlanning
import WeftProvider

@testable import WeftRuntime

/// Graphs as rules rewrite them, against the interpreter, which runs them as they were built.
struct RewritingTests {
    private static let toRows: [String: Attribute] = ["perm": .ints([0, 2, 3, 1])]
    private static let toPlanes: [String: Attribute] = ["perm": .ints([0, 3, 1, 2])]

    /// Runs the model and returns the operators that its plan has.
    private func operators(_ model: DraftModel, _ label: Comment) throws -> [String] {
        let engine = try DraftModel.engine(model.builder.build())
        try model.expectEqualsInterpreter(engine, label)
        return try engine.plan(for: model.inputs).report.entries.map(\.opType)
    }

    private func convolution(_ model: inout DraftModel, _ x: Int, _ from: Int, _ to: Int) throws -> Int {
        try model.op("Conv", [x, model.weight([to, from, 3, 3])], ["pads": .ints([1, 1, 1, 1])])
    }

    @Test func transposesAroundElementwiseNodesGo() throws {
        var model = DraftModel(1)
        let x = try convolution(&model, model.input([1, 3, 6, 5]), 3, 8)
        let rows = try model.op("Transpose", [x], Self.toRows)
        let bounded = try model.op("Min", [model.op("Relu", [rows]), model.number(0.5)])
        let shifted = try model.op("Add", [bounded, model.weight([8])])
        let planes = try model.op("Transpose", [shifted], Self.toPlanes)
        model.builder.outputs = [try convolution(&model, planes, 8, 4)]
        #expect(try operators(model, "elementwise").sorted() == ["Add", "Clip", "Conv", "Conv"])
    }

    @Test func squeezeAndExciteWithChannelsLastNeedsNoTranspose() throws {
        var model = DraftModel(2)
        let rows = try model.op(
            "Transpose", [convolution(&model, model.input([2, 3, 6, 5]), 3, 8)], Self.toRows)
        let axes = model.builder.constant(ConstantFactory.constant(ints: [1, 2]))
        let mean = try model.op("ReduceMean", [rows, axes])
        let small = try model.op("Conv", [model.op("Transpose", [mean], Self.toPlanes), model.weight([8, 8, 1, 1])])
        let gate = try model.op(
            "HardSigmoid", [model.op("Add", [model.op("Transpose", [small], Self.toRows), model.weight([8])])])
        let scaled = try model.op("Transpose", [model.op("Mul", [rows, gate])], Self.toPlanes)
        model.builder.outputs = [try convolution(&model, scaled, 8, 4)]
        let found = try operators(model, "squeeze and excite")
        #expect(!found.contains("Transpose") && found.contains("GlobalAveragePool") && !found.contains("Add"))
    }

    @Test func meansThatDropAxesBecomePoolsToo() throws {
        var model = DraftModel(3)
        let rows = try model.op("Transpose", [convolution(&model, model.input([2, 3, 6, 5]), 3, 8)], Self.toRows)
        let axes = model.builder.constant(ConstantFactory.constant(ints: [1, 2]))
        model.builder.outputs = [try model.op("ReduceMean", [rows, axes], ["keepdims": .int(0)])]
        #expect(try operators(model, "mean").sorted() == ["Conv", "Flatten", "GlobalAveragePool"])
    }

    @Test(arguments: [true, false]) func affineNodesJoinTheConvolution(_ hasBias: Bool) throws {
        var model = DraftModel(4)
        let bias = hasBias ? [model.weight([6])] : []
        var x = try model.op(
            "Conv", [model.input([2, 4, 5, 7]), model.weight([6, 2, 3, 3])] + bias, ["group": .int(2)])
        let variance = model.builder.constant(
            ConstantFactory.constant(Tensor((1...6).map { Float($0) / 4 }, shape: [6])))
        x = try model.op(
            "BatchNormalization", [x, model.weight([6]), model.weight([6]), model.weight([6]), variance],
            ["epsilon": .float(0.01)])
        x = try model.op("Mul", [model.weight([1, 6, 1, 1]), x])
        x = try model.op("Add", [x, model.weight([6, 1, 1])])
        x = try model.op("Sub", [x, model.number(0.25)])
        model.builder.outputs = [x]
        #expect(try operators(model, "affine") == ["Conv"])
    }

    @Test func whatOthersReadIsNotFolded() throws {
        var model = DraftModel(5)
        let conv = try convolution(&model, model.input([1, 2, 4, 4]), 2, 3)
        let shifted = try model.op("Add", [conv, model.weight([3, 1, 1])])
        let reversed = try model.op("Sub", [model.weight([3, 1, 1]), shifted])
        let relu = try model.op("Relu", [reversed])
        let bounded = try model.op("Min", [relu, model.number(1)])
        model.builder.outputs = [conv, shifted, relu, bounded]
        let found = try operators(model, "outputs")
        #expect(found.filter { $0 == "Add" || $0 == "Relu" || $0 == "Sub" }.count == 3)
    }

    @Test func boundsThatContradictEachOtherStayApart() throws {
        var model = DraftModel(6)
        let low = try model.op("Clip", [model.input([2, 9]), model.number(-2), model.number(-0.5)])
        model.builder.outputs = [try model.op("Relu", [low])]
        #expect(try operators(model, "contradiction").count == 2)
    }

    @Test func unequalOrdersOfAxesAreComposed() throws {
        var model = DraftModel(7)
        let first = try model.op("Transpose", [model.input([2, 3, 4, 5])], ["perm": .ints([1, 0, 3, 2])])
        let second = try model.op("Transpose", [first], Self.toRows)
        model.builder.outputs = [try model.op("Neg", [second])]
        #expect(try operators(model, "composition").filter { $0 == "Transpose" }.count == 1)
    }

    /// A random graph of Transposes and nodes that may move past them; any of its values may be an output.
    private func random(_ seed: Int) throws -> DraftModel {
        var model = DraftModel(seed)
        let shape = [2, 8, 3, 4]
        var values: [(value: Int, shape: [Int])] = (0..<2).map { _ in (model.input(shape), shape) }
        let orders = [[0, 2, 3, 1], [0, 3, 1, 2], [0, 1, 3, 2], [2, 3, 0, 1]]
        for _ in 0..<4 + model.dice.below(16) {
            let (x, shape) = values[model.dice.below(values.count)]
            let same = values.filter { $0.shape == shape }
            let other = same[model.dice.below(same.count)].value
            switch model.dice.below(9) {
            case 0...2:
                let order = orders[model.dice.below(orders.count)]
                let moved = try model.op("Transpose", [x], ["perm": .ints(order.map { Int64($0) })])
                values.append((moved, order.map { shape[$0] }))
            case 3: values.append((try model.op("Tanh", [x]), shape))
            case 4: values.append((try model.op("Mul", [x, other]), shape))
            case 5: values.append((try model.op("Add", [model.weight([shape[3]]), x]), shape))
            case 6: values.append((try model.op("Max", [x, model.number(-0.5)]), shape))
            case 7:
                let axes = model.builder.constant(ConstantFactory.constant(ints: [2, -3]))
                let mean = try model.op("ReduceMean", [x, axes])
                values.append((mean, [shape[0], 1, 1, shape[3]]))
                values.append((try model.op("Sub", [x, mean]), shape))
            default:
                guard shape.elementCount < 1000 else { continue }
                let axis = model.dice.below(4)
                var joined = shape
                joined[axis] *= 2
                values.append((try model.op("Concat", [x, other], ["axis": .int(Int64(axis - 4))]), joined))
            }
        }
        var outputs = values.dropFirst(2).filter { _ in model.dice.below(4) == 0 }.map(\.value)
        if let last = values.last, values.count > 2, !outputs.contains(last.value) { outputs.append(last.value) }
        model.builder.outputs = outputs
        return model
    }

    @Test func randomGraphsOfTransposesEqualTheInterpreter() throws {
        for seed in 0..<400 {
            let model = try random(seed)
            guard !model.builder.outputs.isEmpty else { continue }
            try model.expectEqualsInterpreter(DraftModel.engine(model.builder.build()), "seed \(seed)")
        }
    }
}
