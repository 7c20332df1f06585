#if Vulkan
    import WeftProvider

    /// How a fused node carries what its members did: attributes of this provider's own domain.
    enum FusedNode {
        static let domain = "weft.vulkan"
        static let residual = "residual"

        /// The attributes of an activation under a name.
        static func attributes(_ name: String, _ activation: Activation) -> [String: Attribute] {
            [
                name: .int(Int64(activation.function.rawValue)), name + "_a": .float(activation.a),
                name + "_b": .float(activation.b),
            ]
        }

        static func activation(_ node: NodeView, _ name: String) -> Activation {
            let number = UInt32(clamping: node.int(name, otherwise: 0))
            return Activation(
                function: UnaryFunction(rawValue: number) ?? .identity, a: node.float(name + "_a", otherwise: 0),
                b: node.float(name + "_b", otherwise: 0))
        }
    }

    extension VulkanKernel {
        static let fusedConv = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            var convolution = try Convolution(lowering, transposed: false)
            convolution.activation = FusedNode.activation(node, "activation")
            convolution.post = FusedNode.activation(node, "post")
            let residual = node.int(FusedNode.residual, otherwise: -1)
            convolution.residual = residual < 0 ? nil : residual
            try convolution.lower(lowering)
        }

        static let fusedMatMul = VulkanKernel { (lowering) throws(WeftError) in
            try lowerMatMul(
                lowering, bias: lowering.node.has(input: 2) ? 2 : nil,
                activation: FusedNode.activation(lowering.node, "activation"))
        }

        static let fusedGemm = VulkanKernel { (lowering) throws(WeftError) in
            try lowerGemm(lowering, activation: FusedNode.activation(lowering.node, "activation"))
        }
    }

    extension VulkanTable {
        static let fusedConv = row(
            "Conv", domain: FusedNode.domain, types: TypeConstraint([.float32]), if: convolves && .constant(input: 1),
            work: convolutionWork, tiles: { Convolution($0, transposed: false)?.candidates($1) ?? [] }, .fusedConv)
        static let fusedMatMul = row(
            "MatMul", domain: FusedNode.domain, types: TypeConstraint([.float32]), if: multiplies, work: matMulWork,
            tiles: matMulTiles, .fusedMatMul)
        static let fusedGemm = row(
            "Gemm", domain: FusedNode.domain, types: TypeConstraint([.float32]), if: gemms, work: gemmWork,
            tiles: gemmTiles, .fusedGemm)
    }
#endif
