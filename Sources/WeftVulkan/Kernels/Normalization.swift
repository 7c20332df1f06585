#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        /// LayerNormalization, or RMSNormalization where not `centered`: the dimensions from `axis` on are a row.
        static func layerNormalization(centered: Bool) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let shape = lowering.node.inputShape(0)
                let length = shape.dropFirst(try lowering.node.axis("axis")).reduce(1, *)
                try normalize(
                    lowering, rows: shape.elementCount / length, length: length, perChannel: false, centered: centered)
            }
        }

        /// `groups` rows for each of the batch, or one for each channel.
        static func channelNormalization(grouped: Bool) -> VulkanKernel {
            VulkanKernel { (lowering) throws(WeftError) in
                let shape = lowering.node.inputShape(0)
                let groups = grouped ? lowering.node.int("num_groups", otherwise: 1) : shape[1]
                try normalize(
                    lowering, rows: shape[0] * groups, length: shape.elementCount / (shape[0] * groups),
                    perChannel: true, channels: groups, groupSize: shape[1] / groups,
                    plane: shape.dropFirst(2).reduce(1, *))
            }
        }

        private static func normalize(
            _ lowering: Lowering, rows: Int, length: Int, perChannel: Bool, centered: Bool = true, channels: Int = 1,
            groupSize: Int = 1, plane: Int = 1
        ) throws(WeftError) {
            let x = try lowering.input(0)
            let hasBias = lowering.node.has(input: 2)
            try lowering.dispatch(
                "normalize_f32", [perChannel ? 1 : 0, centered ? 1 : 0, hasBias ? 1 : 0],
                [
                    .read(x), .read(try lowering.input(1)), .read(hasBias ? try lowering.input(2) : x),
                    .write(try lowering.output()),
                ],
                push: [UInt32].words(rows, length, channels, groupSize, plane)
                    + [lowering.node.float("epsilon", otherwise: 1e-5).word],
                rows: rows)
        }

        /// x factor + shift with the statistics folded into one pair a channel.
        static let batchNormalization = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            guard let scale = node.constantFloats(1), let bias = node.constantFloats(2),
                let mean = node.constantFloats(3), let variance = node.constantFloats(4)
            else {
                throw WeftError(.internalInconsistency, "a BatchNormalization whose statistics are not constant")
            }
            let epsilon = node.float("epsilon", otherwise: 1e-5)
            let pairs = scale.indices.flatMap { channel -> [Float] in
                let factor = scale[channel] / (variance[channel] + epsilon).squareRoot()
                return [factor, bias[channel] - mean[channel] * factor]
            }
            let shape = node.inputShape(0)
            try lowering.dispatch(
                "affine_f32", [],
                [.read(try lowering.input(0)), .read(try lowering.table(pairs)), .write(try lowering.output())],
                push: [UInt32].words(shape.elementCount, scale.count, shape.dropFirst(2).reduce(1, *)),
                elements: shape.elementCount)
        }
    }

    extension VulkanTable {
        private static func work(_ node: NodeView) -> Work { .elements(of: node, flopsPerElement: 8) }

        private static let lastAxes =
            Condition.oneOutput
            && .check("scale and bias of the normalised shape") { node in
                guard let axis = try? node.axis("axis") else { return .attribute("axis", got: "?") }
                let row = Array(node.inputShape(0).dropFirst(axis))
                for index in 1...2 where node.has(input: index) && node.inputShape(index) != row {
                    return .rank(node.inputShape(index).count, operand: index)
                }
                return nil
            }

        private static let channelVectors =
            Condition.rank(2...8)
            && .check("one scale and bias a channel") { node in
                let channels = node.inputShape(0)[1]
                for index in 1..<node.inputs.count where node.inputShape(index) != [channels] {
                    return .rank(node.inputShape(index).count, operand: index)
                }
                return nil
            }

        static let batchNormalization = row(
            "BatchNormalization", types: TypeConstraint([.float32]),
            if: .oneOutput && .attribute("training_mode", is: 0) && channelVectors && .constant(input: 1)
                && .constant(input: 2) && .constant(input: 3) && .constant(input: 4),
            work: { .elements(of: $0, flopsPerElement: 2) }, inPlace: [0], .batchNormalization)

        static let groupNormalization = row(
            "GroupNormalization", types: TypeConstraint([.float32]),
            if: channelVectors
                && .check("groups that divide the channels") { node in
                    let groups = node.int("num_groups", otherwise: 0)
                    return groups > 0 && node.inputShape(0)[1] % groups == 0
                        ? nil : .attribute("num_groups", got: "\(groups)")
                },
            work: work, .channelNormalization(grouped: true))

        static let instanceNormalization = row(
            "InstanceNormalization", types: TypeConstraint([.float32]), if: channelVectors, work: work,
            .channelNormalization(grouped: false))

        static let layerNormalization = row(
            "LayerNormalization", types: TypeConstraint([.float32]), if: lastAxes, work: work,
            .layerNormalization(centered: true))

        static let rmsNormalization = row(
            "RMSNormalization", types: TypeConstraint([.float32]), if: lastAxes, work: work,
            .layerNormalization(centered: false))
    }
#endif
