#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        /// Each input into its range of the output along `axis`.
        static let concat = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            let axis = try node.axis("axis")
            let strides = node.outputShape(0).rowMajorStrides
            var start = 0
            for index in node.inputs.indices where node.has(input: index) {
                let shape = node.inputShape(index)
                try lowering.move(
                    shape, from: try lowering.input(index), sourceStrides: shape.rowMajorStrides,
                    to: try lowering.output(), targetStart: start * strides[axis], targetStrides: strides)
                start += shape[axis]
            }
        }

        /// Each output from its range of the input along `axis`.
        static let split = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            let axis = try node.axis("axis")
            let strides = node.inputShape(0).rowMajorStrides
            var start = 0
            for index in node.outputs.indices where node.has(output: index) {
                let shape = node.outputShape(index)
                try lowering.move(
                    shape, from: try lowering.input(0), sourceStart: start * strides[axis], sourceStrides: strides,
                    to: try lowering.output(index), targetStrides: shape.rowMajorStrides)
                start += shape[axis]
            }
        }
    }

    extension VulkanTable {
        static let concat = moving(
            "Concat",
            if: .movable
                && .check("axis in range") { (try? $0.axis("axis")) == nil ? .attribute("axis", got: "?") : nil },
            .concat)
        static let split = moving(
            "Split",
            if: .movable
                && .check("all outputs") { node in
                    (0..<node.outputs.count).allSatisfy { node.has(output: $0) }
                        ? nil : .other("an output is left out, so its share is not known")
                }, operands: [1: [.int64]], .split)
    }
#endif
