import WeftGraph
import WeftProvider

/// One node of some operator set, as the builder takes it up.
struct Lifted {
    let graph: Graph
    let inputs: [Int]

    init(
        _ opType: String, opset: Int, _ types: [ValueType?], _ attributes: [String: Attribute] = [:], outputs: Int = 1
    ) throws(WeftError) {
        var builder = GraphBuilder()
        var inputs: [Int] = []
        for (index, type) in types.enumerated() {
            inputs.append(
                type.map { builder.value("x\(index)", type: $0, dimensions: $0.dimensions?.map { .fixed($0) }) }
                    ?? Node.absent)
        }
        let results = (0..<outputs).map { builder.value("y\($0)") }
        try builder.append(
            NodeDraft(opType, name: "n", inputs: inputs, outputs: results, attributes: attributes), opset: opset)
        builder.inputs = inputs
        builder.outputs = results
        graph = builder.build()
        self.inputs = inputs
    }

    var opTypes: [String] { graph.nodes.map(\.opType) }

    /// The only node; nil where lifting made several.
    var node: Node? { graph.nodes.count == 1 ? graph.nodes[0] : nil }

    /// The constant that the last node reads at a position.
    func constant(_ position: Int) -> Constant? {
        guard let node = graph.nodes.last, position < node.inputs.count else { return nil }
        return graph.constants[node.inputs[position]]
    }
}

func tensor(_ type: ElementType = .float32, _ shape: Int...) -> ValueType { .tensor(type, .fixed(shape)) }

let unknown = ValueType.tensor(.float32, .unknown)

/// What inference says of one node of operator set 28; `contents` are inputs that are known, by position.
func infer(
    _ opType: String, _ inputs: [ValueType?], _ attributes: [String: Attribute] = [:], contents: [Int: Tensor] = [:],
    outputs: Int = 1
) throws(WeftError) -> Inference {
    let lifted = try Lifted(opType, opset: 28, inputs, attributes, outputs: outputs)
    guard let node = lifted.node, let schema = OperatorTable.schema(opType) else {
        throw WeftError(.internalInconsistency, "\(opType) is no single node")
    }
    var inference = Inference(
        node, inputs: inputs, contents: inputs.indices.map { contents[$0].map { ConstantFactory.constant($0) } })
    try schema.infer(&inference)
    return inference
}

func ints(_ values: Int...) -> Tensor { Tensor(values.map { Int64($0) }, shape: [values.count]) }
