import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Softmax along an axis that is not the last: the slices lie side by side, so vectors run across them.
///
/// Blocks of neighbouring slices stay in cache over the three passes: greatest, exponentials and their sum, product.
enum SoftmaxColumns {
    /// Floats of one block, over the whole axis.
    private static let block = 8192

    static func variants(_ node: NodeView) -> [Variant] {
        guard node.inputType(0) == .float32, let axis = try? node.axis("axis") else { return [] }
        let split = AxisSplit(node.inputShape(0), axis: axis)
        guard split.inner >= 16, split.length > 0 else { return [] }
        return [
            Variant(
                "columns", work: .elements(of: node, flopsPerElement: 5, rate: .transcendental),
                scratchPerWorker: 2 * width(split) * 4, inPlace: [.init(output: 0, input: 0)])
        ]
    }

    /// Slices of one block, a multiple of 16.
    private static func width(_ split: AxisSplit) -> Int {
        let most = Swift.max(16, block / Swift.max(1, split.length) & ~15)
        return Swift.min(most, (split.inner + 15) & ~15)
    }

    static let make: @Sendable (HostNode) throws(WeftError) -> HostKernel.Body = { node throws(WeftError) in
        let split = AxisSplit(node.view.inputShape(0), axis: try node.view.axis("axis"))
        let (length, inner, width) = (split.length, split.inner, width(split))
        let outer = inner == 0 ? 0 : split.outer
        let blocks = (inner + width - 1) / width
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            let (base, stride) = invocation.workerScratch
            guard let base else { return }
            try invocation.workers.forEach(outer * blocks) { chunk, worker in
                let first = chunk % blocks * width
                let count = Swift.min(width, inner - first)
                let offset = chunk / blocks * length * inner + first
                let greatest = (base + worker * stride).assumingMemoryBound(to: Float.self)
                softmax(x + offset, y + offset, length, inner, count, greatest, greatest + width)
            }
        }
    }

    private static func softmax(
        _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ length: Int, _ inner: Int, _ count: Int,
        _ greatest: UnsafeMutablePointer<Float>, _ sum: UnsafeMutablePointer<Float>
    ) {
        greatest.update(from: x, count: count)
        for i in 1..<Swift.max(1, length) { weft_binary_f32(WEFT_MAX, count, greatest, 1, x + i * inner, 1, greatest) }
        sum.update(repeating: 0, count: count)
        for i in 0..<length {
            let row = y + i * inner
            weft_binary_f32(WEFT_SUB, count, x + i * inner, 1, greatest, 1, row)
            weft_unary_f32(WEFT_EXP, 0, 0, count, row, row)
            weft_binary_f32(WEFT_ADD, count, sum, 1, row, 1, sum)
        }
        for i in 0..<length { weft_binary_f32(WEFT_DIV, count, y + i * inner, 1, sum, 1, y + i * inner) }
    }
}
