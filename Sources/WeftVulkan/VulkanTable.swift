#if Vulkan
    import WeftProvider

    /// Everything that the provider runs, a row an operator; the rows stand beside their kernels.
    enum VulkanTable {
        static let rows = [
            abs, acos, acosh, add, and, asin, asinh, atan, atanh, averagePool, batchNormalization, cast, ceil, celu,
            clip, concat, conv, convTranspose, cos, cosh, depthToSpace, div, dropout, elu, equal, erf, exp, expand,
            flatten, floor, gather, gatherElements, gelu, gemm, globalAveragePool, globalMaxPool, greater,
            greaterOrEqual, groupNormalization, hardSigmoid, hardSwish, identity, instanceNormalization,
            layerNormalization, leakyRelu, less, lessOrEqual, log, logSoftmax, matMul, max, maxPool, mean, min, mish,
            mul, neg, not, or, pad, pow, prelu, reciprocal, reduceL1, reduceL2, reduceLogSum, reduceLogSumExp,
            reduceMax, reduceMean, reduceMin, reduceProd, reduceSum, reduceSumSquare, relu, reshape, resize,
            rmsNormalization, round, selu, shrink, sigmoid, sign, sin, sinh, slice, softmax, softplus, softsign,
            spaceToDepth, split, sqrt, squeeze, sub, sum, swish, tan, tanh, thresholdedRelu, tile, transpose, trilu,
            unsqueeze, where_, xor, fusedConv, fusedGemm, fusedMatMul,
        ].sorted { ($0.domain, $0.opType) < ($1.domain, $1.opType) }

        /// A row under the conditions that all rows share, with one variant, or one for each tile.
        ///
        /// `inPlace`: inputs whose memory the output may take; only one of the output's shape is offered.
        static func row(
            _ opType: String, domain: String = "", types: TypeConstraint, if condition: Condition = .always,
            work: @escaping @Sendable (NodeView) -> Work, inPlace: [Int] = [],
            tiles: (@Sendable (NodeView) -> TileDemand?)? = nil, _ kernel: VulkanKernel
        ) -> SupportRow {
            SupportRow(
                opType, domain: domain, types: types, if: .fits && condition,
                variants: { node, device in
                    let work = work(node)
                    let found = tiles?(node)?.tiles(device) ?? []
                    if !found.isEmpty { return found.map { Variant($0.name, work: work) } }
                    let same = inPlace.filter { input in
                        node.input(input)?.constant == nil && node.inputShape(input) == node.outputShape(0)
                            && node.inputs.filter { $0?.value == node.input(input)?.value }.count == 1
                    }
                    return [Variant("shader", work: work, inPlace: same.map { .init(output: 0, input: $0) })]
                },
                kernel: kernel)
        }
    }
#endif
