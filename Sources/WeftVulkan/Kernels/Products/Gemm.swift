#if Vulkan
    import WeftProvider
    import WeftProviderKit

    extension VulkanKernel {
        static let gemm = VulkanKernel { (lowering) throws(WeftError) in
            try lowerGemm(lowering, Epilogue())
        }

        static let fusedGemm = VulkanKernel { (lowering) throws(WeftError) in
            try lowerGemm(lowering, try Epilogue(fused: lowering.node))
        }

        private static func lowerGemm(_ lowering: Lowering, _ epilogue: Epilogue) throws(WeftError) {
            let node = lowering.node
            var product = MatrixProduct(gemm: node)
            let (m, n, k) = (product.m, product.n, product.k)
            product.alpha = node.float("alpha", otherwise: 1)
            product.beta = node.float("beta", otherwise: 1)
            product.epilogue = epilogue
            if node.has(input: 2) {
                guard let strides = StridedShape.broadcastStrides(node.inputShape(2), to: [m, n]) else {
                    throw WeftError(.internalInconsistency, "\(node.inputShape(2)) does not broadcast to \([m, n])")
                }
                product.bias = try lowering.input(2)
                product.biasRow = strides[0]
                product.biasColumn = strides[1]
            }
            let b: Resource
            if MatrixProduct.repacks(node) {
                b = try lowering.packed(input: 1, "gemm.transposed") { bytes throws(WeftError) in
                    MatrixProduct.transposed(bytes, rows: n, columns: k)
                }
            } else {
                b = try lowering.input(1)
            }
            try product.lower(lowering, a: try lowering.input(0), b: b)
        }
    }

    extension VulkanTable {
        static let gemm = row(
            "Gemm", types: TypeConstraint([.float32]), if: gemms, work: gemmWork, tiles: gemmDemand, .gemm)

        static let fusedGemm = row(
            FusedNode.opType(of: "Gemm"), domain: FusedNode.domain, types: TypeConstraint([.float32]), if: gemms,
            work: gemmWork, tiles: gemmDemand, .fusedGemm)

        private static let gemmDemand: @Sendable (NodeView) -> TileDemand? = { MatrixProduct(gemm: $0).demand }

        private static let gemms = Condition("rank 2") { node, device in
            guard node.inputShape(0).count == 2, node.outputShape(0).count == 2 else {
                return .rank(node.inputShape(0).count, operand: 0)
            }
            let out = node.outputShape(0)
            if node.has(input: 2), StridedShape.broadcastStrides(node.inputShape(2), to: out) == nil {
                return .rank(node.inputShape(2).count, operand: 2)
            }
            return MatrixProduct.decline(m: out[0], n: out[1], batch: 1, device)
        }

        private static func gemmWork(_ node: NodeView) -> Work {
            var work = Work.elements(of: node, rate: .gemm)
            let k = node.inputShape(0)[node.int("transA", otherwise: 0) != 0 ? 0 : 1]
            work.flops = 2 * Double(node.outputShape(0).elementCount) * Double(k)
            return work
        }
    }
#endif
