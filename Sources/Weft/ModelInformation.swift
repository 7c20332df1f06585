import WeftGraph
import WeftProvider

/// What a model file says about itself.
public struct ModelInformation: Sendable {
    public let irVersion: Int
    /// Operator-set versions by domain; the default domain is `ai.onnx`.
    public let opsets: [String: Int]
    public let producer: String
    public let documentation: String
    /// Nodes by operator, bodies included.
    public let operatorCounts: [String: Int]
    public let nodeCount: Int
    /// Elements of all initialisers.
    public let parameterCount: Int

    init(_ model: Model, original: Graph) {
        irVersion = model.irVersion
        opsets = Dictionary(uniqueKeysWithValues: model.opsets.map { ($0.isEmpty ? "ai.onnx" : $0, $1) })
        producer = model.producer
        documentation = model.documentation
        var counts: [String: Int] = [:]
        var parameters = 0
        func count(_ graph: Graph) {
            for constant in graph.constants.values { parameters += constant.elementCount }
            for node in graph.nodes {
                counts[node.domain.isEmpty ? node.opType : "\(node.domain).\(node.opType)", default: 0] += 1
                for body in node.bodies.values { count(body) }
            }
        }
        count(original)
        operatorCounts = counts
        nodeCount = counts.values.reduce(0, +)
        parameterCount = parameters
    }
}
