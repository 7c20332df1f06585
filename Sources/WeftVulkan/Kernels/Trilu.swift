#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        /// The upper or lower triangle of each matrix.
        static let trilu = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            let shape = node.inputShape(0)
            let k = node.has(input: 1) ? node.knownInts(1)?.first ?? 0 : 0
            let limit = 1 << 30
            try lowering.dispatch(
                "triangle_32", [node.int("upper", otherwise: 1) != 0 ? 1 : 0],
                [.read(try lowering.input(0)), .write(try lowering.output())],
                push: [UInt32].words(
                    shape.elementCount, shape[shape.count - 2], shape[shape.count - 1], max(-limit, min(k, limit))),
                elements: shape.elementCount)
        }
    }

    extension VulkanTable {
        static let trilu = moving("Trilu", if: .rank(2...16) && .constant(input: 1), operands: [1: [.int64]], .trilu)
    }
#endif
