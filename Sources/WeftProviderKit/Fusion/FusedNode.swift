public import WeftProvider

/// Names in the nodes that replace a product and what follows it, as `EpilogueSearch` makes them.
///
/// Their operators are `FusedConv`, `FusedMatMul` and `FusedGemm` of domain `weft`. They have the attributes and
/// inputs of the operator that they are named after, and in addition
///
/// - `activation`: the name of an ONNX operator, `SiLU` for x Sigmoid(x), or `none`; `activation_alpha` and
///   `activation_beta` are its parameters (Clip's bounds; the slope of LeakyRelu; HardSigmoid's; Gelu's beta is 1 for
///   the tanh form), apart from a Gemm's own `alpha` and `beta`;
/// - `residual`: `none`, or whether input 3 is added `before` or `after` the activation.
///
/// Input 2 is the bias, with one element for each output channel or column, and may be absent; for FusedGemm it is C.
/// `AttentionSearch` describes the nodes of operator `attention`.
public enum FusedNode {
    /// The domain of fused nodes.
    public static let domain = "weft"
    /// The operator of fused attention.
    public static let attention = "FusedAttention"
    /// The position of the residual among the inputs.
    public static let residualInput = 3
    /// The name of the attribute with the activation's first parameter.
    public static let alpha = "activation_alpha"
    /// The name of the attribute with the activation's second parameter.
    public static let beta = "activation_beta"

    /// The operator of a node fused from the given operator, such as `FusedConv` from `Conv`.
    public static func opType(of opType: String) -> String { "Fused\(opType)" }
}

/// The function that a fused node applies to every element of its product.
public struct Activation: Hashable, Sendable {
    /// The ONNX operator's name, `SiLU`, or `none`.
    public var name: String
    /// The first parameter; see `FusedNode`.
    public var alpha: Float
    /// The second parameter; see `FusedNode`.
    public var beta: Float

    /// An activation with its parameters.
    public init(_ name: String, alpha: Float = 0, beta: Float = 0) {
        self.name = name
        self.alpha = alpha
        self.beta = beta
    }

    /// No activation.
    public static let none = Activation("none")

    /// Every name except `none`, for providers whose kernels compute them all.
    public static let names: Set<String> = [
        "Clip", "Erf", "Exp", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Relu", "SiLU", "Sigmoid", "Tanh",
    ]

    /// The activation that a node computes from its first input; nil if it is none, or Clip's bounds are not constant.
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

    /// The activation of a fused node. Throws `.invalidModel` if its attributes are absent.
    public init(fused node: NodeView) throws(WeftError) {
        self.init(
            try node.string("activation"), alpha: try node.float(FusedNode.alpha), beta: try node.float(FusedNode.beta))
    }
}

/// Whether a fused node adds a residual, and whether before or after the activation.
public enum ResidualPosition: String, Sendable {
    case none, before, after

    /// The position that a fused node states. Throws `.internalInconsistency` for an unknown one.
    public init(fused node: NodeView) throws(WeftError) {
        let text = try node.string("residual")
        guard let position = ResidualPosition(rawValue: text) else {
            throw WeftError(.internalInconsistency, "residual is '\(text)'", node: node.label)
        }
        self = position
    }
}
