#if Vulkan
    import WeftProvider

    /// Comparisons, and logic on booleans; the values are those of compare.comp.
    enum CompareFunction: UInt32 {
        case equal = 0
        case less, greater, lessOrEqual, greaterOrEqual, and, or, xor
    }

    extension VulkanKernel {
        /// y = a compared with b, with broadcasting.
        static func compare(_ function: CompareFunction) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let node = lowering.node
                try compare(
                    lowering, function, try lowering.input(1),
                    strides: StridedShape.broadcastStrides(node.inputShape(1), to: node.outputShape(0)))
            }
        }

        /// A boolean is false where it equals false.
        static let not = VulkanKernel { (lowering) throws(WeftError) in
            let strides = [Int](repeating: 0, count: lowering.node.outputShape(0).count)
            try compare(lowering, .equal, try lowering.table([UInt32(0)]), strides: strides)
        }

        private static func compare(
            _ lowering: Lowering, _ function: CompareFunction, _ b: Resource, strides: [Int]?
        ) throws(WeftError) {
            let node = lowering.node
            let shape = node.outputShape(0)
            guard let own = StridedShape.broadcastStrides(node.inputShape(0), to: shape), let strides else {
                throw WeftError(.internalInconsistency, "operands do not broadcast to \(shape)")
            }
            let walk = StridedShape(shape, [own, strides])
            let kind: UInt32 =
                switch node.inputType(0) {
                case .float32?: 0
                case .int32?: 1
                default: 2
                }
            try lowering.dispatch(
                "compare", [function.rawValue, kind, UInt32(walk.shape.count)],
                [.read(try lowering.input(0)), .read(b), .write(try lowering.output())],
                push: [UInt32(walk.count)] + StridedShape.words(walk.shape) + StridedShape.words(walk.strides[0])
                    + StridedShape.words(walk.strides[1]),
                elements: ceilDivide(walk.count, 4))
        }
    }

    extension VulkanTable {
        private static func compare(
            _ opType: String, _ function: CompareFunction, _ types: ElementTypes = [.float32, .int32]
        ) -> SupportRow {
            row(
                opType, types: TypeConstraint(types), if: .broadcasts, work: { .elements(of: $0) }, .compare(function))
        }

        static let and = compare("And", .and, [.bool])
        static let equal = compare("Equal", .equal, [.float32, .int32, .bool])
        static let greater = compare("Greater", .greater)
        static let greaterOrEqual = compare("GreaterOrEqual", .greaterOrEqual)
        static let less = compare("Less", .less)
        static let lessOrEqual = compare("LessOrEqual", .lessOrEqual)
        static let not = row("Not", types: TypeConstraint([.bool]), work: { .elements(of: $0) }, .not)
        static let or = compare("Or", .or, [.bool])
        static let xor = compare("Xor", .xor, [.bool])
    }
#endif
