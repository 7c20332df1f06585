#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        static func softmax(logarithm: Bool) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let shape = lowering.node.inputShape(0)
                let axis = try lowering.node.axis("axis")
                let length = shape.isEmpty ? 1 : shape[axis]
                let inner = shape.dropFirst(axis + 1).reduce(1, *)
                let rows = shape.elementCount / length
                let bindings: [Binding] = [.read(try lowering.input(0)), .write(try lowering.output())]
                let push = [UInt32].words(rows, length, inner)
                if inner == 1 {
                    try lowering.dispatch("softmax_f32_row", [logarithm ? 1 : 0], bindings, push: push, rows: rows)
                } else {
                    try lowering.dispatch("softmax_f32", [logarithm ? 1 : 0], bindings, push: push, elements: rows)
                }
            }
        }
    }

    extension VulkanTable {
        private static func softmax(_ opType: String, logarithm: Bool) -> SupportRow {
            row(
                opType, types: TypeConstraint([.float32]),
                if: .check("axis in range") { (try? $0.axis("axis")) == nil ? .attribute("axis", got: "?") : nil },
                work: { .elements(of: $0, flopsPerElement: 40, rate: .transcendental) }, .softmax(logarithm: logarithm))
        }

        static let logSoftmax = softmax("LogSoftmax", logarithm: true)
        static let softmax = softmax("Softmax", logarithm: false)
    }
#endif
