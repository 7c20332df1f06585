import WeftGraph
import WeftProvider

@testable import WeftRuntime

/// A random graph of elementwise nodes with If, Loop and Scan, bodies inside of bodies, all of fixed shapes.
///
/// Every value that nobody reads is an output, so that nothing is dead. Names are unique over all bodies.
struct BodyProgram {
    let graph: Graph
    let inputs: [Value]
    /// How often each body runs for one run of its node, by `node/body`.
    let trips: [String: Double]
    let nodeCount: Int

    /// At most `limit` nodes, those of bodies included.
    init(seed: Int, limit: Int) throws {
        var dice = Dice(seed &* 31 &+ 7)
        var state = State(left: limit)
        var level = BodyLevel(name: "caller \(seed)")
        var inputs: [Value] = []
        for _ in 0..<1 + dice.below(3) {
            let shape = [1 + dice.below(3), [4, 16, 64][dice.below(3)]]
            level.addInput(shape)
            inputs.append(
                .tensor(
                    Tensor((0..<shape.elementCount).map { _ in Float(dice.below(2000)) / 1000 - 1 }, shape: shape)))
        }
        level.flag = level.builder.value("flag", type: .tensor(.bool, .fixed([])), dimensions: [])
        level.builder.inputs.append(level.flag)
        inputs.append(.tensor(Tensor(scalar: dice.flip())))
        try level.grow(&dice, &state, depth: 0, size: limit)
        level.builder.outputs = level.unread()
        graph = level.builder.build()
        self.inputs = inputs
        trips = state.trips
        nodeCount = state.made
    }

    fileprivate struct State {
        var left: Int
        var made = 0
        var names = 0
        var trips: [String: Double] = [:]

        mutating func name(_ kind: String) -> String {
            names += 1
            return "\(kind)\(names)"
        }
    }
}

/// One graph or body while it grows.
private struct BodyLevel {
    var builder: GraphBuilder
    var values: [(id: Int, shape: [Int])] = []
    var flag = Node.absent
    private var read: Set<Int> = []
    private var made: [Int] = []

    init(name: String) { builder = GraphBuilder(name: name) }

    mutating func addInput(_ shape: [Int]) {
        let value = builder.value(
            "x\(builder.values.count)", type: .tensor(.float32, .fixed(shape)), dimensions: shape.map { .fixed($0) })
        builder.inputs.append(value)
        values.append((value, shape))
    }

    func unread() -> [Int] { made.filter { !read.contains($0) } }

    mutating func grow(
        _ dice: inout Dice, _ state: inout BodyProgram.State, depth: Int, size: Int
    ) throws {
        for _ in 0..<size where state.left > 0 {
            if depth < 2, state.left >= 3, dice.below(10) < (depth == 0 ? 4 : 2) {
                switch dice.below(flag == Node.absent ? 2 : 3) {
                case 0: try addLoop(&dice, &state, depth)
                case 1: try addScan(&dice, &state, depth)
                default: try addIf(&dice, &state, depth)
                }
            } else {
                try addNode(&dice, &state)
            }
        }
        if made.isEmpty { try addNode(&dice, &state) }
    }

    private mutating func addNode(_ dice: inout Dice, _ state: inout BodyProgram.State) throws {
        let (a, shape) = values[dice.below(values.count)]
        let mates = values.filter { $0.shape == shape }
        let opType = ["Sigmoid", "Tanh", "Neg", "Add", "Mul"][dice.below(5)]
        let isBinary = opType == "Add" || opType == "Mul"
        try append(opType, isBinary ? [a, mates[dice.below(mates.count)].id] : [a], [shape], &state)
        state.left -= 1
        state.made += 1
    }

    @discardableResult
    private mutating func append(
        _ opType: String, _ inputs: [Int], _ shapes: [[Int]], _ state: inout BodyProgram.State,
        name: String? = nil, attributes: [String: Attribute] = [:], bodies: [String: Graph] = [:], captures: Int = 0
    ) throws -> [Int] {
        let results = shapes.map { _ in builder.value("v\(state.names).\(builder.values.count)") }
        try builder.append(
            NodeDraft(
                opType, name: name ?? state.name(opType), inputs: inputs, outputs: results, attributes: attributes,
                bodies: bodies, captureCount: captures), opset: 21)
        read.formUnion(inputs)
        made += results
        values += zip(results, shapes).map { ($0, $1) }
        return results
    }

    private func pick(_ dice: inout Dice) -> (id: Int, shape: [Int]) { values[dice.below(values.count)] }

    /// Captured values, each once.
    private func captures(_ dice: inout Dice) -> [(id: Int, shape: [Int])] {
        var found: [(id: Int, shape: [Int])] = []
        for _ in 0..<1 + dice.below(2) {
            let value = pick(&dice)
            if !found.contains(where: { $0.id == value.id }) { found.append(value) }
        }
        return found
    }

    private mutating func addLoop(_ dice: inout Dice, _ state: inout BodyProgram.State, _ depth: Int) throws {
        let (carried, captured) = (pick(&dice), captures(&dice))
        let trips = dice.below(6)
        let name = state.name("Loop")
        state.trips["\(name)/body"] = Double(trips)
        var body = BodyLevel(name: "body of \(name)")
        body.builder.inputs = [
            body.builder.value("trip", type: .tensor(.int64, .fixed([])), dimensions: []),
            body.builder.value("goes", type: .tensor(.bool, .fixed([])), dimensions: []),
        ]
        body.addInput(carried.shape)
        for value in captured { body.addInput(value.shape) }
        try body.grow(&dice, &state, depth: depth + 1, size: 1 + dice.below(3))
        let next = body.values.last { $0.shape == carried.shape }
        let given = [body.builder.inputs[1], next?.id ?? body.builder.inputs[2]]
        let scanned = body.unread().filter { !given.contains($0) }
        body.builder.outputs = given + scanned
        let shapes = scanned.map { id in
            [trips] + (body.values.first { $0.id == id }?.shape ?? [])
        }
        let limit = builder.constant(ConstantFactory.constant(Tensor(scalar: Int64(trips))))
        try append(
            "Loop", [limit, Node.absent, carried.id] + captured.map(\.id), [carried.shape], &state, name: name,
            bodies: ["body": body.builder.build()], captures: captured.count, scans: shapes)
    }

    private mutating func addScan(_ dice: inout Dice, _ state: inout BodyProgram.State, _ depth: Int) throws {
        let (scanned, captured) = (pick(&dice), captures(&dice))
        guard scanned.shape.count == 2 else { return try addNode(&dice, &state) }
        let name = state.name("Scan")
        state.trips["\(name)/body"] = Double(scanned.shape[0])
        var body = BodyLevel(name: "body of \(name)")
        body.addInput([scanned.shape[1]])
        for value in captured { body.addInput(value.shape) }
        try body.grow(&dice, &state, depth: depth + 1, size: 1 + dice.below(3))
        let given = body.unread()
        body.builder.outputs = given
        let shapes = given.map { id in [scanned.shape[0]] + (body.values.first { $0.id == id }?.shape ?? []) }
        try append(
            "Scan", [scanned.id] + captured.map(\.id), [], &state, name: name,
            attributes: ["num_scan_inputs": .int(1)], bodies: ["body": body.builder.build()],
            captures: captured.count, scans: shapes)
    }

    private mutating func addIf(_ dice: inout Dice, _ state: inout BodyProgram.State, _ depth: Int) throws {
        let captured = captures(&dice)
        let name = state.name("If")
        var bodies: [String: Graph] = [:]
        for branch in ["then_branch", "else_branch"] {
            state.trips["\(name)/\(branch)"] = 0.5
            var body = BodyLevel(name: "\(branch) of \(name)")
            for value in captured { body.addInput(value.shape) }
            try body.grow(&dice, &state, depth: depth + 1, size: 1 + dice.below(2))
            // Both branches give one value of the first capture's shape.
            let last = body.values.last { $0.shape == captured[0].shape }
            body.builder.outputs = [last?.id ?? body.builder.inputs[0]]
            for value in body.unread() where value != body.builder.outputs[0] {
                body.builder.outputs.append(value)
            }
            body.builder.outputs = [body.builder.outputs[0]]
            bodies[branch] = body.builder.build()
        }
        try append(
            "If", [flag] + captured.map(\.id), [captured[0].shape], &state, name: name, bodies: bodies,
            captures: captured.count)
    }

    private mutating func append(
        _ opType: String, _ inputs: [Int], _ shapes: [[Int]], _ state: inout BodyProgram.State, name: String,
        attributes: [String: Attribute] = [:], bodies: [String: Graph], captures: Int, scans: [[Int]]
    ) throws {
        let results = try append(
            opType, inputs, shapes + scans, &state, name: name, attributes: attributes, bodies: bodies,
            captures: captures)
        // What is stacked over trips has no shape before the run: it is an output, and nobody reads it.
        let stacked = Set(results.suffix(scans.count))
        values.removeAll { stacked.contains($0.id) }
    }
}
