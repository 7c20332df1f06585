import Testing
import WeftCPU
import WeftGraph
import WeftProvider

@testable import WeftExecution
@testable import WeftPlanning
@testable import WeftRuntime

/// What integers give where division has no exact answer: the same while a model is folded as while a kernel runs.
@Suite struct IntegerDivisionTests {
    private enum Path: CaseIterable { case folded, run }

    private struct Division {
        var opType: String
        var attributes: [String: Attribute] = [:]
    }

    private static let divisions = [
        Division(opType: "Div"), Division(opType: "Mod"), Division(opType: "Mod", attributes: ["fmod": .int(1)]),
    ]

    private static let types: [any (FixedWidthInteger & TensorElement).Type] = [
        Int8.self, Int16.self, Int32.self, Int64.self, UInt8.self, UInt16.self, UInt32.self, UInt64.self,
    ]

    /// a divided by b, both constants of the model, or a an input of it.
    private func divide<T: TensorElement>(
        _ path: Path, _ division: Division, _ a: [T], _ b: [T]
    ) throws -> [T] {
        var model = DraftModel(1)
        func constant(_ elements: [T], _ model: inout DraftModel) -> Int {
            model.builder.constant(ConstantFactory.constant(Tensor(elements, shape: [elements.count])))
        }
        var dividend = constant(a, &model)
        if path == .run {
            dividend = model.builder.value(
                "a", type: .tensor(T.elementType, .fixed([a.count])), dimensions: [.fixed(a.count)])
            model.builder.inputs = [dividend]
            model.inputs = [.tensor(Tensor(a, shape: [a.count]))]
        }
        model.builder.outputs = [
            try model.op(division.opType, [dividend, constant(b, &model)], division.attributes)
        ]
        let engine = try DraftModel.engine(model.builder.build())
        let isFolded = try engine.plan(for: model.inputs).report.entries.isEmpty
        #expect(isFolded == (path == .folded))
        return try #require(engine.run(model.inputs)[0].tensor).array(as: T.self)
    }

    private func expect<T: FixedWidthInteger & TensorElement>(
        _ path: Path, _ division: Division, _: T.Type
    ) throws {
        for dividend in [T(7), 0, .min] {
            let error = #expect(throws: WeftError.self, "\(path) \(division) of \(T.self) \(dividend) by zero") {
                try divide(path, division, [7, dividend], [2, 0])
            }
            #expect(error?.code == .invalidData)
        }
        guard T.isSigned else { return }
        let quotients = try divide(path, division, [T.min, T.min, -7], [-1, 1, 2])
        #expect(
            quotients == (division.opType == "Div" ? [.min, .min, -3] : [0, 0, division.attributes.isEmpty ? 1 : -1]))
    }

    @Test(arguments: types.indices, Path.allCases) private func isDefinedAndTheSameOnEveryPath(
        _ type: Int, _ path: Path
    ) throws {
        for division in Self.divisions { try expect(path, division, Self.types[type]) }
    }

    /// A reduction has no operand to refuse: the mean of nothing is zero.
    @Test(arguments: Path.allCases) private func theMeanOfNoIntegersIsZero(_ path: Path) throws {
        var model = DraftModel(1)
        let nothing = Tensor([Int32](), shape: [2, 0])
        var x = model.builder.constant(ConstantFactory.constant(nothing))
        if path == .run {
            x = model.builder.value("x", type: .tensor(.int32, .fixed([2, 0])), dimensions: [.fixed(2), .fixed(0)])
            model.builder.inputs = [x]
            model.inputs = [.tensor(nothing)]
        }
        let axes = model.builder.constant(ConstantFactory.constant(ints: [1]))
        model.builder.outputs = [try model.op("ReduceMean", [x, axes], ["keepdims": .int(0)])]
        let engine = try DraftModel.engine(model.builder.build())
        let means = try #require(engine.run(model.inputs)[0].tensor)
        #expect(try means.array(as: Int32.self) == [0, 0])
    }
}
