import WeftProvider

extension Operator {
    /// Pairs of features of x, [B, L, H D] or [B, H, L, D], rotated by angles that depend on a token's position.
    ///
    /// Cosines and sines are [positions, D/2] with `position_ids` [B, L], and [B, L, D/2] without.
    package static let rotaryEmbedding = Operator(
        "RotaryEmbedding", since: 23, inputs: 3...4,
        attributes: [.int("interleaved", 0), .int("num_heads", 0), .int("rotary_embedding_dim", 0)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .floating)
        for index in 1...2 where try inference.elementType(index) != type {
            throw WeftError(.invalidModel, "x, cosines and sines should have one type")
        }
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        let heads = try inference.int("num_heads")
        guard x.count == 4 || (x.count == 3 && heads > 0 && x[2] % max(heads, 1) == 0) else {
            throw WeftError(
                .invalidModel, "x should have rank 4, or rank 3 and a last axis that num_heads divides, has shape \(x)")
        }
        let depth = x.count == 4 ? x[3] : x[2] / heads
        var rotated = try inference.int("rotary_embedding_dim")
        if rotated == 0 { rotated = depth }
        guard rotated > 0, rotated <= depth, rotated % 2 == 0 else {
            throw WeftError(.invalidModel, "\(rotated) of \(depth) features cannot be rotated in pairs")
        }
        inference.attributes["rotary_embedding_dim"] = .int(Int64(rotated))
        let (batch, length) = (x[0], x.count == 4 ? x[2] : x[1])
        for index in 1...2 {
            guard let cache = inference.shape(index) else { continue }
            let fits =
                inference.has(3)
                ? cache.count == 2 && cache[1] == rotated / 2 : cache == [batch, length, rotated / 2]
            guard fits else {
                throw WeftError(
                    .invalidModel,
                    "input \(index) of shape \(cache) does not fit \(rotated) features of \(batch) x \(length) tokens")
            }
        }
        if let cosines = inference.shape(1), let sines = inference.shape(2), cosines != sines {
            throw WeftError(.invalidModel, "cosines have shape \(cosines), sines \(sines)")
        }
        if inference.has(3), let positions = inference.shape(3), positions != [batch, length] {
            throw WeftError(.invalidModel, "position_ids should have shape [\(batch), \(length)], has \(positions)")
        }
        try inference.set(type, x)
    }
}
