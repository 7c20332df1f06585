import WeftProvider

/// Channels to blocks of pixels and back.
extension Operator {
    /// N, C, H, W to N, C / b², H b, W b.
    package static let depthToSpace = Operator(
        "DepthToSpace", since: 28, inputs: 1...1, attributes: [.required("blocksize", .int), .string("mode", "DCR")]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        let (block, square) = try block(inference)
        let mode = inference.string("mode") ?? ""
        guard mode == "DCR" || mode == "CRD" else {
            throw WeftError(.invalidModel, "attribute 'mode' should be DCR or CRD, is \"\(mode)\"")
        }
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        guard x.count == 4, x[1] % square == 0 else {
            throw WeftError(.invalidModel, "shape \(x) should be N, C, H, W with C a multiple of \(square)")
        }
        try inference.set(
            type, [x[0], x[1] / square, try Inference.product(x[2], block), try Inference.product(x[3], block)])
    }

    /// N, C, H, W to N, C b², H / b, W / b.
    package static let spaceToDepth = Operator(
        "SpaceToDepth", since: 28, inputs: 1...1,
        attributes: [.required("blocksize", .int), .string("mode", "DCR")]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0)
        let (block, square) = try block(inference)
        guard let x = inference.shape(0) else { return try inference.set(type, nil) }
        guard x.count == 4, x[2] % block == 0, x[3] % block == 0 else {
            throw WeftError(.invalidModel, "shape \(x) should be N, C, H, W with H and W multiples of \(block)")
        }
        try inference.set(type, [x[0], try Inference.product(x[1], square), x[2] / block, x[3] / block])
    }

    private static func block(_ inference: Inference) throws(WeftError) -> (side: Int, square: Int) {
        let block = try inference.int("blocksize")
        guard block > 0 else {
            throw WeftError(.invalidModel, "attribute 'blocksize' should be positive, is \(block)")
        }
        return (block, try Inference.product(block, block))
    }
}
