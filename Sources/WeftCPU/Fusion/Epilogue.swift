import CWeftKernels
import WeftProvider

/// The activation and residual of a fused node in the form of the vector kernels.
struct Epilogue: Sendable {
    let activation: weft_unary
    let alpha: Float
    let beta: Float
    let residual: ResidualPosition
    let scale: Float

    /// For a node that is not fused: the product, scaled, and its bias.
    init(scale: Float = 1) {
        activation = WEFT_IDENTITY
        alpha = 0
        beta = 0
        residual = .none
        self.scale = scale
    }

    /// Throws `.internalInconsistency` for an activation that `activations` does not list.
    init(fused node: NodeView, scale: Float = 1) throws(WeftError) {
        let form = try Activation(fused: node)
        guard let function = Self.function(form) else {
            throw WeftError(.internalInconsistency, "there is no epilogue '\(form.name)'", node: node.label)
        }
        activation = function
        alpha = form.alpha
        beta = form.beta
        residual = try ResidualPosition(fused: node)
        self.scale = scale
    }

    /// What the vector kernels apply in cache.
    static let activations: Set<String> = [
        "Relu", "Clip", "LeakyRelu", "HardSigmoid", "HardSwish", "Sigmoid", "SiLU", "Tanh", "Gelu",
    ]

    private static func function(_ activation: Activation) -> weft_unary? {
        switch activation.name {
        case "none": WEFT_IDENTITY
        case "Relu": WEFT_RELU
        case "Clip": WEFT_CLIP
        case "LeakyRelu": WEFT_LEAKY_RELU
        case "HardSigmoid": WEFT_HARD_SIGMOID
        case "HardSwish": WEFT_HARD_SWISH
        case "Sigmoid": WEFT_SIGMOID
        case "SiLU": WEFT_SILU
        case "Tanh": WEFT_TANH
        case "Gelu": activation.beta == 1 ? WEFT_GELU_TANH : WEFT_GELU_ERF
        default: nil
        }
    }

    /// Whether it changes nothing but the bias.
    var isPlain: Bool { activation == WEFT_IDENTITY && residual == .none && scale == 1 }

    func form(bias: UnsafePointer<Float>?, residual pointer: UnsafePointer<Float>?, stride: Int) -> weft_epilogue {
        weft_epilogue(
            scale: scale, bias: bias, residual: residual == .none ? nil : pointer, residual_stride: stride,
            residual_last: residual == .after, activation: activation, alpha: alpha, beta: beta)
    }
}
