#if Vulkan
    import WeftProvider
    import WeftProviderKit

    extension VulkanKernel {
        static let conv = VulkanKernel { (lowering) throws(WeftError) in
            try lowerConvolution(lowering, transposed: false)
        }

        static let convTranspose = VulkanKernel { (lowering) throws(WeftError) in
            try lowerConvolution(lowering, transposed: true)
        }

        static let fusedConv = VulkanKernel { (lowering) throws(WeftError) in
            try lowerConvolution(lowering, transposed: false, try Epilogue(fused: lowering.node))
        }

        private static func lowerConvolution(
            _ lowering: Lowering, transposed: Bool, _ epilogue: Epilogue = Epilogue()
        ) throws(WeftError) {
            guard var convolution = Convolution(lowering.node, transposed: transposed) else {
                throw WeftError(.internalInconsistency, "a convolution that the table does not have")
            }
            convolution.epilogue = epilogue
            try convolution.lower(lowering)
        }
    }

    extension VulkanTable {
        static let conv = row(
            "Conv", types: TypeConstraint([.float32]), if: convolves && .constant(input: 1), work: convolutionWork,
            tiles: { Convolution($0, transposed: false)?.demand }, .conv)

        static let fusedConv = row(
            FusedNode.opType(of: "Conv"), domain: FusedNode.domain, types: TypeConstraint([.float32]),
            if: convolves && .constant(input: 1), work: convolutionWork,
            tiles: { Convolution($0, transposed: false)?.demand }, .fusedConv)

        static let convTranspose = row(
            "ConvTranspose", types: TypeConstraint([.float32]),
            if: convolves && .constant(input: 1) && .attribute("auto_pad", in: ["NOTSET", "VALID"]),
            work: convolutionWork, tiles: { Convolution($0, transposed: true)?.demand }, .convTranspose)

        /// What convolutions of either direction ask of their shapes.
        static let convolves = Condition("rank 3 or 4") { node, device in
            guard (3...4).contains(node.inputShape(0).count) else {
                return .rank(node.inputShape(0).count, operand: 0)
            }
            guard (try? Windows(node)) != nil else { return .other("its window does not fit its rank") }
            let groups = node.int("group", otherwise: 1)
            guard groups > 0, node.inputShape(0)[1] % groups == 0, node.outputShape(0)[1] % groups == 0 else {
                return .attribute("group", got: "\(groups)")
            }
            let limit = device.limit(DeviceLimit.groupCount)
            let rows = node.outputShape(0)[0] * node.outputShape(0)[1]
            return rows <= limit ? nil : .limit(DeviceLimit.groupCount, needs: rows, has: limit)
        }

        /// Two operations a weight and pixel.
        static func convolutionWork(_ node: NodeView) -> Work {
            var work = Work.elements(of: node)
            let groups = node.int("group", otherwise: 1)
            let depthwise = node.inputShape(0).count > 1 && node.inputShape(0)[1] == groups
            let pixels =
                node.opType == "ConvTranspose" ? node.inputShape(0).dropFirst(2) : node.outputShape(0).dropFirst(2)
            let batch = node.inputShape(0).first ?? 1
            work.flops = 2 * Double(node.inputShape(1).elementCount) * Double(batch * pixels.reduce(1, *))
            work.rate = depthwise ? .direct : .gemm
            return work
        }
    }
#endif
