import WeftProvider

extension Operator {
    /// A depthwise convolution over time that sees the past alone: x [B, C, L], weights [C, 1, k], state [B, C, k - 1].
    package static let causalConvWithState = Operator(
        "CausalConvWithState", since: 27, inputs: 2...4, outputs: 1...2, attributes: [.string("activation", "none")]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        _ = try Rules.sameType(inference)
        let activation = inference.string("activation") ?? "none"
        guard ["none", "silu", "swish"].contains(activation) else {
            throw WeftError(.invalidModel, "activation '\(activation)' is none of none, silu and swish")
        }
        guard let x = inference.shape(0), let w = inference.shape(1) else {
            try inference.set(type, nil)
            return try inference.set(output: 1, type, nil)
        }
        guard x.count == 3, w.count == 3, w[0] == x[1], w[1] == 1, w[2] >= 1 else {
            throw WeftError(.invalidModel, "weights of shape \(w) do not fit an input of shape \(x)")
        }
        if let bias = inference.shape(2), bias != [x[1]] {
            throw WeftError(.invalidModel, "the bias should have shape [\(x[1])], has \(bias)")
        }
        let state = [x[0], x[1], w[2] - 1]
        if let past = inference.shape(3), past != state {
            throw WeftError(.invalidModel, "the past state should have shape \(state), has \(past)")
        }
        try inference.set(type, x)
        try inference.set(output: 1, type, state)
    }
}
