import CWeftKernels
import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// softmax(scale Q Kᵀ + masks) V on the packed panel, read and written where the graph has the matrices lie.
    static let fusedAttention = SupportRow(
        FusedNode.attention, domain: FusedNode.domain, types: TypeConstraint([.float32]), if: .described,
        variants: { node, _ in (try? FusedAttention(node)).map { [$0.variant(node)] } ?? [] },
        kernel: HostKernel { node throws(WeftError) in try FusedAttention(node.view).body() })
}

extension Condition {
    fileprivate static let described = Condition("matrices by strides") { node, _ in
        (try? FusedAttention(node)) == nil ? .other("does not read matrices that lie like this") : nil
    }
}

/// Attention a few rows of queries at a time: their scores stay in cache from the first product to the second.
///
///     per worker: | packed Kᵀ of one matrix | packed V of one matrix | scores of a block of rows |
private struct FusedAttention: Sendable {
    let rows: Int
    let columns: Int
    let depth: Int
    let width: Int
    let scale: Float
    let q: MatrixView
    let k: MatrixView
    let v: MatrixView
    let y: MatrixView
    let masks: [MatrixView]

    init(_ node: NodeView) throws(WeftError) {
        rows = try node.int("rows")
        columns = try node.int("columns")
        depth = try node.int("depth")
        width = try node.int("width")
        scale = try node.float("scale")
        q = try MatrixView(node, "q")
        k = try MatrixView(node, "k")
        v = try MatrixView(node, "v")
        y = try MatrixView(node, "y")
        var masks: [MatrixView] = []
        for index in 0..<Swift.max(0, node.inputs.count - 3) { masks.append(try MatrixView(node, "mask\(index)")) }
        self.masks = masks
        let all = [k, v, y] + masks
        guard q.column == 1, y.column == 1, masks.allSatisfy({ $0.column == 1 }),
            all.allSatisfy({ $0.offsets.count == q.offsets.count }),
            k.column == 1 || k.row == 1 || depth == 1, v.column == 1 || v.row == 1 || columns == 1
        else { throw WeftError(.internalInconsistency, "attention reads matrices another way", node: node.label) }
    }

    private var matrices: Int { q.offsets.count }
    /// Rows of scores that a block has: whole micro-kernels, as many as stay in the second-level cache.
    private var blockRows: Int {
        let most = Swift.max(12, Swift.min(96, 32_768 / Swift.max(1, columns)))
        let blocks = Swift.max(1, (rows + most - 1) / most)
        return ((rows + blocks - 1) / blocks + 5) / 6 * 6
    }
    private var keyFloats: Int { (weft_sgemm_pack_b_size(depth, columns) + 15) & ~15 }
    private var valueFloats: Int { (weft_sgemm_pack_b_size(columns, width) + 15) & ~15 }
    /// Floats from one row of scores to the next: whole lines of cache, so that no two rows share one.
    private var scoreStride: Int { (columns + 15) & ~15 }

    func variant(_ node: NodeView) -> Variant {
        let pairs = Double(matrices) * Double(rows) * Double(columns)
        let packed = Double(matrices) * Double(keyFloats + valueFloats) * 4
        let moved = Double(matrices) * Double(rows) * Double(depth + width) * 4
        return Variant(
            "panel", work: Work(.gemm, flops: 2 * pairs * Double(depth + width), bytes: moved + 2 * packed),
            scratchPerWorker: (keyFloats + valueFloats + blockRows * scoreStride) * 4)
    }

    func body() -> HostKernel.Body {
        let shape = self
        return { invocation throws(WeftError) in
            guard shape.matrices * shape.rows > 0 else { return }
            let run = Run(shape, invocation)
            let workers = invocation.workers
            let cost = shape.rows * shape.columns * (shape.depth + shape.width)
            if shape.matrices >= 4 * workers.count {
                try workers.forEachRange(of: shape.matrices, grain: 1 + 100_000 / (1 + cost)) { range, worker in
                    for matrix in range { run.attend(matrix, 0..<shape.rows, worker) }
                }
                return
            }
            // Few matrices: pieces are runs of rows, of which one matrix may have several.
            let total = shape.matrices * shape.rows
            let pieces = cost * shape.matrices < 150_000 ? 1 : workers.count
            let size = Swift.max(1, (total + pieces - 1) / pieces)
            try workers.forEach((total + size - 1) / size) { piece, worker in
                var row = piece * size
                let end = Swift.min(total, row + size)
                while row < end {
                    let (matrix, first) = row.quotientAndRemainder(dividingBy: shape.rows)
                    let count = Swift.min(shape.rows - first, end - row)
                    run.attend(matrix, first..<first + count, worker)
                    row += count
                }
            }
        }
    }

    /// One run's operands.
    private struct Run {
        let shape: FusedAttention
        let q: UnsafePointer<Float>
        let k: UnsafePointer<Float>
        let v: UnsafePointer<Float>
        let y: UnsafeMutablePointer<Float>
        let masks: [UnsafePointer<Float>]
        let scratch: UnsafeMutableRawPointer?
        let scratchStride: Int

        init(_ shape: FusedAttention, _ invocation: borrowing HostInvocation) {
            self.shape = shape
            q = invocation.input(0)
            k = invocation.input(1)
            v = invocation.input(2)
            y = invocation.output(0)
            var masks: [UnsafePointer<Float>] = []
            for index in shape.masks.indices { masks.append(invocation.input(3 + index)) }
            self.masks = masks
            (scratch, scratchStride) = invocation.workerScratch
        }

        /// Some rows of one matrix.
        func attend(_ matrix: Int, _ range: Range<Int>, _ worker: Int) {
            guard let scratch else { return }
            let s = shape
            let keys = (scratch + worker * scratchStride).assumingMemoryBound(to: Float.self)
            let values = keys + s.keyFloats
            let scores = values + s.valueFloats
            pack(k + s.k.offsets[matrix], s.k, s.depth, s.columns, keys)
            pack(v + s.v.offsets[matrix], s.v, s.columns, s.width, values)
            var form = weft_epilogue()
            form.scale = s.scale
            form.activation = WEFT_IDENTITY
            let (block, stride) = (s.blockRows, s.scoreStride)
            for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: block) {
                let count = Swift.min(block, range.upperBound - first)
                if let mask = s.masks.first {
                    form.residual = masks[0] + mask.offsets[matrix] + first * mask.row
                    form.residual_stride = mask.row
                }
                weft_sgemm(
                    count, 0, s.columns, s.depth, q + s.q.offsets[matrix] + first * s.q.row, s.q.row, keys, scores,
                    stride, &form)
                for (mask, pointer) in zip(s.masks, masks).dropFirst() {
                    for row in 0..<count {
                        let added = pointer + mask.offsets[matrix] + (first + row) * mask.row
                        let line = scores + row * stride
                        weft_binary_f32(WEFT_ADD, s.columns, line, 1, added, 1, line)
                    }
                }
                weft_softmax_f32(count, s.columns, scores, stride, scores, stride)
                weft_sgemm(
                    count, 0, s.width, s.columns, scores, stride, values,
                    y + s.y.offsets[matrix] + first * s.y.row, s.y.row, nil)
            }
        }

        /// Packs a matrix whose rows or columns lie in one piece.
        private func pack(
            _ matrix: UnsafePointer<Float>, _ view: MatrixView, _ depth: Int, _ columns: Int,
            _ target: UnsafeMutablePointer<Float>
        ) {
            let turned = view.column != 1
            weft_sgemm_pack_b(
                matrix, turned ? view.column : view.row, turned, depth, columns, 0, columns, target)
        }
    }
}
