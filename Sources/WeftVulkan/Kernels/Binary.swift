#if Vulkan
    import WeftProvider

    /// Functions of two numbers; the values are those of binary.glsl.
    enum BinaryFunction: UInt32 {
        case add = 0
        case subtract, multiply, divide, power, minimum, maximum, prelu
    }

    extension VulkanKernel {
        /// y = f(a, b) with broadcasting.
        static func binary(_ function: BinaryFunction) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let node = lowering.node
                try lowering.combine(
                    function, (try lowering.input(0), node.inputShape(0)), (try lowering.input(1), node.inputShape(1)),
                    to: try lowering.output())
            }
        }

        /// f of any number of inputs, one after the other; divided by their number for a `mean`.
        static func variadic(_ function: BinaryFunction, mean: Bool = false) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let node = lowering.node
                let y = try lowering.output()
                let shape = node.outputShape(0)
                if node.inputs.count == 1 {
                    lowering.copy(try lowering.input(0), to: y, byteCount: 4 * shape.elementCount)
                    return
                }
                var left = (try lowering.input(0), node.inputShape(0))
                for index in 1..<node.inputs.count {
                    try lowering.combine(
                        function, left, (try lowering.input(index), node.inputShape(index)), to: y)
                    left = (y, shape)
                }
                if mean {
                    try lowering.combine(.divide, left, (try lowering.table([Float(node.inputs.count)]), []), to: y)
                }
            }
        }
    }

    extension Lowering {
        /// f(a, b) for every element of the output, which has the node's shape.
        func combine(
            _ function: BinaryFunction, _ a: (Resource, shape: [Int]), _ b: (Resource, shape: [Int]),
            to y: Resource
        ) throws(WeftError) {
            let shape = node.outputShape(0)
            guard let aStrides = StridedShape.broadcastStrides(a.shape, to: shape),
                let bStrides = StridedShape.broadcastStrides(b.shape, to: shape)
            else {
                throw WeftError(.internalInconsistency, "operands do not broadcast to \(shape)")
            }
            let walk = StridedShape(shape, [aStrides, bStrides])
            let bindings: [Binding] = [.read(a.0), .read(b.0), .write(y)]
            if let rows = walk.quads {
                let quads = rows.enumerated().map { operand, isRow in
                    Array(walk.strides[operand].dropLast()) + [isRow ? 4 : 0]
                }
                let counts = Array(walk.shape.dropLast()) + [walk.shape[walk.shape.count - 1] / 4]
                try dispatch(
                    "binary_f32_quads",
                    [function.rawValue, UInt32(counts.count), rows[0] ? 1 : 0, rows[1] ? 1 : 0], bindings,
                    push: [UInt32(walk.count / 4)] + StridedShape.words(counts) + StridedShape.words(quads[0])
                        + StridedShape.words(quads[1]),
                    elements: walk.count / 4)
                return
            }
            // One folded dimension is walked without division.
            let rank = walk.shape.count == 1 ? 0 : walk.shape.count
            try dispatch(
                "binary_f32", [function.rawValue, UInt32(rank)], bindings,
                push: [UInt32(walk.count)] + StridedShape.words(walk.shape) + StridedShape.words(walk.strides[0])
                    + StridedShape.words(walk.strides[1]),
                elements: walk.count)
        }
    }

    extension StridedShape {
        /// For a shape whose rows can be read four elements at a time: whether each operand has a row of its own
        /// there, or one element for all of it. Nil where rows or their beginnings do not divide by four.
        var quads: [Bool]? {
            guard let last = shape.last, last % 4 == 0 else { return nil }
            var rows: [Bool] = []
            for operand in strides {
                switch operand.last {
                case 0?: rows.append(false)
                case 1?:
                    guard operand.dropLast().allSatisfy({ $0 % 4 == 0 }) else { return nil }
                    rows.append(true)
                default: return nil
                }
            }
            return rows
        }
    }

    extension VulkanTable {
        static func binary(
            _ opType: String, _ function: BinaryFunction, flops: Double = 1, _ rate: RateKey = .elementwise
        ) -> SupportRow {
            row(
                opType, types: TypeConstraint([.float32]), if: .broadcasts,
                work: { .elements(of: $0, flopsPerElement: flops, rate: rate) }, inPlace: [0, 1], .binary(function))
        }

        static func variadic(_ opType: String, _ function: BinaryFunction, mean: Bool = false) -> SupportRow {
            row(
                opType, types: TypeConstraint([.float32]), if: .broadcasts,
                work: { node in
                    var work = Work.elements(of: node, flopsPerElement: Double(node.inputs.count))
                    work.launches = Swift.max(1, node.inputs.count - 1)
                    return work
                }, .variadic(function, mean: mean))
        }

        static let add = binary("Add", .add)
        static let div = binary("Div", .divide, flops: 4)
        static let max = variadic("Max", .maximum)
        static let mean = variadic("Mean", .add, mean: true)
        static let min = variadic("Min", .minimum)
        static let mul = binary("Mul", .multiply)
        static let pow = binary("Pow", .power, flops: 40, .transcendental)
        static let prelu = binary("PRelu", .prelu, flops: 2)
        static let sub = binary("Sub", .subtract)
        static let sum = variadic("Sum", .add)
    }
#endif
