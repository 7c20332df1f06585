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

        /// Between float32 and int32, and from int64 and booleans to float32.
        static let cast = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            guard let mode = VulkanTable.castMode(node) else {
                throw WeftError(.internalInconsistency, "a Cast that the table does not have")
            }
            let count = node.outputShape(0).elementCount
            try lowering.dispatch(
                "cast", [mode], [.read(try lowering.input(0)), .write(try lowering.output())], push: [UInt32(count)],
                elements: count)
        }
    }

    extension VulkanTable {
        static let where_ = moving("Where", if: .broadcasts, operands: [0: [.bool]], .select)

        static let cast = row(
            "Cast", types: TypeConstraint([.float32, .int32, .int64, .bool]),
            if: .check("float32 to int32; int32, int64 or bool to float32") { node in
                castMode(node) == nil ? .attribute("to", got: node.outputType(0).map { "\($0)" } ?? "?") : nil
            },
            work: { .elements(of: $0) }, .cast)

        /// cast.comp's MODE; nil for a pair of types that it does not have.
        static func castMode(_ node: NodeView) -> UInt32? {
            switch (node.inputType(0), node.outputType(0)) {
            case (.float32, .int32): 0
            case (.int32, .float32): 1
            case (.bool, .float32): 2
            case (.int64, .float32): 3
            default: nil
            }
        }
    }
#endif
