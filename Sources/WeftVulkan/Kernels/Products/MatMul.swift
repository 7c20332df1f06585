#if Vulkan
    import WeftProvider
    import WeftProviderKit

    /// MatMul's operands as matrices: vectors become a row or a column, leading dimensions a batch.
    struct MatMulShape {
        let m: Int
        let n: Int
        let k: Int
        let offsets: [(a: Int, b: Int)]

        /// Nil where the shapes do not multiply.
        init?(_ a: [Int], _ b: [Int]) {
            guard !a.isEmpty, !b.isEmpty else { return nil }
            let left = a.count == 1 ? [1] + a : a
            let right = b.count == 1 ? b + [1] : b
            let k = left[left.count - 1]
            guard right[right.count - 2] == k else { return nil }
            let rows = left[left.count - 2]
            let n = right[right.count - 1]
            let leftBatch = Array(left.dropLast(2))
            let rightBatch = Array(right.dropLast(2))
            if rightBatch.allSatisfy({ $0 == 1 }) {
                // One matrix for all: the batch is only more rows.
                (m, self.n, self.k, offsets) = (rows * leftBatch.reduce(1, *), n, k, [(0, 0)])
                return
            }
            let rank = max(leftBatch.count, rightBatch.count)
            func padded(_ shape: [Int]) -> [Int] { [Int](repeating: 1, count: rank - shape.count) + shape }
            let shape = zip(padded(leftBatch), padded(rightBatch)).map { $0 == 1 ? $1 : $0 }
            guard let aStrides = StridedShape.broadcastStrides(leftBatch, to: shape),
                let bStrides = StridedShape.broadcastStrides(rightBatch, to: shape)
            else { return nil }
            let own = shape.rowMajorStrides
            offsets = (0..<shape.elementCount).map { index in
                var a = 0
                var b = 0
                for axis in shape.indices {
                    let at = index / own[axis] % shape[axis]
                    a += at * aStrides[axis]
                    b += at * bStrides[axis]
                }
                return (a * rows * k, b * k * n)
            }
            (m, self.n, self.k) = (rows, n, k)
        }
    }

    extension VulkanKernel {
        static let matMul = VulkanKernel { (lowering) throws(WeftError) in
            try lowerMatMul(lowering, Epilogue())
        }

        static let fusedMatMul = VulkanKernel { (lowering) throws(WeftError) in
            try lowerMatMul(lowering, try Epilogue(fused: lowering.node))
        }

        /// Input 2, where there is one, is a vector of n numbers.
        private static func lowerMatMul(_ lowering: Lowering, _ epilogue: Epilogue) throws(WeftError) {
            let node = lowering.node
            guard let shape = MatMulShape(node.inputShape(0), node.inputShape(1)) else {
                throw WeftError(
                    .internalInconsistency, "\(node.inputShape(0)) and \(node.inputShape(1)) do not multiply")
            }
            var product = MatrixProduct(shape)
            product.epilogue = epilogue
            if node.has(input: 2) {
                product.bias = try lowering.input(2)
                product.biasColumn = 1
            }
            try product.lower(lowering, a: try lowering.input(0), b: try lowering.input(1))
        }
    }

    extension VulkanTable {
        static let matMul = row(
            "MatMul", types: TypeConstraint([.float32]), if: multiplies, work: matMulWork, tiles: matMulDemand,
            .matMul)

        static let fusedMatMul = row(
            FusedNode.opType(of: "MatMul"), domain: FusedNode.domain, types: TypeConstraint([.float32]),
            if: multiplies, work: matMulWork, tiles: matMulDemand, .fusedMatMul)

        private static let matMulDemand: @Sendable (NodeView) -> TileDemand? = { node in
            MatMulShape(node.inputShape(0), node.inputShape(1)).map { MatrixProduct($0).demand }
        }

        private static let multiplies = Condition("operands that multiply") { node, device in
            guard let shape = MatMulShape(node.inputShape(0), node.inputShape(1)) else {
                return .rank(node.inputShape(0).count, operand: 0)
            }
            return MatrixProduct.decline(m: shape.m, n: shape.n, batch: shape.offsets.count, device)
        }

        private static func matMulWork(_ node: NodeView) -> Work {
            var work = Work.elements(of: node, rate: .gemm)
            work.flops = 2 * Double(node.outputShape(0).elementCount) * Double(node.inputShape(0).last ?? 1)
            return work
        }
    }
#endif
