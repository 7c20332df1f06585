import CWeftKernels
import WeftProvider
import WeftProviderKit

extension CPUKernels {
    /// Pixels with their channels together, from planes.
    static let toNHWC = conversion(LayoutConversion.opType(from: .plain, to: .nhwc), toPixels: true)
    /// Planes, from pixels with their channels together.
    static let fromNHWC = conversion(LayoutConversion.opType(from: .nhwc, to: .plain), toPixels: false)

    private static func conversion(_ opType: String, toPixels: Bool) -> SupportRow {
        SupportRow(
            opType, domain: LayoutConversion.domain, types: TypeConstraint([.float32]), if: .rank(4...4),
            variants: { node, _ in
                let shape = node.inputShape(0)
                let isWhole = shape[1] == Layout.pixelStride(channels: shape[1])
                // A single pixel lies the same in both layouts.
                let isView = shape[2] == 1 && shape[3] == 1 && (isWhole || (!toPixels && shape[0] == 1))
                return [
                    Variant(
                        "transpose", work: isView ? .none : .elements(of: node),
                        inputLayouts: [toPixels ? .plain : .nhwc], outputLayouts: [toPixels ? .nhwc : .plain],
                        view: isView ? 0 : nil)
                ]
            },
            kernel: HostKernel { node throws(WeftError) in
                let shape = node.view.inputShape(0)
                let (batch, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3])
                let stride = Layout.pixelStride(channels: channels)
                // Whole rows of eight pixels, as the kernel's blocks are.
                let block = Swift.max(8, Swift.min(pixels, 32768 / Swift.max(1, channels)) & ~7)
                let blocks = (pixels + block - 1) / block
                return { invocation throws(WeftError) in
                    guard pixels > 0, channels > 0 else { return }
                    let source = invocation.input(0, as: Float.self)
                    let target = invocation.output(0, as: Float.self)
                    try invocation.workers.forEach(batch * blocks) { chunk, _ in
                        let (image, part) = (chunk / blocks, chunk % blocks)
                        let first = part * block
                        let count = Swift.min(block, pixels - first)
                        if toPixels {
                            weft_transpose_f32(
                                channels, count, source + image * channels * pixels + first, pixels,
                                target + (image * pixels + first) * stride, stride)
                        } else {
                            weft_transpose_f32(
                                count, channels, source + (image * pixels + first) * stride, stride,
                                target + image * channels * pixels + first, pixels)
                        }
                    }
                }
            })
    }
}
