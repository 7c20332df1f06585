#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        /// An index for every element, along one axis; one out of range is reported when the work is waited for.
        static let gatherElements = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            let axis = try node.axis("axis")
            let own = node.inputShape(0).rowMajorStrides
            var strides = own
            strides[axis] = 0
            let shape = node.outputShape(0)
            let count = shape.elementCount
            let words: UInt32 = node.inputType(1) == .int64 ? 2 : 1
            try lowering.dispatch(
                "gather_elements_32", [words, UInt32(shape.count)],
                [
                    .read(try lowering.input(0)), .read(try lowering.input(1)), .write(try lowering.output()),
                    .write(lowering.status()),
                ],
                push: [UInt32].words(count, node.inputShape(0)[axis], own[axis]) + StridedShape.words(shape)
                    + StridedShape.words(strides),
                elements: count)
        }
    }

    extension VulkanTable {
        static let gatherElements = row(
            "GatherElements", types: TypeConstraint(wordTypes, operands: [1: [.int32, .int64]]),
            if: .rank(1...6)
                && .check("axis in range") {
                    (try? $0.axis("axis")) == nil ? .attribute("axis", got: "?") : nil
                },
            work: { node in
                // What is read is what is picked, not all there is to pick from.
                let bytes = 2 * Double(node.output(0)?.type.byteCount ?? 0)
                return Work(.elementwise, flops: 0, bytes: bytes)
            }, .gatherElements)
    }
#endif
