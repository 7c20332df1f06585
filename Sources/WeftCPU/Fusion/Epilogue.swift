import CWeftKernels
import WeftProvider
import WeftProviderKit

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

    /// Throws `.internalInconsistency` for an activation that the kernels do not have.
    init(fused node: NodeView, scale: Float = 1) throws(WeftError) {
        let form = try Activation(fused: node)
        guard let function = UInt32(exactly: weft_activation_named(form.name, form.beta)) else {
            throw WeftError(.internalInconsistency, "there is no epilogue '\(form.name)'", node: node.label)
        }
        activation = weft_unary(function)
        alpha = form.alpha
        beta = form.beta
        residual = try ResidualPosition(fused: node)
        self.scale = scale
    }

    /// Whether it changes nothing but the bias.
    var isPlain: Bool { activation == WEFT_IDENTITY && residual == .none && scale == 1 }

    func form(bias: UnsafePointer<Float>?, residual pointer: UnsafePointer<Float>?, stride: Int) -> weft_epilogue {
        weft_epilogue(
            scale: scale, bias: bias, residual: residual == .none ? nil : pointer, residual_stride: stride,
            residual_last: residual == .after, activation: activation, alpha: alpha, beta: beta)
    }
}
