import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Products of float32 matrices on the packed panel, with an epilogue: MatMul, Gemm and their fused forms.
///
/// The right operand is packed once where it is constant, else into scratch memory: as a whole, by all workers, where
/// there is one matrix; by whoever multiplies with it where there are many.
///
///     scratch: | packed B (run-time, one matrix) | transposed A | scaled bias |     per worker: | packed B (many) |
struct PanelProduct: Sendable {
    let rows: Int
    let columns: Int
    let depth: Int
    /// Offsets of A's matrices, and numbers of B's, for each matrix of the output.
    let left: [Int]
    let right: [Int]
    /// Matrices of B.
    let matrices: Int
    let transA: Bool
    let transB: Bool
    let isConstant: Bool
    let scale: Float
    let bias: Bias

    /// What input 2 is to the product.
    enum Bias: Hashable, Sendable {
        case none
        /// One number for each column, taken as it is.
        case vector
        /// One number for each column, or one for all, to be multiplied by `beta` and spread.
        case scaled(by: Float, isScalar: Bool)
        /// A whole matrix, added as a residual is.
        case matrix
    }

    /// Nil where a node does not fit.
    init?(_ node: NodeView) {
        guard node.inputType(0) == .float32, node.inputType(1) == .float32, node.outputType(0) == .float32,
            node.output(0)?.type.dimensions != nil
        else { return nil }
        isConstant = node.input(1)?.constant != nil
        if node.opType.hasSuffix("Gemm") {
            let shape = GemmShape(node)
            (rows, columns, depth) = (shape.rows, shape.columns, shape.depth)
            (left, right, matrices) = ([0], [0], 1)
            (transA, transB, scale) = (shape.transA, shape.transB, shape.alpha)
            guard let bias = Self.bias(node, shape) else { return nil }
            self.bias = bias
        } else {
            // All rows make one product where there is one B.
            let shape = MatMulShape(node).merged
            matrices = shape.rightCount
            (rows, columns, depth) = (shape.rows, shape.columns, shape.depth)
            (transA, transB, scale) = (false, false, 1)
            let size = Swift.max(1, shape.depth * shape.columns)
            (left, right) = (shape.left, shape.right.map { $0 / size })
            bias = node.has(input: 2) ? .vector : .none
        }
    }

    private static func bias(_ node: NodeView, _ shape: GemmShape) -> Bias? {
        guard let operand = node.input(2) else { return Bias.none }
        if shape.rowC == 0 {
            let isScalar = shape.columnC == 0
            return isScalar || shape.beta != 1 ? .scaled(by: shape.beta, isScalar: isScalar) : .vector
        }
        guard shape.columnC == 1, shape.beta == 1, operand.shape == [shape.rows, shape.columns],
            !node.has(input: FusedNode.residualInput)
        else { return nil }
        return .matrix
    }

    /// Bytes of one packed matrix of B, a multiple of 64; never 0, so that an empty product has an address too.
    var packedBytes: Int { (Swift.max(weft_sgemm_pack_b_size(depth, columns), 1) * 4 + 63) & ~63 }
    private var sharedPackBytes: Int { isConstant || matrices > 1 ? 0 : packedBytes }
    private var transposedBytes: Int { transA ? (Swift.max(rows * depth, 1) * 4 + 63) & ~63 : 0 }
    private var biasBytes: Int {
        if case .scaled = bias { return (columns * 4 + 63) & ~63 }
        return 0
    }

    /// The variant of a node that fits.
    func variant(_ node: NodeView) -> Variant {
        let products = Double(left.count) * Double(rows) * Double(columns) * Double(depth)
        var bytes = node.inputs.reduce(0.0) { $0 + Double($1?.type.byteCount ?? 0) }
        bytes += Double(node.output(0)?.type.byteCount ?? 0)
        if !isConstant { bytes += 2 * Double(matrices * packedBytes) }
        bytes += 2 * Double(transposedBytes)
        return Variant(
            "panel", work: Work(.gemm, flops: 2 * products, bytes: bytes),
            scratch: sharedPackBytes + transposedBytes + biasBytes,
            scratchPerWorker: isConstant || matrices == 1 ? 0 : packedBytes)
    }

    static func make(_ node: HostNode) throws(WeftError) -> HostKernel.Body {
        guard let product = PanelProduct(node.view) else {
            throw WeftError(.internalInconsistency, "no panel for this product", node: node.view.label)
        }
        let fused = node.view.domain == FusedNode.domain
        let epilogue =
            try fused ? Epilogue(fused: node.view, scale: product.scale) : Epilogue(scale: product.scale)
        let packed = try product.isConstant ? product.pack(node) : nil
        let shape = product
        return { invocation throws(WeftError) in
            guard shape.rows * shape.columns * shape.left.count > 0 else { return }
            try shape.run(invocation, epilogue, packed)
        }
    }

    private func pack(_ node: HostNode) throws(WeftError) -> PackedBuffer {
        try node.packed(input: 1, format: transB ? "panel16T" : "panel16") { constant throws(WeftError) in
            let source = try constant.tensor()
            return try PackedBuffer(byteCount: packedBytes * Swift.max(1, matrices)) { target throws(WeftError) in
                guard let host = source.storage.host else { return }
                for matrix in 0..<matrices {
                    pack(
                        host.assumingMemoryBound(to: Float.self) + matrix * depth * columns, 0..<columns,
                        (target + matrix * packedBytes).assumingMemoryBound(to: Float.self))
                }
            }
        }
    }

    private func pack(_ b: UnsafePointer<Float>, _ range: Range<Int>, _ target: UnsafeMutablePointer<Float>) {
        weft_sgemm_pack_b(
            b, transB ? depth : columns, transB, depth, columns, range.lowerBound, range.upperBound, target)
    }

    private func run(
        _ invocation: borrowing HostInvocation, _ epilogue: Epilogue, _ constant: PackedBuffer?
    ) throws(WeftError) {
        let workers = invocation.workers
        var a = invocation.input(0, as: Float.self)
        if transA, rows * depth > 0 {
            let target = (UnsafeMutableRawPointer(invocation.scratch(as: UInt8.self)) + sharedPackBytes)
                .assumingMemoryBound(to: Float.self)
            weft_transpose_f32(depth, rows, a, rows, target, depth)
            a = UnsafePointer(target)
        }
        let form = form(invocation, epilogue)
        let c = invocation.output(0, as: Float.self)
        if constant == nil, matrices > 1 {
            let b = invocation.input(1, as: Float.self)
            var scratch: [UnsafeMutablePointer<Float>] = []
            for worker in 0..<workers.count { scratch.append(invocation.scratch(worker: worker, as: Float.self)) }
            let tiles = ProductTiles(rows: rows, columns: columns, depth: depth, workers: 1)
            try workers.forEachRange(of: left.count, grain: 1 + 200_000 / (1 + rows * columns * depth)) {
                range, worker in
                for matrix in range {
                    pack(b + right[matrix] * depth * columns, 0..<columns, scratch[worker])
                    for tile in 0..<tiles.count {
                        multiply(matrix, tiles.ranges(tile), a, UnsafePointer(scratch[worker]), c, form)
                    }
                }
            }
            return
        }
        let packed: UnsafePointer<Float>
        if let constant {
            guard let host = constant.view.host else { return }
            packed = UnsafePointer(host.assumingMemoryBound(to: Float.self))
        } else {
            let target = invocation.scratch(as: Float.self)
            let b = invocation.input(1, as: Float.self)
            let grain = 16 + 30_000 / Swift.max(1, depth)
            try workers.forEachRange(of: columns, grain: grain, step: 16) { range, _ in pack(b, range, target) }
            packed = UnsafePointer(target)
        }
        let tiles = ProductTiles(
            rows: rows, columns: columns, depth: depth, workers: workers.count * 4 > left.count ? workers.count : 1)
        let total = tiles.count * left.count
        let floats = packedBytes / 4
        let body = { (chunk: Int) in
            let matrix = chunk / tiles.count
            multiply(matrix, tiles.ranges(chunk % tiles.count), a, packed + right[matrix] * floats, c, form)
        }
        if total == 1 || Double(rows) * Double(columns) * Double(depth) * Double(left.count) < 150_000 {
            for chunk in 0..<total { body(chunk) }
        } else {
            try workers.forEach(total) { chunk, _ in body(chunk) }
        }
    }

    /// The epilogue with this run's bias and residual.
    private func form(_ invocation: borrowing HostInvocation, _ epilogue: Epilogue) -> weft_epilogue {
        let given = invocation.optionalInput(2, as: Float.self)
        let residual = invocation.optionalInput(FusedNode.residualInput, as: Float.self)
        switch bias {
        case .none: return epilogue.form(bias: nil, residual: residual, stride: columns)
        case .vector: return epilogue.form(bias: given, residual: residual, stride: columns)
        case .matrix:
            var form = epilogue.form(bias: nil, residual: nil, stride: columns)
            form.residual = given
            form.residual_last = false
            return form
        case .scaled(let beta, let isScalar):
            let offset = sharedPackBytes + transposedBytes
            let target = (UnsafeMutableRawPointer(invocation.scratch(as: UInt8.self)) + offset)
                .assumingMemoryBound(to: Float.self)
            if let given { for j in 0..<columns { target[j] = beta * given[isScalar ? 0 : j] } }
            return epilogue.form(bias: UnsafePointer(target), residual: residual, stride: columns)
        }
    }

    /// One tile of one matrix of the output.
    @inline(__always)
    private func multiply(
        _ matrix: Int, _ tile: (rows: Range<Int>, columns: Range<Int>), _ a: UnsafePointer<Float>,
        _ packed: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ form: weft_epilogue
    ) {
        let first = tile.rows.lowerBound
        let offset = (matrix * rows + first) * columns
        var form = form
        if let residual = form.residual { form.residual = residual + offset }
        weft_sgemm(
            tile.rows.count, tile.columns.lowerBound, tile.columns.upperBound, depth,
            a + left[matrix] + first * depth, depth, packed, c + offset, columns, &form)
    }
}

/// How a product is cut into tiles: rows so that their part of A stays in cache, columns where rows are too few.
struct ProductTiles: Sendable {
    private let rows: Int
    private let columns: Int
    private let rowBlock: Int
    private let columnBlock: Int
    private let columnPieces: Int
    let count: Int

    init(rows: Int, columns: Int, depth: Int, workers: Int) {
        self.rows = rows
        self.columns = columns
        let most = Swift.max(24, Swift.min(192, 65536 / Swift.max(1, depth)))
        var blocks = Swift.max(1, (rows + most - 1) / most)
        // Even blocks, of whole micro-kernels of six rows.
        rowBlock = Swift.max(6, ((rows + blocks - 1) / blocks + 5) / 6 * 6)
        blocks = Swift.max(1, (rows + rowBlock - 1) / rowBlock)
        let panels = Swift.max(1, (columns + 15) / 16)
        let pieces = workers == 1 ? 1 : Swift.min(panels, Swift.max(1, (workers * 4 + blocks - 1) / blocks))
        columnBlock = (panels + pieces - 1) / pieces * 16
        columnPieces = Swift.max(1, (columns + columnBlock - 1) / columnBlock)
        count = blocks * columnPieces
    }

    func ranges(_ tile: Int) -> (rows: Range<Int>, columns: Range<Int>) {
        let (block, piece) = (tile / columnPieces, tile % columnPieces)
        return (
            block * rowBlock..<Swift.min(rows, (block + 1) * rowBlock),
            piece * columnBlock..<Swift.min(columns, (piece + 1) * columnBlock)
        )
    }
}
