#if Vulkan
    import WeftProvider
    import WeftProviderKit

    /// Functions of one number that shaders know; the values are those of unary.comp.
    enum UnaryFunction: UInt32 {
        case identity = 0
        case relu, sigmoid, swish, clip, leakyRelu, tanh, erf, gelu, geluTanh, hardSigmoid, hardSwish, exp, log, sqrt
        case negative, absolute, reciprocal, floor, ceil, round, elu, selu, celu, softplus, softsign, sign
        case thresholdedRelu, mish, sine, cosine, tangent, arcSine, arcCosine, arcTangent, hyperbolicSine
        case hyperbolicCosine, areaSine, areaCosine, areaTangent, shrink
    }

    /// A function of one number with its parameters.
    struct ElementFunction {
        let function: UnaryFunction
        var a: Float = 0
        var b: Float = 0

        static let none = ElementFunction(function: .identity)

        /// What an elementwise node computes; nil where it is no such node, or its bounds are not known.
        init?(_ node: NodeView) {
            if let activation = Activation(node), let function = ElementFunction(activation) {
                self = function
                return
            }
            func alpha(_ otherwise: Float) -> Float { node.float("alpha", otherwise: otherwise) }
            switch node.opType {
            case "Identity": self.init(function: .identity)
            case "Swish": self.init(function: .swish, a: alpha(1))
            case "Log": self.init(function: .log)
            case "Sqrt": self.init(function: .sqrt)
            case "Neg": self.init(function: .negative)
            case "Abs": self.init(function: .absolute)
            case "Reciprocal": self.init(function: .reciprocal)
            case "Floor": self.init(function: .floor)
            case "Ceil": self.init(function: .ceil)
            case "Round": self.init(function: .round)
            case "Elu": self.init(function: .elu, a: alpha(1))
            case "Selu":
                self.init(
                    function: .selu, a: alpha(1.67326319217681884765625),
                    b: node.float("gamma", otherwise: 1.05070102214813232421875))
            case "Celu": self.init(function: .celu, a: alpha(1))
            case "Softplus": self.init(function: .softplus)
            case "Softsign": self.init(function: .softsign)
            case "Sign": self.init(function: .sign)
            case "ThresholdedRelu": self.init(function: .thresholdedRelu, a: alpha(1))
            case "Sin": self.init(function: .sine)
            case "Cos": self.init(function: .cosine)
            case "Mish": self.init(function: .mish)
            case "Tan": self.init(function: .tangent)
            case "Asin": self.init(function: .arcSine)
            case "Acos": self.init(function: .arcCosine)
            case "Atan": self.init(function: .arcTangent)
            case "Sinh": self.init(function: .hyperbolicSine)
            case "Cosh": self.init(function: .hyperbolicCosine)
            case "Asinh": self.init(function: .areaSine)
            case "Acosh": self.init(function: .areaCosine)
            case "Atanh": self.init(function: .areaTangent)
            case "Shrink":
                self.init(
                    function: .shrink, a: node.float("lambd", otherwise: 0.5), b: node.float("bias", otherwise: 0))
            default: return nil
            }
        }

        init(function: UnaryFunction, a: Float = 0, b: Float = 0) {
            self.function = function
            self.a = a
            self.b = b
        }
    }
#endif
