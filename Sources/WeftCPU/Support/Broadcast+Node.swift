import WeftProvider

extension Broadcast {
    /// Whether a shape broadcasts to N, C, H, W with at most one element for each image and channel.
    static func isPerChannel(_ shape: [Int], of output: [Int]) -> Bool {
        guard shape.count <= 4 else { return false }
        let padded = [Int](repeating: 1, count: 4 - shape.count) + shape
        return zip(padded, output).prefix(2).allSatisfy { $0 == 1 || $0 == $1 } && padded[2] == 1 && padded[3] == 1
    }

    /// The broadcast of a node's first two inputs to its output, in the layouts that they have.
    init(binary node: NodeView) {
        let shape = node.outputShape(0)
        let inputs = [node.inputShape(0), node.inputShape(1)]
        guard node.output(0)?.layout == .nhwc else {
            self.init(output: shape, inputs: inputs)
            return
        }
        let pixel = Layout.pixelStride(channels: shape[1])
        let area = shape[2] * shape[3]
        let strides = [node.output(0), node.input(0), node.input(1)].map { operand -> [Int] in
            guard let operand, operand.layout != .nhwc else { return [area * pixel, pixel, 1] }
            let padded = [Int](repeating: 1, count: Swift.max(0, 4 - operand.shape.count)) + operand.shape
            return [padded[0] > 1 ? padded[1] : 0, 0, padded[1] > 1 ? 1 : 0]
        }
        // Buffers without a per-channel operand are dense: padding is computed with.
        if strides.allSatisfy({ $0[1] == pixel || $0 == [0, 0, 0] }) {
            self.init(dimensions: [shape[0] * area * pixel], strides: strides.map { [$0[2]] })
        } else {
            self.init(dimensions: [shape[0], area, shape[1]], strides: strides)
        }
    }
}
