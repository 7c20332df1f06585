#if Vulkan
    import WeftProvider
    import WeftProviderKit

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
        var epilogue = Epilogue()

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

        /// Whether k can be read four at a time from the left operand.
        private var readsFour: Bool {
            k % 4 == 0 && aStep == 1 && aRow % 4 == 0 && offsets.allSatisfy { $0.a % 4 == 0 }
        }

        /// What tiles are cut to.
        var demand: TileDemand {
            let vector = bColumn == 1 && n % 4 == 0 && bStep % 4 == 0 && offsets.allSatisfy { $0.b % 4 == 0 }
            return TileDemand(family: .matrix, rows: m, vector: vector, shares: readsFour)
        }

        func lower(_ lowering: Lowering, a: Resource, b: Resource) throws(WeftError) {
            let device = lowering.description
            let size = lowering.tileWorkgroup
            let choice = Tile.named(lowering.variant, among: demand.tiles(device))
            let tile = choice.narrowed(device) {
                ceilDivide(n, size * $0) * ceilDivide(m, choice.rows) * offsets.count
            }
            let four = readsFour
            let starts = offsets.flatMap { [UInt32($0.a), UInt32($0.b)] }
            let reads = (four || tile.vector ? "_" : "") + (four ? "k4" : "") + (tile.vector ? "n4" : "")
            let perGroup = tile.block ? tile.columns : size * tile.columns
            try lowering.dispatch(
                "gemm_f32" + (tile.block ? "_block" : reads + (tile.lanes > 1 ? "_share" : "")),
                workgroup: tile.block ? Tile.side * Tile.side : size,
                epilogue.switches(bias: bias != nil) + [UInt32].words(0, tile.rows, tile.columns, tile.lanes),
                [
                    .read(a), .read(b), .read(bias ?? a), .read(try lowering.table(starts)),
                    .read(try epilogue.operand(lowering, otherwise: a)), .write(try lowering.output()),
                ],
                push: [UInt32].words(m, n, k, aRow, aStep, bStep, bColumn, biasRow, biasColumn)
                    + [alpha.word, beta.word] + epilogue.parameters,
                grid: Grid(ceilDivide(n, perGroup), ceilDivide(m, tile.rows), offsets.count))
        }

        /// A matrix of `rows` x `columns` the other way round.
        static func transposed(_ bytes: UnsafeRawBufferPointer, rows: Int, columns: Int) -> [Float] {
            var packed = [Float](repeating: 0, count: rows * columns)
            for row in 0..<rows {
                for column in 0..<columns {
                    packed[column * rows + row] = bytes.loadUnaligned(
                        fromByteOffset: 4 * (row * columns + column), as: Float.self)
                }
            }
            return packed
        }

        /// The grid that `lower` would ask for at most, against a device's limit.
        static func decline(m: Int, n: Int, batch: Int, _ device: DeviceDescription) -> Decline? {
            let limit = device.limit(DeviceLimit.groupCount)
            let needs = max(m, batch, n / 64)
            return needs <= limit ? nil : .limit(DeviceLimit.groupCount, needs: needs, has: limit)
        }
    }
#endif
