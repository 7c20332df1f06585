import WeftProvider

extension CPUKernels {
    private static let joins = Movement("Concat", moved: { _ in true }) { node, width throws(WeftError) in
        let copies = try pieces(
            node, axis: try node.axis("axis"), of: node.output(0), parts: node.inputs, width, joining: true)
        return { operands throws(WeftError) in
            for (index, copy) in copies.enumerated() {
                try copy.run(try operands.input(index), try operands.output(), operands.workers)
            }
        }
    }

    /// The inputs one after the other along an axis; in `nhwc`, channels pixel by pixel.
    static let concat = joins.numbers { node in channelVariant(node, parts: node.inputs, joining: true) }
    static let concatOfStrings = joins.strings

    private static let cuts = Movement("Split") { node, width throws(WeftError) in
        let copies = try pieces(
            node, axis: try node.axis("axis"), of: node.input(0), parts: node.outputs, width, joining: false)
        return { operands throws(WeftError) in
            for (index, copy) in copies.enumerated() where operands.outputs[index] != nil {
                try copy.run(try operands.input(0), try operands.output(index), operands.workers)
            }
        }
    }

    /// Pieces of the input along an axis; in `nhwc`, channels pixel by pixel.
    static let split = cuts.numbers { node in channelVariant(node, parts: node.outputs, joining: false) }
    static let splitOfStrings = cuts.strings

    /// The copies between a whole and its parts along an axis, in the layout that the whole has.
    private static func pieces(
        _ node: NodeView, axis: Int, of whole: Operand?, parts: [Operand?], _ width: Int, joining: Bool
    ) throws(WeftError) -> [StridedCopy] {
        guard let whole else { return [] }
        let nhwc = whole.layout == .nhwc
        var copies: [StridedCopy] = []
        var position = 0
        for part in parts {
            // An absent output still takes its part of the axis; only the last kinds of models have one.
            let shape = part?.shape ?? whole.shape
            let sizes = nhwc ? [shape[0] * shape[2] * shape[3], shape[1]] : shape
            let dense = nhwc ? [Layout.pixelStride(channels: shape[1]), 1] : shape.rowMajorStrides
            let strides = nhwc ? [Layout.pixelStride(channels: whole.shape[1]), 1] : whole.shape.rowMajorStrides
            let offset = position * (nhwc ? 1 : strides[axis])
            copies.append(
                joining
                    ? StridedCopy(sizes, to: strides, targetOffset: offset, from: dense, width: width)
                    : StridedCopy(sizes, to: dense, from: strides, sourceOffset: offset, width: width))
            position += shape[axis]
        }
        return copies
    }

    private static func channelVariant(_ node: NodeView, parts: [Operand?], joining: Bool) -> [Variant] {
        guard node.inputType(0) == .float32, node.inputShape(0).count == 4, parts.allSatisfy({ $0 != nil }),
            (try? node.axis("axis")) == 1
        else { return [] }
        return [
            Variant(
                "nhwc", work: .elements(of: node), inputLayouts: joining ? node.inputs.map { _ in .nhwc } : [.nhwc],
                outputLayouts: node.outputs.map { _ in .nhwc })
        ]
    }
}
