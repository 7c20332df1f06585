import WeftProvider
import WeftProviderKit

/// Convolutions of one pixel with the next layer's channels: a product for each pixel, eight channels at a time.
enum BlockedConv {
    static let pointwise = Condition("1x1, one group, no strides or pads") { node, _ in
        guard Array(node.inputShape(1).dropFirst(2)) == [1, 1] else { return .other("has 1x1 kernels alone") }
        guard let group = try? node.int("group"), group == 1 else { return .other("has one group alone") }
        guard let strides = try? node.ints("strides"), strides == [1, 1] else { return .other("has no strides") }
        guard let pads = try? node.ints("pads"), pads == [0, 0, 0, 0] else { return .other("has no pads") }
        return nil
    }

    static let kernel = HostKernel { node throws(WeftError) in
        let (input, output) = (node.view.inputShape(0), node.view.outputShape(0))
        let (from, to) = (BlockLayout.blockCount(input[1]), BlockLayout.blockCount(output[1]))
        let (images, pixels, width) = (input[0], input[2] * input[3], BlockLayout.width)
        let weights = try node.packed(input: 1, format: "blocked.conv") { constant throws(WeftError) in
            try pack(constant)
        }
        let bias =
            node.view.has(input: 2)
            ? try node.packed(input: 2, format: "blocked.bias") { constant throws(WeftError) in try fill(constant) }
            : nil
        return { invocation throws(WeftError) in
            let (x, y) = (invocation.input(0, as: Float.self), invocation.output(0, as: Float.self))
            guard let w = weights.view.host?.assumingMemoryBound(to: Float.self) else { return }
            let b = bias?.view.host?.assumingMemoryBound(to: Float.self)
            try invocation.workers.forEachRange(of: images * to) { range, _ in
                for row in range {
                    let (image, block) = (row / to, row % to)
                    for pixel in 0..<pixels {
                        let target = y + (row * pixels + pixel) * width
                        for lane in 0..<width { target[lane] = b?[block * width + lane] ?? 0 }
                        for source in 0..<from {
                            let pixelValues = x + ((image * from + source) * pixels + pixel) * width
                            let panel = w + (block * from + source) * width * width
                            for channel in 0..<width {
                                for lane in 0..<width {
                                    target[lane] += pixelValues[channel] * panel[channel * width + lane]
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Weights O, I, 1, 1 as O/8, I/8, 8 inputs, 8 outputs; what fills up the last blocks is zero.
    private static func pack(_ constant: Constant) throws(WeftError) -> PackedBuffer {
        let values: [Float] = try constant.tensor().array()
        let (outputs, inputs, width) = (constant.shape[0], constant.shape[1], BlockLayout.width)
        let panels = BlockLayout.blockCount(inputs)
        let count = BlockLayout.blockCount(outputs) * panels * width * width
        return try PackedBuffer(byteCount: count * 4) { target throws(WeftError) in
            let packed = target.assumingMemoryBound(to: Float.self)
            packed.update(repeating: 0, count: count)
            for output in 0..<outputs {
                for input in 0..<inputs {
                    let panel = (output / width * panels + input / width) * width * width
                    packed[panel + input % width * width + output % width] = values[output * inputs + input]
                }
            }
        }
    }

    /// A bias with zeros up to a whole block.
    private static func fill(_ constant: Constant) throws(WeftError) -> PackedBuffer {
        let values: [Float] = try constant.tensor().array()
        let count = BlockLayout.blockCount(values.count) * BlockLayout.width
        return try PackedBuffer(byteCount: count * 4) { target throws(WeftError) in
            let filled = target.assumingMemoryBound(to: Float.self)
            filled.update(repeating: 0, count: count)
            for (index, value) in values.enumerated() { filled[index] = value }
        }
    }
}
