import WeftGraph
import WeftOpenBLAS
import WeftProvider
import WeftProviderTesting
import WeftRuntime

@testable import WeftInterpreter

/// A graph of a few nodes, lifted and inferred as a model's, and its run on the provider.
struct CaseGraph {
    private(set) var nodes: [NodeView] = []
    private var types: [ValueType] = []
    private var values: [Int: Tensor] = [:]
    private var constants: [Int: Constant] = [:]

    let provider = OpenBLASProvider()

    /// A value that is given when the graph runs, or is a constant of it.
    mutating func input(_ tensor: Tensor, constant: Bool = false) -> Int {
        types.append(.tensor(tensor.elementType, .fixed(tensor.shape)))
        let number = types.count - 1
        if constant { constants[number] = ConstantFactory.constant(.tensor(tensor)) } else { values[number] = tensor }
        return number
    }

    /// Appends a node of operator set 28 and returns the number of its output.
    mutating func node(
        _ opType: String, _ inputs: [Int?], _ attributes: [String: Attribute] = [:]
    ) throws -> Int {
        var builder = GraphBuilder()
        let numbers = inputs.map { input -> Int in
            guard let input else { return Node.absent }
            return builder.value(type: types[input], dimensions: types[input].dimensions?.map { .fixed($0) })
        }
        try builder.append(
            NodeDraft(opType, inputs: numbers, outputs: [builder.value()], attributes: attributes), opset: 28)
        guard let node = builder.build().nodes.first, let schema = OperatorTable.schema(opType) else {
            throw WeftError(.internalInconsistency, "\(opType) is no node")
        }
        let contents = inputs.map { $0.flatMap { constants[$0] } }
        var inference = Inference(node, inputs: inputs.map { $0.map { types[$0] } }, contents: contents)
        try schema.infer(&inference)
        guard let type = inference.outputs.first ?? nil else {
            throw WeftError(.internalInconsistency, "\(opType) has no output")
        }
        types.append(type)
        let operands = zip(inputs, contents).map { input, constant in
            input.map { Operand(value: $0, type: types[$0], constant: constant) }
        }
        nodes.append(
            NodeView(
                id: nodes.count, name: "", opType: opType, sinceVersion: node.version, inputs: operands,
                outputs: [Operand(value: types.count - 1, type: type)], attributes: inference.attributes))
        return types.count - 1
    }

    func shape(_ value: Int) -> [Int] { types[value].dimensions ?? [] }

    /// What the provider would run as one, for the graph that gives `output`.
    func fusions(_ output: Int) -> [Fusion] {
        provider.fusions(in: GraphView(nodes: nodes, inputs: values.keys.sorted(), outputs: [output]), on: Self.device)
    }

    /// The value `output` as `nodes` (the graph's own, unless given) compute it.
    func run(_ output: Int, _ nodes: [NodeView]? = nil, threads: Int = 1) throws -> Tensor {
        let pool = WorkerPool(threads: threads)
        defer { pool.shutDown() }
        let runner = NodeRunner(provider, device: try provider.open(Self.device), workers: RunWorkers(pool))
        let outputs = try runner.run(nodes ?? self.nodes, inputs: values.mapValues { .tensor($0) }, outputs: [output])
        guard let tensor = outputs[output]?.tensor else {
            throw WeftError(.internalInconsistency, "the output is no tensor")
        }
        return tensor
    }

    private static let device = DeviceDescription(id: "openblas", name: "OpenBLAS", provider: "openblas", kind: .host)

    /// The library is optional: without it there is nothing to run.
    static let available = OpenBLASProvider().devices().unavailable == nil
}

/// Repeatable numbers for operands.
struct Noise {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    /// A number in -1 ..< 1.
    mutating func unit() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state >> 11) * 0x1p-52 - 1
    }

    mutating func tensor(_ shape: [Int], double: Bool = false) -> Tensor {
        let elements = (0..<shape.elementCount).map { _ in unit() }
        return double ? Tensor(elements, shape: shape) : Tensor(elements.map { Float($0) }, shape: shape)
    }
}

extension Tensor {
    func doubles() throws -> [Double] {
        elementType == .float64 ? try array(as: Double.self) : try array(as: Float.self).map { Double($0) }
    }

    /// The greatest difference from other numbers, relative to the greatest of them (at least 1).
    func distance(to expected: [Double]) throws -> Double {
        let found = try doubles()
        guard found.count == expected.count else { return .infinity }
        let scale = Swift.max(1, expected.lazy.map { abs($0) }.max() ?? 1)
        return zip(found, expected).reduce(0) { worst, pair in
            let difference = abs(pair.0 - pair.1) / scale
            return difference.isNaN ? .infinity : Swift.max(worst, difference)
        }
    }
}

/// Every index of a shape, in row-major order.
func indices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { list, size in list.flatMap { head in (0..<size).map { head + [$0] } } }
}

/// The row-major offset of an index.
func offset(_ index: [Int], _ shape: [Int]) -> Int { zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 } }
