import WeftCPU
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

/// A small graph of float32 tensors written by hand, with contents for its inputs.
struct GraphSketch {
    private(set) var nodes: [NodeView] = []
    private(set) var inputs: [Int: Value] = [:]
    private var count = 0
    private var noise = Noise(31)

    private mutating func operand(_ shape: [Int], _ constant: Constant? = nil) -> Operand {
        count += 1
        return Operand(value: count - 1, type: .tensor(.float32, .fixed(shape)), constant: constant)
    }

    mutating func input(_ shape: [Int]) -> Operand {
        let operand = operand(shape)
        inputs[operand.value] = .tensor(noise.floats(shape))
        return operand
    }

    mutating func scalar(_ number: Float) -> Operand { constant(Tensor([number], shape: [])) }
    mutating func weights(_ shape: [Int]) -> Operand { constant(noise.floats(shape)) }

    private mutating func constant(_ tensor: Tensor) -> Operand {
        let constant = Constant(
            id: UInt64.max - UInt64(1000 + count), elementType: .float32, shape: tensor.shape,
            payload: .bytes(BufferConstant(tensor.storage)))
        return operand(tensor.shape, constant)
    }

    /// Appends a node and returns its outputs, of the first input's shape unless told otherwise.
    mutating func split(
        _ opType: String, _ operands: [Operand], shapes: [[Int]], _ attributes: [String: Attribute] = [:]
    ) -> [Operand] {
        let outputs = shapes.map { operand($0) }
        nodes.append(
            NodeView(
                id: nodes.count, name: "n\(nodes.count)", opType: opType, inputs: operands, outputs: outputs,
                attributes: attributes))
        return outputs
    }

    mutating func node(
        _ opType: String, _ operands: Operand..., shape: [Int]? = nil, attributes: [String: Attribute] = [:]
    ) -> Operand {
        split(opType, operands, shapes: [shape ?? operands[0].shape], attributes)[0]
    }

    mutating func reshape(_ x: Operand, _ shape: [Int]) -> Operand { node("Reshape", x, shape: shape) }

    mutating func transpose(_ x: Operand, _ order: [Int]) -> Operand {
        node(
            "Transpose", x, shape: order.map { x.shape[$0] },
            attributes: ["perm": .ints(order.map { Int64($0) })])
    }

    /// Index `index` of the first axis, which stays with size 1.
    mutating func slice(_ x: Operand, _ index: Int) -> Operand {
        let rank = x.shape.count
        return node(
            "Slice", x, shape: [1] + Array(x.shape.dropFirst()),
            attributes: [
                "starts": .ints([Int64(index)] + [Int64](repeating: 0, count: rank - 1)),
                "steps": .ints([Int64](repeating: 1, count: rank)),
            ])
    }

    mutating func product(_ a: Operand, _ b: Operand) -> Operand {
        node("MatMul", a, b, shape: Array(a.shape.dropLast()) + [b.shape[b.shape.count - 1]])
    }

    mutating func softmax(_ x: Operand) -> Operand { node("Softmax", x, attributes: ["axis": .int(-1)]) }

    func fusions(_ outputs: Operand...) -> [Fusion] {
        let graph = GraphView(nodes: nodes, inputs: inputs.keys.sorted(), outputs: outputs.map(\.value))
        return CPUProvider().fusions(in: graph, on: CPUProvider.device)
    }

    /// What `output` is when every node runs on its own, or with fusions in place of their members.
    func run(
        _ output: Operand, fusions: [Fusion] = [], workers: any Workers = SerialWorkers()
    ) throws -> [Double] {
        var placed: [(Int, NodeView)] = fusions.map { ($0.members.max() ?? 0, $0.fused) }
        let members = Set(fusions.flatMap(\.members))
        for (index, node) in nodes.enumerated() where !members.contains(index) { placed.append((index, node)) }
        let provider = CPUProvider()
        let runner = NodeRunner(provider, device: try provider.open(CPUProvider.device), workers: workers)
        let order = placed.sorted { $0.0 < $1.0 }.map(\.1)
        guard let tensor = try runner.run(order, inputs: inputs, outputs: [output.value])[output.value]?.tensor else {
            throw WeftError(.internalInconsistency, "the output is no tensor")
        }
        return try tensor.doubles()
    }
}
