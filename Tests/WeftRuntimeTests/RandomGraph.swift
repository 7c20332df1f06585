import WeftGraph
import WeftProvider

@testable import WeftRuntime

/// A small linear congruential generator, so that a failing seed can be run again.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
    mutating func flip() -> Bool { next() & 1 == 0 }
}

/// Random graphs over elementwise operators, products, views and copies, all of fixed shapes.
struct RandomGraph {
    let graph: Graph
    let inputs: [Value]

    init(seed: Int, nodes count: Int) throws {
        var dice = Dice(seed)
        var builder = GraphBuilder(name: "random \(seed)")
        var values: [(id: Int, shape: [Int])] = []
        var inputs: [Value] = []
        func floats(_ shape: [Int], _ dice: inout Dice) -> Tensor {
            Tensor((0..<shape.elementCount).map { _ in Float(dice.below(2000)) / 1000 - 1 }, shape: shape)
        }
        for index in 0..<(1 + dice.below(3)) {
            let shape = [2 + dice.below(3), 4]
            let id = builder.value(
                "in\(index)", type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
            builder.inputs.append(id)
            values.append((id, shape))
            inputs.append(.tensor(floats(shape, &dice)))
        }
        for index in 0..<count {
            let (a, shape) = values[dice.below(values.count)]
            let result = builder.value("v\(index)")
            func append(_ opType: String, _ inputs: [Int], _ attributes: [String: Attribute] = [:]) throws {
                try builder.append(
                    NodeDraft(opType, name: "n\(index)", inputs: inputs, outputs: [result], attributes: attributes),
                    opset: 21)
            }
            switch dice.below(7) {
            case 0:
                try append("Neg", [a])
                values.append((result, shape))
            case 1:
                try append("Sigmoid", [a])
                values.append((result, shape))
            case 2:
                try append("Relu", [a])
                values.append((result, shape))
            case 3:
                let mates = values.filter { $0.shape == shape }
                try append(dice.flip() ? "Add" : "Mul", [a, mates[dice.below(mates.count)].id])
                values.append((result, shape))
            case 4:
                let weight = builder.constant(ConstantFactory.constant(floats([shape[1], 4], &dice)))
                try append("MatMul", [a, weight])
                values.append((result, [shape[0], 4]))
            case 5:
                try append("Identity", [a])
                values.append((result, shape))
            default:
                let bias = builder.constant(ConstantFactory.constant(floats([shape[1]], &dice)))
                try append("Add", [a, bias])
                values.append((result, shape))
            }
        }
        let made = values.map(\.id)
        builder.outputs = (0..<(1 + dice.below(3))).map { _ in made[dice.below(made.count)] }
        builder.outputs.append(made[made.count - 1])
        graph = builder.build()
        self.inputs = inputs
    }
}
