import WeftProvider

extension Operator {
    /// Windows [N, C · block, L] laid back into images [N, C, d…]; where windows overlap, their elements add up.
    package static let col2Im = Operator(
        "Col2Im", since: 18, inputs: 3...3,
        attributes: [.optional("dilations", .ints), .optional("pads", .ints), .optional("strides", .ints)],
        hostInputs: [1, 2]
    ) { inference throws(WeftError) in
        let type = try inference.elementType(0, among: .numeric)
        guard let x = inference.shape(0), let image = try inference.ints(1), let block = try inference.ints(2) else {
            return try inference.set(type, nil)
        }
        guard x.count == 3 else { throw WeftError(.invalidModel, "the input should have rank 3, has shape \(x)") }
        guard image.count == block.count, !image.isEmpty, image.allSatisfy({ $0 >= 1 }) else {
            throw WeftError(.invalidModel, "image_shape \(image) and block_shape \(block) do not fit together")
        }
        var window = try SlidingWindow(inference, input: image, kernel: block)
        let blocks = try window.outputs()
        guard let elements = block.checkedElementCount, blocks.checkedElementCount == x[2], x[1] % elements == 0 else {
            throw WeftError(
                .invalidModel, "an input of shape \(x) has not the \(blocks) blocks of \(block) that \(image) takes")
        }
        window.store(in: &inference)
        try inference.set(type, [x[0], x[1] / elements] + image)
    }
}
