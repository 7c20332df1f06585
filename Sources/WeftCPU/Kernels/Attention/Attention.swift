import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Scaled dot-product attention, one query row at a time.
    static let attention = SupportRow(
        "Attention",
        types: TypeConstraint(.floating, operands: [3: ElementTypes.floating.union([.bool]), 6: [.int64]]),
        if: Condition("one type") { node, _ in
            for index in [1, 2, 3, 4, 5] {
                guard let type = node.inputType(index), type != node.inputType(0), type != .bool else { continue }
                return .type(type, operand: index)
            }
            return nil
        },
        variants: { node, _ in
            let depth = node.inputShape(0).last ?? 0
            let keys = node.inputShape(1).elementCount / Swift.max(1, depth)
            return [
                Variant(
                    "plain",
                    work: .elements(of: node, flopsPerElement: 4 * Double(keys), rate: .reference))
            ]
        }, kernel: AttentionReference.kernel)
}

/// Where the elements of attention's operands lie.
private struct AttentionGeometry: Sendable {
    let batch, heads, sharedHeads, queries, incoming, past, depth, width: Int
    let packed: Bool
    let scale: Float
    let softcap: Float
    let causal: Bool
    let left: Int
    let right: Int
    let mode: Int
    /// Strides of the mask by batch, head and query, 0 where it broadcasts, and how many keys it covers.
    let maskStrides: [Int]
    let maskLength: Int

    var total: Int { past + incoming }

    init(_ node: NodeView) throws(WeftError) {
        let (q, k, v) = (node.inputShape(0), node.inputShape(1), node.inputShape(2))
        packed = q.count == 3
        batch = q[0]
        heads = try node.int("q_num_heads")
        sharedHeads = try node.int("kv_num_heads")
        queries = packed ? q[1] : q[2]
        incoming = packed ? k[1] : k[2]
        depth = packed ? q[2] / heads : q[3]
        width = packed ? v[2] / sharedHeads : v[3]
        past = node.has(input: 4) ? node.inputShape(4)[2] : 0
        scale = try node.float("scale")
        softcap = try node.float("softcap")
        causal = try node.flag("is_causal")
        left = try node.int("left_window_size")
        right = try node.int("right_window_size")
        mode = try node.int("qk_matmul_output_mode")
        let mask = node.inputShape(3)
        let full = [Int](repeating: 1, count: Swift.max(0, 4 - mask.count)) + mask
        maskStrides = (0..<3).map { full[$0] == 1 ? 0 : full[($0 + 1)...].reduce(1, &*) }
        maskLength = full[3]
    }

    /// The offset of a row of queries or outputs of `size` elements.
    func row(_ b: Int, _ head: Int, _ i: Int, size: Int) -> Int {
        packed ? ((b * queries + i) * heads + head) * size : ((b * heads + head) * queries + i) * size
    }

    /// The offset of the new key or value `j` of `size` elements.
    func incoming(_ b: Int, _ head: Int, _ j: Int, size: Int) -> Int {
        packed ? ((b * incoming + j) * sharedHeads + head) * size : ((b * sharedHeads + head) * incoming + j) * size
    }

    func cached(_ b: Int, _ head: Int, _ j: Int, size: Int) -> Int { ((b * sharedHeads + head) * past + j) * size }
}

private enum AttentionReference: FloatKernel {
    static func make<E: KernelFloat>(_ node: HostNode, _ type: E.Type) throws(WeftError) -> HostKernel.Body {
        let geometry = try AttentionGeometry(node.view)
        let masked = node.view.has(input: 3)
        let boolean = node.view.inputType(3) == .bool
        let (givesKeys, givesValues) = (node.view.has(output: 1), node.view.has(output: 2))
        let givesScores = node.view.has(output: 3)
        return { invocation throws(WeftError) in
            let queries = invocation.input(0, as: E.self)
            let keys = Cached(
                geometry, new: invocation.input(1, as: E.self), old: invocation.optionalInput(4), size: geometry.depth)
            let values = Cached(
                geometry, new: invocation.input(2, as: E.self), old: invocation.optionalInput(5), size: geometry.width)
            if givesKeys { keys.write(to: invocation.output(1)) }
            if givesValues { values.write(to: invocation.output(2)) }
            let lengths = invocation.optionalInput(6, as: Int64.self)
            let mask = masked && !boolean ? invocation.input(3, as: E.self) : nil
            let allowed = masked && boolean ? invocation.input(3, as: UInt8.self) : nil
            let y = invocation.output(0, as: E.self)
            let scores = givesScores ? invocation.output(3, as: E.self) : nil
            let rows = geometry.batch * geometry.heads * geometry.queries
            try invocation.workers.forEachRange(of: rows) { range, _ in
                withUnsafeTemporaryAllocation(of: E.Work.self, capacity: 2 * geometry.total + geometry.width) { room in
                    for row in range {
                        let (head, i) = (row / geometry.queries % geometry.heads, row % geometry.queries)
                        let b = row / geometry.queries / geometry.heads
                        attend(
                            geometry, b, head, i, query: queries + geometry.row(b, head, i, size: geometry.depth),
                            keys, values, mask: mask, allowed: allowed, length: lengths.map { Int($0[b]) },
                            scores: scores.map { $0 + row * geometry.total },
                            y: y + geometry.row(b, head, i, size: geometry.width), room)
                    }
                }
            }
        }
    }

    /// One row of the output: the scores of a query, their softmax, and the weighted sum of the values.
    private static func attend<E: KernelFloat>(
        _ g: AttentionGeometry, _ b: Int, _ head: Int, _ i: Int, query: UnsafePointer<E>, _ keys: Cached<E>,
        _ values: Cached<E>, mask: UnsafePointer<E>?, allowed: UnsafePointer<UInt8>?, length: Int?,
        scores: UnsafeMutablePointer<E>?, y: UnsafeMutablePointer<E>,
        _ room: UnsafeMutableBufferPointer<E.Work>
    ) {
        let shared = head / (g.heads / g.sharedHeads)
        let weights = room.prefix(g.total)
        let maskRow = b * g.maskStrides[0] + head * g.maskStrides[1] + i * g.maskStrides[2]
        let position = i &+ (g.past > 0 ? g.past : length.map { $0 &- g.queries } ?? 0)
        var (open, peak) = (false, -E.Work.infinity)
        for j in 0..<g.total {
            let key = keys.row(b, shared, j)
            var score = E.Work.zero
            for d in 0..<g.depth { score += query[d].work * key[d].work }
            score *= E.Work(g.scale)
            if g.mode == 0 { scores?[j] = E(work: score) }
            if g.softcap > 0 {
                let cap = E.Work(g.softcap)
                score = cap * E.Work(Double(score / cap).hyperbolicTangent)
            }
            if g.mode == 1 { scores?[j] = E(work: score) }
            var bias = E.Work.zero
            if g.causal, j > position { bias = -.infinity }
            if g.left >= 0, j < position &- g.left { bias = -.infinity }
            if g.right >= 0, j > position, j &- position > g.right { bias = -.infinity }
            if let length, j >= length { bias = -.infinity }
            if let mask { bias += j < g.maskLength ? mask[maskRow + j].work : -.infinity }
            if let allowed, j >= g.maskLength || allowed[maskRow + j] == 0 { bias = -.infinity }
            if bias != -.infinity { open = true }
            score = bias == -.infinity ? bias : score + bias
            if g.mode == 2 { scores?[j] = E(work: score) }
            room[j] = score
            if score > peak || score.isNaN { peak = score }
        }
        if open, peak != -.infinity {
            var sum = E.Work.zero
            for j in 0..<g.total {
                room[j] = E.Work(Double(room[j] - peak).exponential)
                sum += room[j]
            }
            for j in 0..<g.total { room[j] /= sum }
        } else {
            for j in 0..<g.total { room[j] = 0 }
        }
        if g.mode == 3 { for j in 0..<g.total { scores?[j] = E(work: weights[j]) } }
        let sums = room.baseAddress.map { $0 + g.total }
        guard let sums else { return }
        for d in 0..<g.width { sums[d] = 0 }
        for j in 0..<g.total where room[j] != 0 {
            let value = values.row(b, shared, j)
            for d in 0..<g.width { sums[d] += room[j] * value[d].work }
        }
        for d in 0..<g.width { y[d] = E(work: sums[d]) }
    }
}

/// Keys or values: those of the cache, then the new ones.
private struct Cached<E: KernelFloat> {
    let geometry: AttentionGeometry
    let new: UnsafePointer<E>
    let old: UnsafePointer<E>?
    let size: Int

    init(_ geometry: AttentionGeometry, new: UnsafePointer<E>, old: UnsafePointer<E>?, size: Int) {
        self.geometry = geometry
        self.new = new
        self.old = old
        self.size = size
    }

    func row(_ b: Int, _ head: Int, _ j: Int) -> UnsafePointer<E> {
        if let old, j < geometry.past { return old + geometry.cached(b, head, j, size: size) }
        return new + geometry.incoming(b, head, j - geometry.past, size: size)
    }

    /// All of them, as [B, H, L, D].
    func write(to target: UnsafeMutablePointer<E>) {
        var position = 0
        for b in 0..<geometry.batch {
            for head in 0..<geometry.sharedHeads {
                for j in 0..<geometry.total {
                    (target + position).update(from: row(b, head, j), count: size)
                    position += size
                }
            }
        }
    }
}
