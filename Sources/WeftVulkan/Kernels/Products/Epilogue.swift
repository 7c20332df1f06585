#if Vulkan
    import WeftProvider
    import WeftProviderKit

    /// What a convolution or product does to its results, as epilogue.glsl has it.
    struct Epilogue {
        var function = ElementFunction.none
        var residual = ResidualPosition.none

        init() {}

        /// Throws `.internalInconsistency` for an activation that `activations` does not list.
        init(fused node: NodeView) throws(WeftError) {
            let activation = try Activation(fused: node)
            guard let function = ElementFunction(activation) else {
                throw WeftError(
                    .internalInconsistency, "shaders have no activation '\(activation.name)'", node: node.label)
            }
            self.function = function
            residual = try ResidualPosition(fused: node)
        }

        /// The activations of activation.glsl.
        static let activations: Set<String> = [
            "Relu", "Sigmoid", "SiLU", "Clip", "LeakyRelu", "Gelu", "HardSigmoid", "HardSwish",
        ]

        /// The specialisation constants 1 to 3.
        func switches(bias: Bool) -> [UInt32] {
            let position: UInt32 =
                switch residual {
                case .none: 0
                case .before: 1
                case .after: 2
                }
            return [function.function.rawValue, bias ? 1 : 0, position]
        }

        var parameters: [UInt32] { [function.a.word, function.b.word] }

        /// The residual, or `other` where there is none.
        func operand(_ lowering: Lowering, otherwise other: Resource) throws(WeftError) -> Resource {
            residual == .none ? other : try lowering.input(FusedNode.residualInput)
        }
    }

    extension ElementFunction {
        /// The function that shaders know by another name or number; nil where they do not.
        init?(_ activation: Activation) {
            switch activation.name {
            case "none": self = .none
            case "Erf": self.init(function: .erf)
            case "Exp": self.init(function: .exp)
            case "Relu": self.init(function: .relu)
            case "Sigmoid": self.init(function: .sigmoid)
            case "SiLU": self.init(function: .swish, a: 1)
            case "Clip": self.init(function: .clip, a: activation.alpha, b: activation.beta)
            case "LeakyRelu": self.init(function: .leakyRelu, a: activation.alpha)
            case "Gelu": self.init(function: activation.beta == 1 ? .geluTanh : .gelu)
            case "HardSigmoid": self.init(function: .hardSigmoid, a: activation.alpha, b: activation.beta)
            case "HardSwish": self.init(function: .hardSwish)
            case "Tanh": self.init(function: .tanh)
            default: return nil
            }
        }
    }
#endif
