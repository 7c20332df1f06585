import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Transposes that move no element: between N, C, H, W as pixels and N, H, W, C, and past axes of size 1.
enum TransposedPixels {
    /// Whether a Transpose takes N, C, H, W to N, H, W, C; nil where it is neither that nor the way back.
    private static func toPlain(_ node: NodeView) -> Bool? {
        guard node.inputType(0) == .float32, let order = try? node.ints("perm") else { return nil }
        return order == [0, 2, 3, 1] ? true : order == [0, 3, 1, 2] ? false : nil
    }

    /// Whether what moves are axes of size 1 alone.
    private static func movesNothing(_ node: NodeView) -> Bool {
        guard let order = try? node.ints("perm"), node.outputShape(0).elementCount > 0 else { return false }
        let shape = node.inputShape(0)
        let kept = order.filter { shape[$0] != 1 }
        return kept == kept.sorted()
    }

    /// `view` where nothing moves, `rows` between pixels and rows: a view too where pixels have no padding.
    static func variants(_ node: NodeView) -> [Variant] {
        var variants: [Variant] = []
        if movesNothing(node) { variants.append(Variant("view", work: .none, view: 0)) }
        if let toPlain = toPlain(node), node.outputShape(0).elementCount > 0 {
            let channels = (toPlain ? node.inputShape(0) : node.outputShape(0))[1]
            let isView = Layout.pixelStride(channels: channels) == channels
            variants.append(
                Variant(
                    "rows", work: isView ? .none : .elements(of: node), inputLayouts: [toPlain ? .nhwc : .plain],
                    outputLayouts: [toPlain ? .plain : .nhwc], view: isView ? 0 : nil))
        }
        return variants
    }

    /// The row with kernels for these variants; `view` copies where the engine cannot share memory.
    static func row(_ row: SupportRow) -> SupportRow {
        guard let plain = row.kernel as? HostKernel else { return row }
        return SupportRow(
            row.opType, domain: row.domain, types: row.types, if: row.condition, variants: row.variants,
            kernel: plain.with(["rows"], make))
    }

    private static let make: @Sendable (HostNode) throws(WeftError) -> HostKernel.Body = { node throws(WeftError) in
        let toPlain = toPlain(node.view) ?? true
        let shape = toPlain ? node.view.inputShape(0) : node.view.outputShape(0)
        let (channels, pixels) = (shape[1], shape[0] * shape[2] * shape[3])
        let stride = Layout.pixelStride(channels: channels)
        let (from, to) = toPlain ? (stride, channels) : (channels, stride)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try invocation.workers.forEachRange(of: pixels, grain: 1 + 16_000 / stride) { range, _ in
                weft_pad_rows_f32(
                    range.count, channels, x + range.lowerBound * from, from, y + range.lowerBound * to, to)
            }
        }
    }
}
