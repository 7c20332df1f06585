import WeftProvider

/// A function that a recurrent layer applies to a gate.
struct RecurrentActivation: Sendable {
    let apply: @Sendable (Double) -> Double

    /// The node's activations in order; each takes the next of `activation_alpha` and `activation_beta` if it has any.
    static func list(_ node: NodeView) throws(WeftError) -> [RecurrentActivation] {
        guard case .strings(let names) = node.attributes["activations"] else { return [] }
        var alphas = node.attributes["activation_alpha"] == nil ? [] : try node.floats("activation_alpha")[...]
        var betas = node.attributes["activation_beta"] == nil ? [] : try node.floats("activation_beta")[...]
        var result: [RecurrentActivation] = []
        for name in names {
            func alpha(_ standard: Float) -> Double { Double(alphas.popFirst() ?? standard) }
            func beta(_ standard: Float) -> Double { Double(betas.popFirst() ?? standard) }
            switch name.lowercased() {
            case "relu": result.append(.init { Swift.max($0, 0) })
            case "tanh": result.append(.init { $0.hyperbolicTangent })
            case "sigmoid": result.append(.init { $0.sigmoid })
            case "softsign": result.append(.init { $0 / (1 + $0.magnitude) })
            case "softplus": result.append(.init { $0.softplus })
            case "affine":
                let (a, b) = (alpha(1), beta(0))
                result.append(.init { a * $0 + b })
            case "leakyrelu":
                let a = alpha(0.01)
                result.append(.init { $0 < 0 ? a * $0 : $0 })
            case "thresholdedrelu":
                let a = alpha(1)
                result.append(.init { $0 >= a ? $0 : 0 })
            case "scaledtanh":
                let (a, b) = (alpha(1), beta(1))
                result.append(.init { a * (b * $0).hyperbolicTangent })
            case "hardsigmoid":
                let (a, b) = (alpha(0.2), beta(0.5))
                result.append(.init { Swift.min(Swift.max(a * $0 + b, 0), 1) })
            case "elu":
                let a = alpha(1)
                result.append(.init { $0 < 0 ? a * ($0.exponential - 1) : $0 })
            default: throw WeftError(.unsupportedOperator, "activation '\(name)' is not known", node: node.label)
            }
        }
        return result
    }
}
