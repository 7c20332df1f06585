#if Vulkan
    import WeftProvider

    /// Functions of two numbers; the values are those of binary.comp.
    enum BinaryFunction: UInt32 {
        case add = 0
        case subtract, multiply, divide, power, minimum, maximum, prelu
    }

    extension VulkanKernel {
        /// y = f(a, b) with broadcasting.
        static func binary(_ function: BinaryFunction) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let node = lowering.node
                let shape = node.outputShape(0)
                guard let a = StridedShape.broadcastStrides(node.inputShape(0), to: shape),
                    let b = StridedShape.broadcastStrides(node.inputShape(1), to: shape)
                else {
                    throw WeftError(.internalInconsistency, "operands do not broadcast to \(shape)")
                }
                let walk = StridedShape(shape, [a, b])
                // One folded dimension is walked without division.
                let rank = walk.shape.count == 1 ? 0 : walk.shape.count
                try lowering.dispatch(
                    "binary_f32", [function.rawValue, UInt32(rank)],
                    [.read(try lowering.input(0)), .read(try lowering.input(1)), .write(try lowering.output())],
                    push: [UInt32(walk.count)] + StridedShape.words(walk.shape) + StridedShape.words(walk.strides[0])
                        + StridedShape.words(walk.strides[1]),
                    elements: walk.count)
            }
        }
    }

    extension VulkanTable {
        static func binary(
            _ opType: String, _ function: BinaryFunction, flops: Double = 1, _ rate: RateKey = .elementwise,
            if condition: Condition = .always
        ) -> SupportRow {
            row(
                opType, types: TypeConstraint([.float32]), if: condition && .broadcasts,
                work: { .elements(of: $0, flopsPerElement: flops, rate: rate) }, inPlace: [0, 1], .binary(function))
        }

        private static let twoInputs = Condition.check("two inputs") {
            $0.inputs.count == 2 ? nil : .other("it takes two inputs, not \($0.inputs.count)")
        }

        static let add = binary("Add", .add)
        static let div = binary("Div", .divide, flops: 4)
        static let max = binary("Max", .maximum, if: twoInputs)
        static let min = binary("Min", .minimum, if: twoInputs)
        static let mul = binary("Mul", .multiply)
        static let pow = binary("Pow", .power, flops: 40, .transcendental)
        static let prelu = binary("PRelu", .prelu, flops: 2)
        static let sub = binary("Sub", .subtract)
    }
#endif
