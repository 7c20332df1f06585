#if Vulkan
    import WeftProvider

    /// A conversion that cast.comp has; the values are its MODE.
    enum CastMode: UInt32 {
        case floatToInt = 0
        case intToFloat, boolToFloat, longToFloat, intToLong, boolToInt, toBool, boolToLong

        /// Nil for a pair of types that shaders do not have.
        init?(_ node: NodeView) {
            switch (node.inputType(0), node.outputType(0)) {
            case (.float32, .int32): self = .floatToInt
            case (.int32, .float32): self = .intToFloat
            case (.bool, .float32): self = .boolToFloat
            case (.int64, .float32): self = .longToFloat
            case (.int32, .int64): self = .intToLong
            case (.bool, .int32): self = .boolToInt
            case (.float32, .bool), (.int32, .bool): self = .toBool
            case (.bool, .int64): self = .boolToLong
            default: return nil
            }
        }
    }

    extension VulkanKernel {
        static let cast = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            guard let mode = CastMode(node) else {
                throw WeftError(.internalInconsistency, "a Cast that the table does not have")
            }
            let count = node.outputShape(0).elementCount
            try lowering.dispatch(
                "cast", [mode.rawValue, node.inputType(0) == .int32 ? 1 : 0],
                [.read(try lowering.input(0)), .write(try lowering.output())], push: [UInt32(count)],
                elements: mode == .toBool ? ceilDivide(count, 4) : count)
        }
    }

    extension VulkanTable {
        static let cast = row(
            "Cast", types: TypeConstraint([.float32, .int32, .int64, .bool]),
            if: .check("between float32, int32 and bool; int64 to float32; int32 or bool to int64") { node in
                CastMode(node) == nil ? .attribute("to", got: node.outputType(0).map { "\($0)" } ?? "?") : nil
            },
            work: { .elements(of: $0) }, .cast)
    }
#endif
