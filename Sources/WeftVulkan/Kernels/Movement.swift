#if Vulkan
    import WeftProvider

    /// Element types that are moved as 32-bit words.
    let wordTypes: ElementTypes = [.float32, .int32, .uint32]

    extension Lowering {
        /// Moves the elements of `shape` from one strided view to another; plain copies where both are dense.
        func move(
            _ shape: [Int], from source: Resource, sourceStart: Int = 0, sourceStrides: [Int],
            to target: Resource, targetStart: Int = 0, targetStrides: [Int]
        ) throws(WeftError) {
            let walk = StridedShape(shape, [sourceStrides, targetStrides])
            if walk.count == 0 { return }
            if walk.shape.count == 1, walk.count == 1 || (walk.strides[0] == [1] && walk.strides[1] == [1]) {
                copy(source, from: 4 * sourceStart, to: target, at: 4 * targetStart, byteCount: 4 * walk.count)
                return
            }
            guard walk.shape.count <= StridedShape.maxRank else {
                throw WeftError(
                    .internalInconsistency, "\(shape) does not fold into \(StridedShape.maxRank) dimensions")
            }
            try dispatch(
                "copy_32", [UInt32(walk.shape.count)], [.read(source), .write(target)],
                push: [UInt32].words(walk.count, sourceStart, targetStart) + StridedShape.words(walk.shape)
                    + StridedShape.words(walk.strides[0]) + StridedShape.words(walk.strides[1]),
                elements: walk.count)
        }
    }

    extension Condition {
        /// A declared limit of every movement: what is left after folding has few dimensions.
        static let movable = Condition("rank at most \(StridedShape.maxRank)") { node, _ in
            let rank = max(node.inputShape(0).count, node.outputShape(0).count)
            return rank <= StridedShape.maxRank ? nil : .rank(rank, operand: 0)
        }
    }

    extension VulkanTable {
        /// A row that only moves words.
        static func moving(
            _ opType: String, if condition: Condition = .always, inPlace: [Int] = [],
            operands: [Int: ElementTypes] = [:], _ kernel: VulkanKernel
        ) -> SupportRow {
            row(
                opType, types: TypeConstraint(wordTypes, operands: operands), if: condition,
                work: { .elements(of: $0, flopsPerElement: 0) }, inPlace: inPlace, kernel)
        }
    }
#endif
