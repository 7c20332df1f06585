#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        static let select = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            let shape = node.outputShape(0)
            let strides = try (0..<3).map { index throws(WeftError) -> [Int] in
                guard let strides = StridedShape.broadcastStrides(node.inputShape(index), to: shape) else {
                    throw WeftError(.internalInconsistency, "operand \(index) does not broadcast to \(shape)")
                }
                return strides
            }
            let walk = StridedShape(shape, strides)
            try lowering.dispatch(
                "where_32", [UInt32(walk.shape.count)],
                [
                    .read(try lowering.input(0)), .read(try lowering.input(1)), .read(try lowering.input(2)),
                    .write(try lowering.output()),
                ],
                push: [UInt32(walk.count)] + StridedShape.words(walk.shape)
                    + walk.strides.flatMap { StridedShape.words($0) },
                elements: walk.count)
        }
    }

    extension VulkanTable {
        static let where_ = moving("Where", if: .broadcasts, operands: [0: [.bool]], .select)
    }
#endif
