#if OpenBLAS
    import WeftProvider
    import WeftProviderKit

    /// What the provider runs: one row an operator, sorted by domain and operator; kernels lie beside their shapes.
    enum OpenBLASTable {
        static let rows = [conv, convTranspose, gemm, matMul, fusedConv, fusedGemm, fusedMatMul]

        static let conv = SupportRow(
            "Conv", types: single, if: .rank(3...5) && fits && convolves, variants: convolutionVariants,
            kernel: ConvKernel.kernel)
        static let convTranspose = SupportRow(
            "ConvTranspose", types: single, if: .rank(3...5) && fits && convolves, variants: transposedVariants,
            kernel: ConvTransposeKernel.kernel)
        static let gemm = SupportRow(
            "Gemm", types: TypeConstraint(.float), if: .rank(2...2) && fits, variants: productVariants,
            kernel: GemmKernel.kernel)
        static let matMul = SupportRow(
            "MatMul", types: TypeConstraint(.float), if: ranked && fits, variants: productVariants,
            kernel: MatMulKernel.kernel)

        static let fusedConv = SupportRow(
            FusedNode.opType(of: "Conv"), domain: FusedNode.domain, types: single,
            if: .rank(3...5) && fits && convolves && epilogue,
            variants: convolutionVariants, kernel: ConvKernel.kernel)
        static let fusedGemm = SupportRow(
            FusedNode.opType(of: "Gemm"), domain: FusedNode.domain, types: single, if: .rank(2...2) && fits && epilogue,
            variants: productVariants, kernel: GemmKernel.fused)
        static let fusedMatMul = SupportRow(
            FusedNode.opType(of: "MatMul"), domain: FusedNode.domain, types: single, if: ranked && fits && epilogue,
            variants: productVariants, kernel: MatMulKernel.fused)

        private static let single = TypeConstraint([.float32])
        private static let ranked = Condition.rank(1...64) && .rank(1...64, input: 1)
    }
#endif
