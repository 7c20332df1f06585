public import WeftProvider

/// The nodes that stand for a product and what follows it, as `EpilogueSearch` makes them.
///
/// Operators `FusedConv`, `FusedMatMul` and `FusedGemm` of domain `weft`: the attributes and inputs of the operator
/// they are named after, then
///
/// - `activation`: the name of an ONNX operator, `SiLU` for x Sigmoid(x), or `none`; `activation_alpha` and
///   `activation_beta` are its parameters (Clip's bounds; the slope of LeakyRelu; HardSigmoid's; Gelu's beta is 1 for
///   the tanh form), beside a Gemm's own `alpha` and `beta`;
/// - `residual`: `none`, or whether input 3 is added `before` or `after` the activation.
///
/// Input 2 is the bias (one number for each output channel or column; for FusedGemm its own C), absent or not.
/// `AttentionSearch` makes `attention` nodes, and describes them.
public enum FusedNode {
    public static let domain = "weft"
    public static let attention = "FusedAttention"
    public static let residualInput = 3
    public static let alpha = "activation_alpha"
    public static let beta = "activation_beta"

    public static func opType(of opType: String) -> String { "Fused\(opType)" }
}

/// What becomes of every element of a product.
public struct Activation: Hashable, Sendable {
    /// The ONNX operator's name, `SiLU`, or `none`.
    public var name: String
    public var alpha: Float
    public var beta: Float

    public init(_ name: String, alpha: Float = 0, beta: Float = 0) {
        self.name = name
        self.alpha = alpha
        self.beta = beta
    }

    public static let none = Activation("none")

    /// Every name but `none`: what a provider gives `EpilogueSearch` that computes them all.
    public static let names: Set<String> = [
        "Clip", "Erf", "Exp", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Relu", "SiLU", "Sigmoid", "Tanh",
    ]

    /// The activation that a node computes from its first input; nil where it is none, or its bounds are not known.
    public init?(_ node: NodeView) {
        guard node.domain.isEmpty, node.outputs.count == 1 else { return nil }
        func float(_ name: String, _ standard: Float) -> Float {
            if case .float(let value)? = node.attributes[name] { return value }
            return standard
        }
        switch node.opType {
        case "Relu", "Sigmoid", "Tanh", "HardSwish", "Erf", "Exp": self.init(node.opType)
        case "LeakyRelu": self.init("LeakyRelu", alpha: float("alpha", 0.01))
        case "HardSigmoid": self.init("HardSigmoid", alpha: float("alpha", 0.2), beta: float("beta", 0.5))
        case "Gelu":
            guard case .string(let form)? = node.attributes["approximate"] else {
                self.init("Gelu")
                return
            }
            self.init("Gelu", beta: form == "tanh" ? 1 : 0)
        case "Clip":
            var bounds: [Float] = [-.infinity, .infinity]
            for index in 1...2 {
                guard let operand = node.input(index) else { continue }
                guard let bound = operand.constant?.scalar else { return nil }
                bounds[index - 1] = bound
            }
            self.init("Clip", alpha: bounds[0], beta: bounds[1])
        default: return nil
        }
    }

    /// The activation of a fused node.
    public init(fused node: NodeView) throws(WeftError) {
        self.init(
            try node.string("activation"), alpha: try node.float(FusedNode.alpha), beta: try node.float(FusedNode.beta))
    }
}

/// Whether and when a fused node adds its residual.
public enum ResidualPosition: String, Sendable {
    case none, before, after

    public init(fused node: NodeView) throws(WeftError) {
        let text = try node.string("residual")
        guard let position = ResidualPosition(rawValue: text) else {
            throw WeftError(.internalInconsistency, "residual is '\(text)'", node: node.label)
        }
        self = position
    }
}
