#if Vulkan
    import WeftProvider

    /// A batched matrix product by strides: what MatMul, Gemm and their fusions become.
    struct MatrixProduct {
        var m: Int
        var n: Int
        var k: Int
        /// Where each batch's operands begin, in elements.
        var offsets: [(a: Int, b: Int)] = [(0, 0)]
        var aRow: Int
        var aStep: Int
        var bStep: Int
        var bColumn: Int
        var bias: Resource?
        var biasRow = 0
        var biasColumn = 0
        var alpha: Float = 1
        var beta: Float = 1
        var activation = Activation.none

        /// Dense row-major operands, `b` transposed or not.
        init(m: Int, n: Int, k: Int, transposeA: Bool = false, transposeB: Bool = false) {
            self.m = m
            self.n = n
            self.k = k
            (aRow, aStep) = transposeA ? (1, m) : (k, 1)
            (bStep, bColumn) = transposeB ? (1, k) : (n, 1)
        }

        init(_ shape: MatMulShape) {
            self.init(m: shape.m, n: shape.n, k: shape.k)
            offsets = shape.offsets
        }

        init(gemm node: NodeView) {
            let transposeA = node.int("transA", otherwise: 0) != 0
            let transposeB = node.int("transB", otherwise: 0) != 0
            self.init(
                m: node.outputShape(0)[0], n: node.outputShape(0)[1], k: node.inputShape(0)[transposeA ? 0 : 1],
                transposeA: transposeA, transposeB: transposeB && !Self.repacks(node))
        }

        /// A constant is transposed once, so that neighbouring columns lie side by side.
        static func repacks(_ node: NodeView) -> Bool {
            node.int("transB", otherwise: 0) != 0 && node.input(1)?.constant != nil
        }

        func lower(_ lowering: Lowering, a: Resource, b: Resource) throws(WeftError) {
            let device = lowering.description
            let size = lowering.tileWorkgroup
            let choice = Tile.named(lowering.variant, among: candidates(device))
            let tile = choice.narrowed(device) {
                ceilDivide(n, size * $0) * ceilDivide(m, choice.rows) * offsets.count
            }
            let four = k % 4 == 0 && aStep == 1 && aRow % 4 == 0 && offsets.allSatisfy { $0.a % 4 == 0 }
            let starts = offsets.flatMap { [UInt32($0.a), UInt32($0.b)] }
            try lowering.dispatch(
                "gemm_f32" + (four || tile.vector ? "_" : "") + (four ? "k4" : "") + (tile.vector ? "n4" : ""),
                workgroup: size,
                [
                    UInt32(tile.rows), UInt32(tile.columns), activation.function.rawValue, bias == nil ? 0 : 1,
                ],
                [
                    .read(a), .read(b), .read(bias ?? a), .read(try lowering.table(starts)),
                    .write(try lowering.output()),
                ],
                push: Window.words(m, n, k, aRow, aStep, bStep, bColumn, biasRow, biasColumn)
                    + [alpha.word, beta.word, activation.a.word, activation.b.word],
                grid: Grid(ceilDivide(n, size * tile.columns), ceilDivide(m, tile.rows), offsets.count))
        }

        /// The tiles that this product may run with.
        func candidates(_ device: DeviceDescription) -> [Tile] {
            let vector =
                bColumn == 1 && n % 4 == 0 && bStep % 4 == 0 && offsets.allSatisfy { $0.b % 4 == 0 }
            return Tile.candidates(rows: m, vector: vector, device)
        }

        /// The grid that `lower` would ask for at most, against a device's limit.
        static func decline(m: Int, n: Int, batch: Int, _ device: DeviceDescription) -> Decline? {
            let limit = device.limit(DeviceLimit.groupCount)
            let needs = max(m, batch, n / 64)
            return needs <= limit ? nil : .limit(DeviceLimit.groupCount, needs: needs, has: limit)
        }
    }

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
            try lowerMatMul(lowering, bias: nil, activation: .none)
        }

        /// `bias`: the input that is added, a vector of N or one element.
        static func lowerMatMul(_ lowering: Lowering, bias: Int?, activation: Activation) throws(WeftError) {
            let node = lowering.node
            guard let shape = MatMulShape(node.inputShape(0), node.inputShape(1)) else {
                throw WeftError(
                    .internalInconsistency, "\(node.inputShape(0)) and \(node.inputShape(1)) do not multiply")
            }
            var product = MatrixProduct(shape)
            product.activation = activation
            if let bias {
                product.bias = try lowering.input(bias)
                product.biasColumn = node.inputShape(bias).elementCount == 1 ? 0 : 1
            }
            try product.lower(lowering, a: try lowering.input(0), b: try lowering.input(1))
        }

        static let gemm = VulkanKernel { (lowering) throws(WeftError) in
            try lowerGemm(lowering, activation: .none)
        }

        static func lowerGemm(_ lowering: Lowering, activation: Activation) throws(WeftError) {
            let node = lowering.node
            var product = MatrixProduct(gemm: node)
            let (m, n, k) = (product.m, product.n, product.k)
            product.alpha = node.float("alpha", otherwise: 1)
            product.beta = node.float("beta", otherwise: 1)
            product.activation = activation
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
                    var packed = [Float](repeating: 0, count: k * n)
                    for row in 0..<n {
                        for step in 0..<k {
                            packed[step * n + row] = bytes.loadUnaligned(
                                fromByteOffset: 4 * (row * k + step), as: Float.self)
                        }
                    }
                    return packed
                }
            } else {
                b = try lowering.input(1)
            }
            try product.lower(lowering, a: try lowering.input(0), b: b)
        }
    }

    extension VulkanTable {
        static let matMul = row(
            "MatMul", types: TypeConstraint([.float32]), if: multiplies, work: matMulWork, tiles: matMulTiles,
            .matMul)
        static let gemm = row(
            "Gemm", types: TypeConstraint([.float32]), if: gemms, work: gemmWork, tiles: gemmTiles, .gemm)

        static let matMulTiles: @Sendable (NodeView, DeviceDescription) -> [Tile] = { node, device in
            MatMulShape(node.inputShape(0), node.inputShape(1)).map { MatrixProduct($0).candidates(device) } ?? []
        }

        static let gemmTiles: @Sendable (NodeView, DeviceDescription) -> [Tile] = { node, device in
            MatrixProduct(gemm: node).candidates(device)
        }

        static let multiplies = Condition("operands that multiply") { node, device in
            guard let shape = MatMulShape(node.inputShape(0), node.inputShape(1)) else {
                return .rank(node.inputShape(0).count, operand: 0)
            }
            return MatrixProduct.decline(m: shape.m, n: shape.n, batch: shape.offsets.count, device)
        }

        static let gemms = Condition("rank 2") { node, device in
            guard node.inputShape(0).count == 2, node.outputShape(0).count == 2 else {
                return .rank(node.inputShape(0).count, operand: 0)
            }
            let out = node.outputShape(0)
            if node.has(input: 2), StridedShape.broadcastStrides(node.inputShape(2), to: out) == nil {
                return .rank(node.inputShape(2).count, operand: 2)
            }
            return MatrixProduct.decline(m: out[0], n: out[1], batch: 1, device)
        }

        static func matMulWork(_ node: NodeView) -> Work {
            var work = Work.elements(of: node, rate: .gemm)
            work.flops = 2 * Double(node.outputShape(0).elementCount) * Double(node.inputShape(0).last ?? 1)
            return work
        }

        static func gemmWork(_ node: NodeView) -> Work {
            var work = Work.elements(of: node, rate: .gemm)
            let k = node.inputShape(0)[node.int("transA", otherwise: 0) != 0 ? 0 : 1]
            work.flops = 2 * Double(node.outputShape(0).elementCount) * Double(k)
            return work
        }
    }
#endif
