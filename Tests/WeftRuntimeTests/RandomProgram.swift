import WeftGraph
import WeftProvider

@testable import WeftRuntime

/// Random programs over vectors whose lengths depend on data, with nested If and Loop.
///
/// Every value is a float vector; lengths come from Compress, NonZero, Range and loops that grow. One is a tail's tail,
/// another's length is known again after a full reduction.
struct RandomProgram {
    let graph: Graph

    init(seed: Int, size: Int) throws {
        var dice = Dice(seed)
        var body = try ProgramBuilder(name: "program \(seed)", inputs: 2, dice: &dice, size: size, depth: 0)
        body.builder.outputs = [body.pick(&dice), body.pick(&dice), body.vectors[body.vectors.count - 1]]
        graph = body.builder.build()
    }

    /// Inputs for one run: two vectors of random length.
    static func inputs(_ dice: inout Dice) -> [Value] {
        (0..<2).map { _ in
            let count = 1 + dice.below(5)
            return .tensor(Tensor((0..<count).map { _ in Float(dice.below(41) - 20) / 10 }, shape: [count]))
        }
    }
}

/// Builds a graph, or a body, of vectors.
private struct ProgramBuilder {
    var builder: GraphBuilder
    /// Float vectors of any length.
    var vectors: [Int] = []

    init(name: String, inputs: Int, dice: inout Dice, size: Int, depth: Int) throws {
        builder = GraphBuilder(name: name)
        for index in 0..<inputs {
            let value = builder.value("x\(index)", type: .tensor(.float32, .unknown), dimensions: [.unknown])
            builder.inputs.append(value)
            vectors.append(value)
        }
        try grow(size, depth, &dice)
    }

    /// A body: what its operator feeds, then vectors that it captures.
    private init(name: String, leading: [(ElementType, Bool)], captures: Int) {
        builder = GraphBuilder(name: name)
        for (index, input) in leading.enumerated() {
            let value = builder.value("in\(index)", type: .tensor(input.0, .unknown))
            builder.inputs.append(value)
            if input.1 { vectors.append(value) }
        }
        for index in 0..<captures {
            let value = builder.value("capture\(index)", type: .tensor(.float32, .unknown))
            builder.inputs.append(value)
            vectors.append(value)
        }
    }

    func pick(_ dice: inout Dice) -> Int { vectors[dice.below(vectors.count)] }

    mutating func op(
        _ opType: String, _ inputs: [Int], _ attributes: [String: Attribute] = [:], bodies: [String: Graph] = [:],
        captures: Int = 0, outputs: Int = 1
    ) throws -> [Int] {
        let results = (0..<outputs).map { _ in builder.value("v\(builder.values.count)") }
        try builder.append(
            NodeDraft(
                opType, name: "n\(builder.nodes.count)", inputs: inputs, outputs: results, attributes: attributes,
                bodies: bodies, captureCount: captures), opset: 21)
        return results
    }

    mutating func ints(_ values: [Int]) -> Int { builder.constant(ConstantFactory.constant(ints: values)) }
    mutating func scalar(_ value: Int64) -> Int { builder.constant(ConstantFactory.constant(Tensor(scalar: value))) }
    mutating func floats(_ values: [Float]) -> Int {
        builder.constant(ConstantFactory.constant(Tensor(values, shape: [values.count])))
    }

    private mutating func grow(_ size: Int, _ depth: Int, _ dice: inout Dice) throws {
        for _ in 0..<size {
            let x = pick(&dice)
            switch dice.below(depth < 2 ? 11 : 8) {
            case 0: vectors += try op("Neg", [x])
            case 1: vectors += try op("Mul", [x, floats([0.5])])
            case 2:
                let mask = try op("Greater", [x, floats([0])])[0]
                vectors += try op("Compress", [x, mask], ["axis": .int(0)])
            case 3:
                let indices = try op("NonZero", [x])[0]
                let flat = try op("Squeeze", [indices, ints([0])])[0]
                vectors += try op("Gather", [x, flat], ["axis": .int(0)])
            case 4:
                // A full reduction: its shape is known again.
                let sum = try op("ReduceSum", [x, ints([0])], ["keepdims": .int(1)])[0]
                vectors += try op("Add", [pick(&dice), sum])
            case 5: vectors += try op("Concat", [x, pick(&dice)], ["axis": .int(0)])
            case 6:
                let count = try op("Size", [x])[0]
                let range = try op("Range", [scalar(0), count, scalar(1)])[0]
                vectors += try op("Cast", [range], ["to": .int(Int64(ElementType.float32.rawValue))])
            case 7:
                let shape = try op("Shape", [x])[0]
                vectors += try op("Expand", [floats([Float(dice.below(9)) / 4]), shape])
            case 8, 9: try addIf(x, depth, &dice)
            default: try addLoop(x, depth, &dice)
            }
        }
    }

    private mutating func addIf(_ x: Int, _ depth: Int, _ dice: inout Dice) throws {
        let sum = try op("ReduceSum", [x, ints([0])], ["keepdims": .int(1)])[0]
        let condition = try op("Greater", [sum, floats([0])])[0]
        let captured = [x, pick(&dice)]
        var bodies: [String: Graph] = [:]
        for name in ["then_branch", "else_branch"] {
            var body = ProgramBuilder(name: name, leading: [], captures: captured.count)
            try body.grow(1 + dice.below(3), depth + 1, &dice)
            body.builder.outputs = [body.pick(&dice)]
            bodies[name] = body.builder.build()
        }
        vectors += try op("If", [condition] + captured, bodies: bodies, captures: captured.count)
    }

    private mutating func addLoop(_ x: Int, _ depth: Int, _ dice: inout Dice) throws {
        let captured = [pick(&dice)]
        var body = ProgramBuilder(
            name: "body", leading: [(.int64, false), (.bool, false), (.float32, true)], captures: captured.count)
        // Steady, growing and shrinking carried values, as the dice have it.
        try body.grow(1 + dice.below(3), depth + 1, &dice)
        let next = body.pick(&dice)
        let total = try body.op("ReduceSum", [next, body.ints([0])], ["keepdims": .int(1)])[0]
        let limit = body.floats([40])
        let goesOn = try body.op("Less", [total, limit])[0]
        let one = try body.op("ReduceSum", [body.vectors[0], body.ints([0])], ["keepdims": .int(1)])[0]
        body.builder.outputs = [dice.flip() ? goesOn : body.builder.inputs[1], next, one]
        let trips = scalar(Int64(dice.below(5)))
        let start = builder.constant(ConstantFactory.constant(Tensor(scalar: true)))
        let results = try op(
            "Loop", [trips, start, x] + captured, bodies: ["body": body.builder.build()], captures: captured.count,
            outputs: 2)
        vectors.append(results[0])
        // Scan outputs of one number a trip.
        vectors += try op("Reshape", [results[1], ints([-1])])
    }
}
