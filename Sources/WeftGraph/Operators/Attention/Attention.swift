import WeftProvider

extension Operator {
    /// Scaled dot-product attention of queries, keys and values, [B, H, L, D] or packed as [B, L, H D].
    ///
    /// Several query heads may share one head of keys and values. Cached keys and values come before the new ones.
    /// `q_num_heads`, `kv_num_heads` and `scale` are resolved once the shapes are known.
    package static let attention = Operator(
        "Attention", since: 25, inputs: 3...7, outputs: 1...4,
        attributes: [
            .int("is_causal", 0), .optional("kv_num_heads", .int), .int("left_window_size", -1),
            .optional("q_num_heads", .int), .int("qk_matmul_output_mode", 0), .int("right_window_size", -1),
            .optional("scale", .float), .float("softcap", 0), .optional("softmax_precision", .int),
        ],
        flops: { node in
            let (q, y) = (node.inputShape(0), node.outputShape(0))
            let keys = node.inputShape(1).reduce(1.0) { $0 * Double($1) }
            guard q.count >= 3, y.count == q.count, let heads = try? node.int("kv_num_heads") else { return 0 }
            let length = keys / Double(Swift.max(1, q[0] * heads * q[q.count - 1]))
            return 2 * length * (q + y).reduce(1.0) { $0 * Double($1) }
        }
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        let valueType = try inference.elementType(2, among: .floating)
        guard try inference.elementType(1) == type else {
            throw WeftError(.invalidModel, "queries and keys should have one type")
        }
        let mode = try inference.int("qk_matmul_output_mode")
        guard (0...3).contains(mode) else {
            throw WeftError(.invalidModel, "qk_matmul_output_mode should be 0 to 3, is \(mode)")
        }
        for name in ["left_window_size", "right_window_size"] where try inference.int(name) < -1 {
            throw WeftError(.invalidModel, "\(name) should be -1 or more, is \(try inference.int(name))")
        }
        guard inference.has(4) == inference.has(5) else {
            throw WeftError(.invalidModel, "past_key and past_value go together, one of them is missing")
        }
        for index in 0..<inference.outputs.count {
            try inference.set(output: index, index == 2 ? valueType : type, nil)
        }
        let known = inference.inputs.indices.allSatisfy { !inference.has($0) || inference.shape($0) != nil }
        guard known, let sizes = try AttentionSizes(inference) else { return }
        inference.attributes["q_num_heads"] = .int(Int64(sizes.heads))
        inference.attributes["kv_num_heads"] = .int(Int64(sizes.sharedHeads))
        if inference.attributes["scale"] == nil {
            inference.attributes["scale"] = .float(1 / Float(sizes.depth).squareRoot())
        }
        let y = [sizes.batch, sizes.heads, sizes.queries, sizes.width]
        try inference.set(type, sizes.packed ? [y[0], y[2], y[1] * y[3]] : y)
        try inference.set(output: 1, type, [sizes.batch, sizes.sharedHeads, sizes.total, sizes.depth])
        try inference.set(output: 2, valueType, [sizes.batch, sizes.sharedHeads, sizes.total, sizes.width])
        try inference.set(output: 3, type, [sizes.batch, sizes.heads, sizes.queries, sizes.total])
    }
}

/// The sizes of an attention node, checked against each other.
private struct AttentionSizes {
    var (batch, heads, sharedHeads, queries, total, depth, width) = (0, 0, 0, 0, 0, 0, 0)
    var packed = false

    /// nil where a shape is missing.
    init?(_ inference: Inference) throws(WeftError) {
        guard let q = inference.shape(0), let k = inference.shape(1), let v = inference.shape(2) else { return nil }
        guard q.count == 3 || q.count == 4, k.count == q.count, v.count == q.count else {
            throw WeftError(.invalidModel, "queries \(q), keys \(k) and values \(v) should all have rank 3 or all 4")
        }
        packed = q.count == 3
        if packed {
            (heads, sharedHeads) = (try inference.int("q_num_heads"), try inference.int("kv_num_heads"))
            guard heads > 0, sharedHeads > 0, q[2] % heads == 0, k[2] % sharedHeads == 0, v[2] % sharedHeads == 0 else {
                throw WeftError(
                    .invalidModel,
                    "queries \(q), keys \(k) and values \(v) do not divide into \(heads) and \(sharedHeads) heads")
            }
            (queries, depth, width) = (q[1], q[2] / heads, v[2] / sharedHeads)
        } else {
            (heads, sharedHeads, queries, depth, width) = (q[1], k[1], q[2], q[3], v[3])
        }
        batch = q[0]
        let keyDepth = packed ? k[2] / sharedHeads : k[3]
        let lengths = packed ? [k[1], v[1]] : [k[2], v[2]]
        guard k[0] == batch, v[0] == batch, keyDepth == depth, lengths[0] == lengths[1], packed || v[1] == sharedHeads,
            sharedHeads > 0, heads % sharedHeads == 0
        else {
            throw WeftError(.invalidModel, "queries \(q), keys \(k) and values \(v) do not fit together")
        }
        var past = 0
        if let keys = inference.shape(4), let values = inference.shape(5) {
            guard keys.count == 4, keys == [batch, sharedHeads, keys[2], depth],
                values == [batch, sharedHeads, keys[2], width]
            else {
                throw WeftError(
                    .invalidModel, "cached keys \(keys) and values \(values) do not fit keys \(k) and values \(v)")
            }
            past = keys[2]
        }
        total = past + lengths[0]
        if let mask = inference.shape(3) {
            let full = [batch, heads, queries]
            guard mask.count <= 4, let last = mask.last, last <= total,
                zip(mask.dropLast().reversed(), full.reversed()).allSatisfy({ $0 == 1 || $0 == $1 })
            else {
                throw WeftError(.invalidModel, "a mask of shape \(mask) does not fit scores of shape \(full + [total])")
            }
        }
        if let lengths = inference.shape(6), lengths != [batch] {
            throw WeftError(.invalidModel, "nonpad_kv_seqlen should have shape [\(batch)], has \(lengths)")
        }
    }
}
