import WeftCPU
import WeftGraph
import WeftProvider
import WeftProviderKit
import WeftProviderTesting

/// Runs one node as a model would state it: lifted, its shapes inferred, on a provider's kernels.
struct CaseRunner {
    var provider: any Provider = CPUProvider()
    var device = CPUProvider.device
    var domain = ""
    /// Inputs that are constants of the graph, beside those that the schema wants on the host.
    var constants: Set<Int> = []
    /// The variant to run, where the operator has it.
    var variant: String?
    var workers: any Workers = SerialWorkers()

    /// The outputs of a node of operator set `opset`, which are tensors.
    func callAsFunction(
        _ opType: String, _ inputs: [Tensor?], _ attributes: [String: Attribute] = [:], outputs: Int = 1,
        opset: Int = 28
    ) throws -> [Tensor] {
        try values(opType, inputs.map { $0.map { .tensor($0) } }, attributes, outputs: outputs, opset: opset).map {
            guard let tensor = $0?.tensor else {
                throw WeftError(.internalInconsistency, "an output is no tensor")
            }
            return tensor
        }
    }

    /// The outputs of a node of operator set `opset`, of any kind.
    func values(
        _ opType: String, _ inputs: [Value?], _ attributes: [String: Attribute] = [:], outputs: Int = 1,
        opset: Int = 28
    ) throws -> [Value?] {
        var builder = GraphBuilder()
        var known: [Int: Value] = [:]
        var numbers: [Int] = []
        for input in inputs {
            guard let input else {
                numbers.append(Node.absent)
                continue
            }
            let number = builder.value(type: input.type, dimensions: input.shape?.map { .fixed($0) })
            known[number] = input
            numbers.append(number)
        }
        let results = (0..<outputs).map { _ in builder.value() }
        try builder.append(
            NodeDraft(opType, domain: domain, inputs: numbers, outputs: results, attributes: attributes), opset: opset)
        let graph = builder.build()
        for (number, constant) in graph.constants { known[number] = try constant.value() }
        for node in graph.nodes { try run(node, &known) }
        return results.map { known[$0] }
    }

    private func run(_ node: Node, _ known: inout [Int: Value]) throws {
        let view = try view(node, known)
        var inputs: [Int: Value] = [:]
        for case let operand? in view.inputs where operand.constant == nil {
            inputs[operand.value] = known[operand.value]
        }
        guard case .variants(let variants) = provider.support(view, on: device) else {
            throw WeftError(.unsupportedOperator, "\(provider.support(view, on: device))", node: node.label)
        }
        let chosen = variants.first { $0.name == variant } ?? variants[0]
        let runner = NodeRunner(provider, device: try provider.open(device), workers: workers)
        let outputs = node.outputs.filter { $0 != Node.absent }
        known.merge(try run(view, chosen, inputs, outputs, runner)) { $1 }
    }

    /// Runs a node, with conversions before and after where the variant wants another layout.
    private func run(
        _ view: NodeView, _ variant: Variant, _ inputs: [Int: Value], _ outputs: [Int], _ runner: NodeRunner
    ) throws -> [Int: Value] {
        var main = view
        var (before, after): ([NodeView], [NodeView]) = ([], [])
        for (index, operand) in view.inputs.enumerated() where variant.inputLayout(index) == .nhwc {
            guard let operand else { continue }
            var inner = Operand(value: 1000 + index, type: operand.type)
            inner.layout = .nhwc
            main.inputs[index] = inner
            before.append(
                NodeView(
                    id: 1000 + index, name: "", domain: "weft", opType: "ToNHWC", inputs: [operand], outputs: [inner]))
        }
        for (index, operand) in view.outputs.enumerated() where variant.outputLayout(index) == .nhwc {
            guard let operand else { continue }
            var inner = Operand(value: 2000 + index, type: operand.type)
            inner.layout = .nhwc
            main.outputs[index] = inner
            after.append(
                NodeView(
                    id: 2000 + index, name: "", domain: "weft", opType: "FromNHWC", inputs: [inner], outputs: [operand])
            )
        }
        let nodes = before + [main] + after
        let names = before.map { _ in "" } + [variant.name] + after.map { _ in "" }
        return try runner.run(nodes, inputs: inputs, outputs: outputs, variants: names)
    }

    private func view(_ node: Node, _ known: [Int: Value]) throws -> NodeView {
        let schema = OperatorTable.schema(node.opType, domain: node.domain)
        let contents = node.inputs.map { known[$0].flatMap { ConstantFactory.constant($0) } }
        var inference = Inference(node, inputs: node.inputs.map { known[$0]?.type }, contents: contents)
        try schema?.infer(&inference)
        let inputs: [Operand?] = node.inputs.enumerated().map { index, value in
            guard let type = known[value]?.type else { return nil }
            let wanted = schema?.hostInputs.contains(index) ?? false
            return Operand(
                value: value, type: type,
                constant: wanted || constants.contains(index) ? contents[index] : nil, wantsHost: wanted)
        }
        let outputs: [Operand?] = zip(node.outputs, inference.outputs).map { value, type in
            value == Node.absent ? nil : type.map { Operand(value: value, type: $0) }
        }
        return NodeView(
            id: node.id, name: node.name, domain: node.domain, opType: node.opType, sinceVersion: node.version,
            inputs: inputs, outputs: outputs, attributes: inference.attributes)
    }
}

/// Repeatable numbers for operands.
struct Noise {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// A number in -1 ..< 1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-52 - 1 }

    mutating func floats(_ shape: [Int]) -> Tensor {
        Tensor((0..<shape.elementCount).map { _ in Float(unit()) }, shape: shape)
    }

    mutating func doubles(_ shape: [Int]) -> Tensor {
        Tensor((0..<shape.elementCount).map { _ in unit() }, shape: shape)
    }
}

extension Tensor {
    /// The elements as doubles, whatever their type.
    func doubles() throws -> [Double] {
        switch elementType {
        case .float32: try array(as: Float.self).map { Double($0) }
        case .float64: try array(as: Double.self)
        case .float16: try array(as: Float16.self).map { Double($0) }
        case .int32: try array(as: Int32.self).map { Double($0) }
        case .int64: try array(as: Int64.self).map { Double($0) }
        case .uint8: try array(as: UInt8.self).map { Double($0) }
        case .int8: try array(as: Int8.self).map { Double($0) }
        case .bool: try array(as: Bool.self).map { $0 ? 1 : 0 }
        default: throw WeftError(.invalidInput, "\(elementType) has no doubles")
        }
    }

    /// The greatest difference from other numbers, relative to the greatest of them (at least 1).
    func distance(to expected: [Double]) throws -> Double {
        let found = try doubles()
        guard found.count == expected.count else { return .infinity }
        let scale = Swift.max(1, expected.lazy.map { abs($0) }.filter(\.isFinite).max() ?? 1)
        var worst = 0.0
        for (a, b) in zip(found, expected) where a != b && !(a.isNaN && b.isNaN) {
            let difference = abs(a - b) / scale
            worst = difference.isNaN ? .infinity : Swift.max(worst, difference)
        }
        return worst
    }
}
