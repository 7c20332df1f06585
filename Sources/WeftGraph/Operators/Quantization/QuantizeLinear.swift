import WeftProvider

extension Operator {
    /// x over a scale, rounded to even, plus a zero point, in a small type.
    ///
    /// Scale and zero point are one number, one for each element of `axis`, or one for each block along it.
    package static let quantizeLinear = Operator(
        "QuantizeLinear", since: 28, inputs: 2...3,
        attributes: [
            .int("axis", 1), .int("block_size", 0), .int("output_dtype", 0), .int("precision", 0), .int("saturate", 1),
        ]
    ) { inference throws(WeftError) in
        _ = try inference.elementType(0, among: ElementTypes.floating.union([.int32]))
        _ = try inference.elementType(1)
        let declared = try inference.int("output_dtype")
        var type = ElementType.uint8
        if inference.has(2) {
            type = try inference.elementType(2)
            guard declared == 0 || declared == Int(type.rawValue) else {
                throw WeftError(.invalidModel, "output_dtype is \(declared), but the zero point is of type \(type)")
            }
        } else if declared != 0 {
            type = try inference.typeAttribute("output_dtype")
        }
        guard Rules.quantized.contains(type) else {
            throw WeftError(.invalidModel, "\(type) is no type to quantise to")
        }
        try Rules.granularity(&inference)
        try inference.set(type, inference.shape(0))
    }

    /// (x - zero point) times scale.
    package static let dequantizeLinear = Operator(
        "DequantizeLinear", since: 28, inputs: 2...3,
        attributes: [.int("axis", 1), .int("block_size", 0), .int("output_dtype", 0)]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: Rules.quantized.union([.int32]))
        if inference.has(2), try inference.elementType(2) != type {
            throw WeftError(.invalidModel, "x is of type \(type), its zero point of another")
        }
        var result = try inference.elementType(1)
        if try inference.int("output_dtype") != 0 { result = try inference.typeAttribute("output_dtype") }
        guard ElementTypes.floating.contains(result) else {
            throw WeftError(.invalidModel, "\(result) is no type to dequantise to")
        }
        try Rules.granularity(&inference)
        try inference.set(result, inference.shape(0))
    }

    /// x quantised to uint8 over its own range, which includes 0; then the scale and the zero point.
    package static let dynamicQuantizeLinear = Operator(
        "DynamicQuantizeLinear", since: 11, inputs: 1...1, outputs: 1...3
    ) {
        inference throws(WeftError) in
        _ = try inference.elementType(0, among: [.float32])
        try inference.set(.uint8, inference.shape(0))
        try inference.set(output: 1, .float32, [])
        try inference.set(output: 2, .uint8, [])
    }
}

extension Rules {
    /// The types that numbers are quantised to.
    fileprivate static let quantized: ElementTypes = [
        .int8, .uint8, .int16, .uint16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .uint4, .int4,
        .float4e2m1, .uint2, .int2, .float6e2m3, .float6e3m2,
    ]

    /// Checks scale and zero point (inputs 1 and 2) against input 0; resolves `axis`, and `block_size` to 0 or a size.
    fileprivate static func granularity(_ inference: inout Inference) throws(WeftError) {
        guard let x = inference.shape(0), let scale = inference.shape(1) else { return }
        if let zero = inference.shape(2), zero != scale, zero.checkedElementCount != 1 || scale.checkedElementCount != 1
        {
            throw WeftError(.invalidModel, "the scale has shape \(scale), the zero point \(zero)")
        }
        if scale.checkedElementCount == 1 {
            inference.attributes["axis"] = .int(0)
            inference.attributes["block_size"] = .int(0)
            return
        }
        let axis = try inference.resolve(axis: try inference.int("axis"), rank: x.count)
        inference.attributes["axis"] = .int(Int64(axis))
        let block = try inference.int("block_size")
        guard block != 0 else {
            guard scale == [x[axis]] else {
                throw WeftError(.invalidModel, "a scale of shape \(scale) does not fit axis \(axis) of shape \(x)")
            }
            return
        }
        guard block > 0 else { throw WeftError(.invalidModel, "block_size should be positive, is \(block)") }
        var blocks = x
        blocks[axis] = x[axis] / block + (x[axis] % block == 0 ? 0 : 1)
        guard scale == blocks else {
            throw WeftError(
                .invalidModel, "blocks of \(block) along axis \(axis) need scales of shape \(blocks), have \(scale)")
        }
    }
}
