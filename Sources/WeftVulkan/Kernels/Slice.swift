#if Vulkan
    import WeftProvider

    /// Where a Slice begins and how it steps, for each axis of the input.
    struct SliceRange {
        var starts: [Int]
        var steps: [Int]

        /// Nil where starts, axes or steps are not known when the node is compiled.
        init?(_ node: NodeView) {
            let shape = node.inputShape(0)
            guard let given = node.knownInts(1) else { return nil }
            starts = [Int](repeating: 0, count: shape.count)
            steps = [Int](repeating: 1, count: shape.count)
            var axes = Array(0..<shape.count)
            if node.has(input: 3) {
                guard let known = node.knownInts(3) else { return nil }
                axes = known
            }
            var strides = [Int](repeating: 1, count: given.count)
            if node.has(input: 4) {
                guard let known = node.knownInts(4) else { return nil }
                strides = known
            }
            guard axes.count >= given.count, strides.count >= given.count else { return nil }
            for (index, start) in given.enumerated() {
                let axis = axes[index] < 0 ? axes[index] + shape.count : axes[index]
                guard shape.indices.contains(axis), strides[index] != 0 else { return nil }
                let size = shape[axis]
                let from = start < 0 ? start.addingReportingOverflow(size).partialValue : start
                steps[axis] = strides[index]
                starts[axis] = strides[index] < 0 ? max(0, min(from, size - 1)) : max(0, min(from, size))
            }
        }
    }

    extension VulkanKernel {
        static let slice = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            guard let range = SliceRange(node) else {
                throw WeftError(.internalInconsistency, "a Slice whose range is not known")
            }
            let own = node.inputShape(0).rowMajorStrides
            let shape = node.outputShape(0)
            // A step over one element is never taken, and may be too large to multiply.
            let strides = shape.indices.map { shape[$0] == 1 ? 0 : own[$0] * range.steps[$0] }
            try lowering.move(
                shape, from: try lowering.input(0), sourceStart: zip(own, range.starts).reduce(0) { $0 + $1.0 * $1.1 },
                sourceStrides: strides, to: try lowering.output(), targetStrides: shape.rowMajorStrides)
        }

        static let transpose = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            let own = node.inputShape(0).rowMajorStrides
            let order = VulkanTable.permutation(node)
            let shape = node.outputShape(0)
            try lowering.move(
                shape, from: try lowering.input(0), sourceStrides: order.map { own[$0] }, to: try lowering.output(),
                targetStrides: shape.rowMajorStrides)
        }

        static let expand = VulkanKernel { (lowering) throws(WeftError) in
            let node = lowering.node
            let shape = node.outputShape(0)
            guard let strides = StridedShape.broadcastStrides(node.inputShape(0), to: shape) else {
                throw WeftError(.internalInconsistency, "\(node.inputShape(0)) does not expand to \(shape)")
            }
            try lowering.move(
                shape, from: try lowering.input(0), sourceStrides: strides, to: try lowering.output(),
                targetStrides: shape.rowMajorStrides)
        }
    }

    extension VulkanTable {
        static let slice = moving(
            "Slice",
            if: .movable && .check("known range") { SliceRange($0) == nil ? .runtimeOperand(1) : nil },
            operands: [1: [.int32, .int64], 2: [.int32, .int64], 3: [.int32, .int64], 4: [.int32, .int64]], .slice)

        static let transpose = moving(
            "Transpose",
            if: .movable
                && .check("a permutation") { node in
                    permutation(node).sorted() == Array(0..<node.inputShape(0).count)
                        ? nil : .attribute("perm", got: "\(permutation(node))")
                }, .transpose)

        static let expand = moving(
            "Expand",
            if: .movable
                && .check("an expansion") { node in
                    StridedShape.broadcastStrides(node.inputShape(0), to: node.outputShape(0)) == nil
                        ? .rank(node.inputShape(0).count, operand: 0) : nil
                }, operands: [1: [.int64]], .expand)

        /// Which input axis each output axis is.
        static func permutation(_ node: NodeView) -> [Int] {
            let rank = node.inputShape(0).count
            let order = node.ints("perm", otherwise: [])
            return order.isEmpty ? Array((0..<rank).reversed()) : order
        }
    }
#endif
