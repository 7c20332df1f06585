import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Pooling, resizing and normalisation over pixels whose channels lie together.
enum PixelKernels {
    /// Whether a node computes on float32 pixels: rank 4, nothing empty.
    static func admits(_ node: NodeView) -> Bool {
        node.inputType(0) == .float32 && node.inputShape(0).count == 4 && node.outputShape(0).count == 4
            && node.inputShape(0).elementCount > 0 && node.outputShape(0).elementCount > 0
    }

    /// The variant `pixels`, from `.nhwc` to `.nhwc`.
    static func variant(_ node: NodeView, flopsPerElement: Double, scratch: Int = 0) -> [Variant] {
        guard admits(node) else { return [] }
        return [
            Variant(
                "pixels", work: .elements(of: node, flopsPerElement: flopsPerElement), inputLayouts: [.nhwc],
                outputLayouts: [.nhwc], scratch: scratch)
        ]
    }

    /// Makes the lanes between the channels and the stride of pixels zero.
    @inline(__always)
    static func clearLanes(_ y: UnsafeMutablePointer<Float>, pixels: Range<Int>, channels: Int, stride: Int) {
        guard stride > channels else { return }
        for pixel in pixels { for lane in channels..<stride { y[pixel * stride + lane] = 0 } }
    }

    /// The variant of a MaxPool without indices, or of an AveragePool.
    static func pool(_ node: NodeView) -> [Variant] {
        guard !node.has(output: 1), let kernel = try? node.ints("kernel_shape") else { return [] }
        return variant(node, flopsPerElement: Double(kernel.elementCount) / 4)
    }

    static let makePool: @Sendable (HostNode) throws(WeftError) -> HostKernel.Body = { node throws(WeftError) in
        let shape = try ConvShape(node.view)
        let isMaximum = node.view.opType == "MaxPool"
        let stride = Layout.pixelStride(channels: shape.channels)
        let padded = isMaximum ? false : try node.view.flag("count_include_pad")
        let (h, w) = (shape.windows.height, shape.windows.width)
        let form = weft_pool(
            batch: shape.batch, in_h: h.grid, in_w: w.grid, channels: shape.channels, in_stride: stride,
            out_h: h.steps, out_w: w.steps, out_stride: stride, kernel_h: h.kernel, kernel_w: w.kernel,
            stride_h: h.stride, stride_w: w.stride, dilation_h: h.dilation, dilation_w: w.dilation, pad_top: h.begin,
            pad_left: w.begin, pad_bottom: h.end, pad_right: w.end, count_include_pad: padded)
        let (rows, width) = (shape.batch * h.steps, w.steps)
        let grain = 1 + 8_000 / (width * stride)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try invocation.workers.forEachRange(of: rows, grain: grain) { range, _ in
                withUnsafePointer(to: form) { form in
                    if isMaximum {
                        weft_max_pool_f32(form, range.lowerBound, range.upperBound, x, y)
                    } else {
                        weft_average_pool_f32(form, range.lowerBound, range.upperBound, x, y)
                    }
                }
                clearLanes(
                    y, pixels: range.lowerBound * width..<range.upperBound * width, channels: shape.channels,
                    stride: stride)
            }
        }
    }

    /// The variants of GlobalAveragePool: from pixels to one pixel, or to a plain row of channels.
    static func mean(_ node: NodeView) -> [Variant] {
        guard admits(node) else { return [] }
        let count = Double(node.inputShape(0).elementCount)
        let work = Work(.elementwise, flops: count / 2, bytes: Double(node.input(0)?.type.byteCount ?? 0))
        return [Layout.nhwc, .plain].map { layout in
            Variant(
                layout == .nhwc ? "pixels" : "pixels to plain", work: work, inputLayouts: [.nhwc],
                outputLayouts: [layout])
        }
    }

    static let makeMean: @Sendable (HostNode) throws(WeftError) -> HostKernel.Body = { node throws(WeftError) in
        let shape = node.view.inputShape(0)
        let (batch, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3])
        let stride = Layout.pixelStride(channels: channels)
        let step = node.variant == "pixels" ? stride : channels
        let block = 64
        let blocks = (channels + block - 1) / block
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try invocation.workers.forEachRange(of: batch * blocks, grain: 1 + 16_000 / (pixels * block)) { range, _ in
                for part in range {
                    let (image, first) = (part / blocks, part % blocks * block)
                    weft_mean_pixels_f32(
                        pixels, Swift.min(block, channels - first), x + image * pixels * stride + first, stride,
                        y + image * step + first)
                }
            }
            clearLanes(y, pixels: 0..<batch, channels: channels, stride: step)
        }
    }

    /// The variant of a Resize to the nearest pixel that leaves batch and channels alone.
    static func nearest(_ node: NodeView) -> [Variant] {
        guard admits(node), node.inputShape(0)[..<2] == node.outputShape(0)[..<2],
            let sampling = try? ResizeSampling(node), sampling.isNearest,
            sampling.axes[0].isIdentity, sampling.axes[1].isIdentity,
            sampling.axes.allSatisfy({ list in list.positions.allSatisfy { $0 >= 0 } })
        else { return [] }
        return variant(node, flopsPerElement: 0.5)
    }

    static let makeNearest: @Sendable (HostNode) throws(WeftError) -> HostKernel.Body = { node throws(WeftError) in
        let sampling = try ResizeSampling(node.view)
        let shape = node.view.inputShape(0)
        let (batch, channels) = (shape[0], shape[1])
        let stride = Layout.pixelStride(channels: channels)
        let (rows, columns) = (sampling.axes[2], sampling.axes[3])
        let sources = rows.positions.flatMap { row in columns.positions.map { row * shape[3] + $0 } }
        let (inputs, outputs) = (shape[2] * shape[3], sources.count)
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            try invocation.workers.forEachRange(of: batch * outputs, grain: 1 + 16_000 / stride) { range, _ in
                sources.withUnsafeBufferPointer { table in
                    guard let table = table.baseAddress else { return }
                    var first = range.lowerBound
                    while first < range.upperBound {
                        let (image, place) = (first / outputs, first % outputs)
                        let count = Swift.min(range.upperBound - first, outputs - place)
                        (table + place).withMemoryRebound(to: Int.self, capacity: count) { table in
                            weft_gather_pixels_f32(
                                count, channels, x + image * inputs * stride, stride, table, y + first * stride, stride)
                        }
                        first += count
                    }
                }
                clearLanes(y, pixels: range, channels: channels, stride: stride)
            }
        }
    }

    /// The variant of a Resize by straight lines between pixels that leaves batch and channels alone.
    static func bilinear(_ node: NodeView) -> [Variant] {
        guard admits(node), let sampling = try? ResizeSampling(node), (try? node.string("mode")) == "linear",
            sampling.axes.prefix(2).allSatisfy(\.isIdentity), sampling.axes[2...].allSatisfy(\.isLine)
        else { return [] }
        return variant(node, flopsPerElement: 4)
    }

    static let makeBilinear: @Sendable (HostNode) throws(WeftError) -> HostKernel.Body = { node throws(WeftError) in
        let sampling = try ResizeSampling(node.view)
        let (from, to) = (node.view.inputShape(0), node.view.outputShape(0))
        let (channels, width) = (from[1], to[3])
        let stride = Layout.pixelStride(channels: channels)
        let (rows, columns) = (sampling.axes[2].ends, sampling.axes[3].ends)
        let (left, right) = (columns.map(\.first), columns.map(\.second))
        let parts = columns.map(\.part)
        let line = from[3] * stride
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            let grain = 1 + 8_000 / (width * stride)
            try invocation.workers.forEachRange(of: to[0] * to[2], grain: grain) { range, _ in
                for row in range {
                    let (image, place) = (x + row / to[2] * from[2] * line, rows[row % to[2]])
                    weft_bilinear_row_f32(
                        width, channels, image + place.first * line, image + place.second * line, place.part, stride,
                        left, right, parts, y + row * width * stride, stride)
                }
                clearLanes(
                    y, pixels: range.lowerBound * width..<range.upperBound * width, channels: channels, stride: stride)
            }
        }
    }

    /// The variant of BatchNormalization with given statistics.
    static func normalization(_ node: NodeView) -> [Variant] {
        guard admits(node), (try? node.flag("training_mode")) == false else { return [] }
        return variant(node, flopsPerElement: 1, scratch: 8 * Layout.pixelStride(channels: node.inputShape(0)[1]))
    }

    static let makeNormalization: @Sendable (HostNode) throws(WeftError) -> HostKernel.Body = {
        node throws(WeftError) in
        let shape = node.view.inputShape(0)
        let (channels, pixels) = (shape[1], shape[0] * shape[2] * shape[3])
        let stride = Layout.pixelStride(channels: channels)
        let epsilon = Double(try node.view.float("epsilon"))
        return { invocation throws(WeftError) in
            let x = invocation.input(0, as: Float.self)
            let y = invocation.output(0, as: Float.self)
            let scale = invocation.input(1, as: Float.self)
            let bias = invocation.input(2, as: Float.self)
            let mean = invocation.input(3, as: Float.self)
            let variance = invocation.input(4, as: Float.self)
            let factors = invocation.scratch(as: Float.self)
            let offsets = factors + stride
            for channel in 0..<channels {
                let factor = Double(scale[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
                factors[channel] = Float(factor)
                offsets[channel] = Float(Double(bias[channel]) - Double(mean[channel]) * factor)
            }
            try invocation.workers.forEachRange(of: pixels, grain: 1 + 16_000 / stride) { range, _ in
                for pixel in range {
                    let (source, target) = (x + pixel * stride, y + pixel * stride)
                    for channel in 0..<channels {
                        target[channel] = source[channel] * factors[channel] + offsets[channel]
                    }
                }
                clearLanes(y, pixels: range, channels: channels, stride: stride)
            }
        }
    }
}
