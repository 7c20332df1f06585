#if Vulkan
    import WeftProvider

    /// Everything that the provider runs, a row an operator; the rows stand beside their kernels.
    enum VulkanTable {
        static let rows = [
            abs, add, averagePool, batchNormalization, cast, ceil, celu, clip, concat, conv, convTranspose, cos,
            depthToSpace, div, dropout, elu, erf, exp, expand, flatten, floor, gather, gelu, gemm,
            globalAveragePool, globalMaxPool, groupNormalization, hardSigmoid, hardSwish, identity,
            instanceNormalization, layerNormalization, leakyRelu, log, logSoftmax, matMul, max, maxPool, min, mish,
            mul, neg, pad, pow, prelu, reciprocal, reduceL1, reduceL2, reduceLogSum, reduceMax, reduceMean,
            reduceMin, reduceProd, reduceSum, reduceSumSquare, relu, reshape, resize, rmsNormalization, round, selu,
            sigmoid, sign, sin, slice, softmax, softplus, softsign, spaceToDepth, split, sqrt, squeeze, sub, swish,
            tanh, thresholdedRelu, tile, transpose, unsqueeze, where_, fusedConv, fusedGemm, fusedMatMul,
        ].sorted { ($0.domain, $0.opType) < ($1.domain, $1.opType) }

        /// The row that runs a node.
        static func row(for node: NodeView, on device: DeviceDescription) -> SupportRow? {
            rows.first { row in
                guard row.opType == node.opType, row.domain == node.domain else { return false }
                if case .variants = row.support(node, on: device) { return true }
                return false
            }
        }

        /// A row under the conditions that all rows share, with one variant, or one for each tile.
        ///
        /// `inPlace`: inputs whose memory the output may take; only one of the output's shape is offered.
        static func row(
            _ opType: String, domain: String = "", types: TypeConstraint, if condition: Condition = .always,
            work: @escaping @Sendable (NodeView) -> Work, inPlace: [Int] = [],
            tiles: (@Sendable (NodeView, DeviceDescription) -> [Tile])? = nil, _ kernel: VulkanKernel
        ) -> SupportRow {
            SupportRow(
                opType, domain: domain, types: types, if: .fits && condition,
                variants: { node, device in
                    let work = work(node)
                    let found = tiles?(node, device) ?? []
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
