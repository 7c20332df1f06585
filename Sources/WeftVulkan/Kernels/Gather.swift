#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        /// Whole slices along one axis; an index out of range is reported when the work is waited for.
        static let gather = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            let shape = node.inputShape(0)
            let axis = try node.axis("axis")
            let picks = node.inputShape(1).elementCount
            let inner = shape.dropFirst(axis + 1).reduce(1, *)
            let count = node.outputShape(0).elementCount
            let words: UInt32 = node.inputType(1) == .int64 ? 2 : 1
            try lowering.dispatch(
                "gather_32", [words],
                [
                    .read(try lowering.input(0)), .read(try lowering.input(1)), .write(try lowering.output()),
                    .write(lowering.status()),
                ],
                push: [UInt32].words(count, shape[axis], picks, inner), elements: count)
        }
    }

    extension VulkanTable {
        static let gather = row(
            "Gather", types: TypeConstraint(wordTypes, operands: [1: [.int32, .int64]]),
            if: .rank(1...16)
                && .check("axis in range") {
                    (try? $0.axis("axis")) == nil ? .attribute("axis", got: "?") : nil
                },
            work: { node in
                // What is read is what is written: the table is not walked.
                let bytes = 2 * Double(node.output(0)?.type.byteCount ?? 0)
                return Work(.elementwise, flops: 0, bytes: bytes)
            }, .gather)
    }
#endif
