import WeftProvider

extension Variant {
    /// The variants of a kernel that treats all elements alike: `plain`, and `nhwc` for float32 of rank 4.
    ///
    /// `nhwc` is offered where every input is a rank-4 tensor of the output's shape, so that the kernel can run over
    /// the padded buffers as if they were dense.
    static func elementwise(
        _ node: NodeView, flops: Double = 1, rate: RateKey = .elementwise, inPlace: [InPlace]? = nil
    ) -> [Variant] {
        let work = Work.elements(of: node, flopsPerElement: flops, rate: rate)
        let shared = inPlace ?? sharing(node)
        var variants = [Variant("plain", work: work, inPlace: shared)]
        let shape = node.outputShape(0)
        if shape.count == 4, node.outputType(0) == .float32,
            node.inputs.allSatisfy({ $0?.type == .tensor(.float32, .fixed(shape)) })
        {
            variants.append(
                Variant(
                    "nhwc", work: work, inputLayouts: node.inputs.map { _ in .nhwc }, outputLayouts: [.nhwc],
                    inPlace: shared))
        }
        return variants
    }

    /// The inputs whose memory the first output can take: those of its own type and shape.
    static func sharing(_ node: NodeView) -> [InPlace] {
        guard let type = node.output(0)?.type, type.byteCount != nil else { return [] }
        return node.inputs.indices.filter { node.inputs[$0]?.type == type }.map { InPlace(output: 0, input: $0) }
    }
}

extension Work {
    /// Nothing to do: a view.
    static let none = Work(.elementwise, flops: 0, bytes: 0, launches: 0)
}

extension Operand {
    /// Elements that the operand's buffer has in its layout, padding included.
    var storedCount: Int {
        guard let type = type.elementType, type.byteWidth > 0 else { return 0 }
        return (layout.byteCount(type, shape) ?? 0) / type.byteWidth
    }
}
