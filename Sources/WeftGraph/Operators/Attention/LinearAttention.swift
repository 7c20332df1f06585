import WeftProvider

extension Operator {
    /// Attention by a recurrent state [B, H, Dk, Dv] that each token decays, corrects and adds to.
    ///
    /// Queries, keys and values are packed, [B, T, H D]; `decay` is [B, T, H] or [B, T, H Dk], `beta` [B, T, H or 1].
    package static let linearAttention = Operator(
        "LinearAttention", since: 27, inputs: 3...6, outputs: 1...2,
        attributes: [
            .int("chunk_size", 64), .required("kv_num_heads", .int), .required("q_num_heads", .int), .float("scale", 0),
            .string("update_rule", "gated_delta"),
        ]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        let stateType = inference.has(3) ? try inference.elementType(3, among: .floating) : type
        let rule = inference.string("update_rule") ?? ""
        guard ["linear", "gated", "delta", "gated_delta"].contains(rule) else {
            throw WeftError(.invalidModel, "update_rule '\(rule)' is none of linear, gated, delta and gated_delta")
        }
        guard inference.has(4) == rule.hasPrefix("gated"), inference.has(5) == rule.hasSuffix("delta") else {
            throw WeftError(.invalidModel, "the inputs decay and beta do not fit update_rule '\(rule)'")
        }
        let (heads, shared) = (try inference.int("q_num_heads"), try inference.int("kv_num_heads"))
        guard heads > 0, shared > 0, heads % shared == 0 else {
            throw WeftError(.invalidModel, "q_num_heads = \(heads) is no multiple of kv_num_heads = \(shared)")
        }
        guard let q = inference.shape(0), let k = inference.shape(1), let v = inference.shape(2) else {
            try inference.set(type, nil)
            return try inference.set(output: 1, stateType, nil)
        }
        guard q.count == 3, k.count == 3, v.count == 3, k[..<2] == q[..<2], v[..<2] == q[..<2], q[2] % heads == 0,
            k[2] % shared == 0, v[2] % shared == 0, k[2] / shared == q[2] / heads
        else {
            throw WeftError(
                .invalidModel, "queries \(q), keys \(k) and values \(v) do not fit \(heads) and \(shared) heads")
        }
        let (depth, width) = (q[2] / heads, v[2] / shared)
        let state = [q[0], shared, depth, width]
        if let past = inference.shape(3), past != state {
            throw WeftError(.invalidModel, "the past state should have shape \(state), has \(past)")
        }
        if let decay = inference.shape(4),
            decay.count != 3 || decay[..<2] != q[..<2] || ![shared, shared * depth].contains(decay[2])
        {
            throw WeftError(.invalidModel, "a decay of shape \(decay) does not fit keys of shape \(k)")
        }
        if let beta = inference.shape(5), beta.count != 3 || beta[..<2] != q[..<2] || ![shared, 1].contains(beta[2]) {
            throw WeftError(.invalidModel, "a beta of shape \(beta) does not fit keys of shape \(k)")
        }
        if try inference.float("scale") == 0 { inference.attributes["scale"] = .float(1 / Float(depth).squareRoot()) }
        try inference.set(type, [q[0], q[1], heads * width])
        try inference.set(output: 1, stateType, state)
    }
}
