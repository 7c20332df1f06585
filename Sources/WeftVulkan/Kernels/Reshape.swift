#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        /// The input's bytes, unchanged: nothing where the output took the input's memory.
        static let sameBytes = VulkanKernel { (lowering) throws(WeftError) in
            lowering.copy(
                try lowering.input(0), to: try lowering.output(),
                byteCount: 4 * lowering.node.outputShape(0).elementCount)
        }
    }

    extension VulkanTable {
        /// A row for an operator that gives its first input's bytes another shape.
        private static func view(_ opType: String, if condition: Condition = .always) -> SupportRow {
            SupportRow(
                opType, types: TypeConstraint(wordTypes, operands: [1: [.int64, .int32, .float32], 2: [.bool]]),
                if: .fits && condition,
                variants: { node, _ in
                    // Bytes that lie there already are not moved; a constant's are copied.
                    if node.input(0)?.constant == nil {
                        return [Variant("view", work: Work(.elementwise, flops: 0, bytes: 0, launches: 0), view: 0)]
                    }
                    return [Variant("copy", work: .elements(of: node, flopsPerElement: 0))]
                },
                kernel: VulkanKernel.sameBytes)
        }

        static let dropout = view(
            "Dropout",
            if: .oneOutput
                && .check("inference") { node in
                    guard node.has(input: 2) else { return nil }
                    return node.knownInts(2) == [0] ? nil : .runtimeOperand(2)
                })
        static let flatten = view("Flatten")
        static let identity = view("Identity")
        static let reshape = view("Reshape")
        static let squeeze = view("Squeeze")
        static let unsqueeze = view("Unsqueeze")
    }
#endif
