#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        /// y = f(x) for every function of unary.comp.
        static let unary = VulkanKernel { (lowering) throws(WeftError) in
            guard let function = ElementFunction(lowering.node) else {
                throw WeftError(.internalInconsistency, "\(lowering.node.opType) is no function of one number")
            }
            let count = lowering.node.outputShape(0).elementCount
            try lowering.dispatch(
                "unary_f32", [function.function.rawValue],
                [.read(try lowering.input(0)), .write(try lowering.output())],
                push: [UInt32(count), function.a.word, function.b.word], elements: count)
        }
    }

    extension VulkanTable {
        /// A row for an operator that unary.comp knows.
        static func unary(_ opType: String, flops: Double = 1, _ rate: RateKey = .elementwise) -> SupportRow {
            row(
                opType, types: TypeConstraint([.float32]),
                if: .check("constant bounds") {
                    ElementFunction($0) == nil ? .other("its bounds are not constant") : nil
                },
                work: { .elements(of: $0, flopsPerElement: flops, rate: rate) }, inPlace: [0], .unary)
        }

        static let abs = unary("Abs")
        static let acos = unary("Acos", flops: 20, .transcendental)
        static let acosh = unary("Acosh", flops: 24, .transcendental)
        static let asin = unary("Asin", flops: 20, .transcendental)
        static let asinh = unary("Asinh", flops: 24, .transcendental)
        static let atan = unary("Atan", flops: 20, .transcendental)
        static let atanh = unary("Atanh", flops: 20, .transcendental)
        static let ceil = unary("Ceil")
        static let celu = unary("Celu", flops: 16, .transcendental)
        static let clip = unary("Clip")
        static let cos = unary("Cos", flops: 24, .transcendental)
        static let cosh = unary("Cosh", flops: 18, .transcendental)
        static let elu = unary("Elu", flops: 16, .transcendental)
        static let erf = unary("Erf", flops: 24, .transcendental)
        static let exp = unary("Exp", flops: 16, .transcendental)
        static let floor = unary("Floor")
        static let gelu = unary("Gelu", flops: 30, .transcendental)
        static let hardSigmoid = unary("HardSigmoid", flops: 4)
        static let hardSwish = unary("HardSwish", flops: 5)
        static let leakyRelu = unary("LeakyRelu", flops: 2)
        static let log = unary("Log", flops: 16, .transcendental)
        static let mish = unary("Mish", flops: 60, .transcendental)
        static let neg = unary("Neg")
        static let reciprocal = unary("Reciprocal", flops: 4)
        static let relu = unary("Relu")
        static let round = unary("Round")
        static let selu = unary("Selu", flops: 16, .transcendental)
        static let sigmoid = unary("Sigmoid", flops: 18, .transcendental)
        static let sign = unary("Sign")
        static let shrink = unary("Shrink", flops: 2)
        static let sin = unary("Sin", flops: 24, .transcendental)
        static let sinh = unary("Sinh", flops: 18, .transcendental)
        static let softplus = unary("Softplus", flops: 30, .transcendental)
        static let softsign = unary("Softsign", flops: 6)
        static let sqrt = unary("Sqrt", flops: 4)
        static let swish = unary("Swish", flops: 20, .transcendental)
        static let tan = unary("Tan", flops: 48, .transcendental)
        static let tanh = unary("Tanh", flops: 24, .transcendental)
        static let thresholdedRelu = unary("ThresholdedRelu")
    }
#endif
