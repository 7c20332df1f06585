import Testing
import WeftGraph
import WeftProvider

/// Inference of every operator on shapes and sizes that no exporter writes: an answer or an error, never a trap.
@Suite struct AbsurdShapeTests {
    /// The same numbers for the same seed, on every machine.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
        mutating func pick<T>(_ choices: [T]) -> T { choices[Int(next() >> 33) % choices.count] }
    }

    private static let sizes = [0, 0, 1, 2, 3, 4, 1 << 20, 1 << 31, 1 << 40, 1 << 62, .max]
    private static let numbers = [0, 1, -1, 2, 3, -2, 1 << 30, 1 << 40, -(1 << 40), .max, .min, .min + 1]

    private func shape(_ dice: inout Dice, _ type: ElementType) -> [Int] {
        while true {
            let shape = (0..<dice.pick([0, 1, 1, 2, 3, 3, 4, 5])).map { _ in dice.pick(Self.sizes) }
            if let count = shape.checkedElementCount, type.byteCount(count) != nil { return shape }
        }
    }

    private func attribute(_ spec: Operator.AttributeSpec, _ dice: inout Dice) -> Attribute? {
        switch spec.kind {
        case .int: .int(Int64(dice.pick(Self.numbers)))
        case .ints: .ints((0..<dice.pick([0, 1, 2, 3, 4, 6])).map { _ in Int64(dice.pick(Self.numbers)) })
        case .float: .float(dice.pick([0, 1, -1, .nan, .infinity, 1e30]))
        case .floats: .floats((0..<dice.pick([1, 2, 4])).map { _ in dice.pick([0, 1, -1, .nan, .infinity, 1e30]) })
        default: nil
        }
    }

    @Test(arguments: OperatorTable.all.map(\.name)) func inferenceAnswersOrThrows(_ name: String) throws {
        let schema = try #require(OperatorTable.all.first { $0.name == name })
        var dice = Dice(state: UInt64(name.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xffff }))
        for _ in 0..<300 {
            let type = dice.pick([ElementType.float32, .float32, .int64, .uint8])
            let count = Swift.min(schema.inputCount.upperBound, schema.inputCount.lowerBound + dice.pick([0, 1, 2, 3]))
            var inputs: [ValueType?] = []
            var contents: [Constant?] = []
            for index in 0..<count {
                guard schema.hostInputs.contains(index) else {
                    inputs.append(.tensor(type, .fixed(shape(&dice, type))))
                    contents.append(nil)
                    continue
                }
                let values = (0..<dice.pick([1, 1, 2, 3, 4])).map { _ in Int64(dice.pick(Self.numbers)) }
                let constant = ConstantFactory.constant(Tensor(values, shape: values.count == 1 ? [] : [values.count]))
                inputs.append(constant.type)
                contents.append(constant)
            }
            var attributes: [String: Attribute] = [:]
            for spec in schema.attributes where spec.isRequired || dice.pick([true, false]) {
                attributes[spec.name] = attribute(spec, &dice) ?? spec.standard
            }
            var draft = NodeDraft(
                name, domain: schema.domain, inputs: Array(0..<count),
                outputs: Array(count..<count + schema.outputCount.lowerBound),
                attributes: attributes)
            guard (try? schema.complete(&draft)) != nil else { continue }
            var builder = GraphBuilder()
            builder.append(canonical: draft, version: schema.since)
            var inference = Inference(builder.build().nodes[0], inputs: inputs, contents: contents)
            guard (try? schema.infer(&inference)) != nil else { continue }
            for case let .tensor(type, .fixed(shape))? in inference.outputs {
                #expect(shape.checkedElementCount.flatMap(type.byteCount) != nil, "\(name) gives \(shape)")
            }
        }
    }
}
