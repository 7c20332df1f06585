import CWeftKernels
import WeftProvider
import WeftProviderKit

/// Convolution over pixels whose channels lie together: panel, Winograd and depthwise kernels, with an epilogue.
///
/// Weights are packed once. The work is split by pixels (tiles for Winograd, rows for depthwise), and by output
/// channels where there are too few pixels to go round.
enum ConvPixels {
    /// Whether a Conv node has these variants: float32 over two spatial axes, weights and bias known, nothing empty.
    static func admits(_ node: NodeView) -> Bool {
        guard node.inputType(0) == .float32, node.inputShape(0).count == 4, let weights = node.input(1)?.constant,
            weights.elementType == .float32, node.outputShape(0).count == 4
        else { return false }
        if node.has(input: 2), node.input(2)?.constant == nil { return false }
        return node.inputShape(0).elementCount > 0 && node.outputShape(0).elementCount > 0 && weights.elementCount > 0
            && (try? ConvShape(node)) != nil
    }

    /// The variants by expected time, each with blocked layouts; none where the node is not admitted.
    static func variants(_ node: NodeView) -> [Variant] {
        guard admits(node), let shape = try? ConvShape(node) else { return [] }
        let form = form(shape)
        let flops =
            2 * Double(shape.batch * shape.filters * shape.windows.steps)
            * Double(shape.depth * shape.windows.taps)
        let bytes = Double(
            node.inputs.reduce(0) { $0 + ($1?.type.byteCount ?? 0) } + (node.output(0)?.type.byteCount ?? 0))
        // The residual, if any, has the output's layout; weights and bias are constants.
        let inputs = node.inputs.indices.map { $0 == 0 || $0 == FusedNode.residualInput ? Layout.nhwc : .plain }
        func variant(_ name: String, _ rate: RateKey, _ flops: Double, scratch: Int) -> Variant {
            Variant(
                name, work: Work(rate, flops: flops, bytes: bytes), inputLayouts: inputs, outputLayouts: [.nhwc],
                scratchPerWorker: (scratch + 63) & ~63)
        }
        if isDepthwise(shape) { return [variant("depthwise", .direct, flops, scratch: 0)] }
        return withUnsafePointer(to: form) { form in
            let panel = variant("panel", .gemm, flops, scratch: weft_conv_scratch_size(form))
            let side = weft_winograd_choice(form)
            guard side > 0 else { return [panel] }
            let saved = shape.windows.height.stride == 2 ? 0.7 : side == 4 ? 0.4 : 0.6
            return [
                variant("winograd\(side)", .gemm, flops * saved, scratch: weft_winograd_scratch_size(form, side)),
                panel,
            ]
        }
    }

    static func isDepthwise(_ shape: ConvShape) -> Bool {
        shape.group == shape.channels && shape.filters == shape.channels && shape.group > 1
    }

    /// The C kernels' view of the sizes.
    static func form(_ shape: ConvShape) -> weft_conv {
        let (height, width) = (shape.windows.height, shape.windows.width)
        return weft_conv(
            batch: shape.batch, in_h: height.grid, in_w: width.grid, in_channels: shape.channels,
            in_stride: Layout.pixelStride(channels: shape.channels), out_h: height.steps, out_w: width.steps,
            out_channels: shape.filters, out_stride: Layout.pixelStride(channels: shape.filters), groups: shape.group,
            kernel_h: height.kernel, kernel_w: width.kernel, stride_h: height.stride, stride_w: width.stride,
            dilation_h: height.dilation, dilation_w: width.dilation, pad_top: height.begin, pad_left: width.begin)
    }

    static func make(_ node: HostNode) throws(WeftError) -> HostKernel.Body {
        let shape = try ConvShape(node.view)
        let epilogue = node.view.domain == FusedNode.domain ? try Epilogue(fused: node.view) : Epilogue()
        let bias = try node.view.has(input: 2) ? packedBias(node) : nil
        switch node.variant {
        case "depthwise": return try depthwise(node, form(shape), epilogue, bias)
        case "winograd2": return try winograd(node, form(shape), 2, epilogue, bias)
        case "winograd4": return try winograd(node, form(shape), 4, epilogue, bias)
        default: return try panel(node, form(shape), epilogue, bias)
        }
    }

    private static func packedBias(_ node: HostNode) throws(WeftError) -> PackedBuffer {
        try node.packed(input: 2, format: "plain") { constant throws(WeftError) in
            PackedBuffer(try constant.tensor().storage)
        }
    }

    private static func packedWeights(
        _ node: HostNode, _ format: String, floats: Int,
        _ pack: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    ) throws(WeftError) -> PackedBuffer {
        try node.packed(input: 1, format: format) { constant throws(WeftError) in
            let source = try constant.tensor()
            return try PackedBuffer(byteCount: floats * 4) { target throws(WeftError) in
                guard let host = source.storage.host else { return }
                pack(host.assumingMemoryBound(to: Float.self), target.bindMemory(to: Float.self, capacity: floats))
            }
        }
    }

    /// Zeros to read in place of pixels outside the picture.
    private static func zeros(_ form: weft_conv) throws(WeftError) -> HostBuffer {
        let count = withUnsafePointer(to: form) { weft_conv_zeros_size($0) }
        return try HostBuffer(byteCount: Swift.max(count, form.in_channels) * 4 + 64, zeroed: true)
    }

    /// How a kernel's range is cut: by its own unit, and by panels of output channels.
    private struct Split: Sendable {
        let unit: Int
        let units: Int
        let panelUnit: Int
        let panels: Int

        /// Multiply-adds that take as long as handing a chunk to another thread.
        private static let leastWork = 100_000

        /// Chunks of at least `least` units, about four for each of the pool's threads where `work` multiply-adds are
        /// worth that many.
        init(_ units: Int, least: Int, most: Int, panels: Int, work: Int, workers: Int) {
            self.units = units
            self.panels = panels
            let worth = workers == 1 ? 1 : Swift.max(1, work / Self.leastWork)
            let wanted = Swift.min(worth, workers * 4)
            unit = Swift.max(1, Swift.min(most, Swift.max(least, (units + wanted - 1) / wanted)))
            let pieces = (units + unit - 1) / unit
            // Too few pieces for the threads: cut the channels too.
            let parts = Swift.min(panels, Swift.max(1, Swift.min(worth, workers * 2) / pieces))
            panelUnit = (panels + parts - 1) / parts
        }

        var panelPieces: Int { (panels + panelUnit - 1) / panelUnit }
        var count: Int { (units + unit - 1) / unit * panelPieces }

        func ranges(_ chunk: Int) -> (Range<Int>, Range<Int>) {
            let (piece, panel) = (chunk / panelPieces, chunk % panelPieces)
            return (
                piece * unit..<Swift.min(units, (piece + 1) * unit),
                panel * panelUnit..<Swift.min(panels, (panel + 1) * panelUnit)
            )
        }
    }

    private static func multiplyAdds(_ form: weft_conv) -> Int {
        form.batch * form.out_h * form.out_w * form.out_channels * (form.in_channels / form.groups) * form.kernel_h
            * form.kernel_w
    }

    private static func panel(
        _ node: HostNode, _ form: weft_conv, _ epilogue: Epilogue, _ bias: PackedBuffer?
    ) throws(WeftError) -> HostKernel.Body {
        let (floats, panels) = withUnsafePointer(to: form) { (weft_conv_pack_weights_size($0), weft_conv_panels($0)) }
        let weights = try packedWeights(node, "panel16 g\(form.groups)", floats: floats) { source, target in
            withUnsafePointer(to: form) { weft_conv_pack_weights($0, source, target) }
        }
        let zeros = try zeros(form)
        let pixels = form.batch * form.out_h * form.out_w
        let work = multiplyAdds(form)
        return { invocation throws(WeftError) in
            let split = Split(
                pixels, least: 48, most: 384, panels: panels, work: work, workers: invocation.workers.count)
            let call = Call(invocation, epilogue, bias, weights, zeros, form)
            try invocation.workers.forEach(split.count) { chunk, worker in
                let (range, part) = split.ranges(chunk)
                call.with { form, epilogue in
                    weft_conv_f32(
                        form, range.lowerBound, range.upperBound, part.lowerBound, part.upperBound, call.x,
                        call.weights,
                        call.zeros, epilogue, call.y, call.scratch(worker))
                }
            }
        }
    }

    private static func winograd(
        _ node: HostNode, _ form: weft_conv, _ side: Int, _ epilogue: Epilogue, _ bias: PackedBuffer?
    ) throws(WeftError) -> HostKernel.Body {
        let (floats, panels, tiles) = withUnsafePointer(to: form) {
            (weft_winograd_pack_weights_size($0, side), weft_conv_panels($0), weft_winograd_tiles($0, side))
        }
        let format = "winograd\(side) s\(form.stride_h)"
        let weights = try packedWeights(node, format, floats: floats) { source, target in
            withUnsafePointer(to: form) { weft_winograd_pack_weights($0, side, source, target) }
        }
        let zeros = try zeros(form)
        let work = multiplyAdds(form)
        return { invocation throws(WeftError) in
            let split = Split(
                tiles, least: 12, most: 96, panels: panels, work: work, workers: invocation.workers.count)
            let call = Call(invocation, epilogue, bias, weights, zeros, form)
            try invocation.workers.forEach(split.count) { chunk, worker in
                let (range, part) = split.ranges(chunk)
                call.with { form, epilogue in
                    weft_winograd_f32(
                        form, side, range.lowerBound, range.upperBound, part.lowerBound, part.upperBound, call.x,
                        call.weights, call.zeros, epilogue, call.y, call.scratch(worker))
                }
            }
        }
    }

    private static func depthwise(
        _ node: HostNode, _ form: weft_conv, _ epilogue: Epilogue, _ bias: PackedBuffer?
    ) throws(WeftError) -> HostKernel.Body {
        let floats = form.in_channels * form.kernel_h * form.kernel_w
        let weights = try packedWeights(node, "depthwise", floats: floats) { source, target in
            withUnsafePointer(to: form) { weft_depthwise_pack_weights($0, source, target) }
        }
        let zeros = try zeros(form)
        let rows = form.batch * form.out_h
        let work = multiplyAdds(form)
        return { invocation throws(WeftError) in
            let split = Split(
                rows, least: 2, most: rows, panels: 1, work: work, workers: invocation.workers.count)
            let call = Call(invocation, epilogue, bias, weights, zeros, form)
            try invocation.workers.forEach(split.count) { chunk, _ in
                let (range, _) = split.ranges(chunk)
                call.with { form, epilogue in
                    weft_depthwise_f32(
                        form, range.lowerBound, range.upperBound, 0, form.pointee.in_channels, call.x, call.weights,
                        epilogue, call.y)
                }
            }
        }
    }

    /// One invocation's addresses.
    private struct Call {
        let x: UnsafePointer<Float>
        let y: UnsafeMutablePointer<Float>
        let weights: UnsafePointer<Float>
        let zeros: UnsafePointer<Float>
        private let form: weft_conv
        private let epilogue: weft_epilogue
        private let scratchBase: UnsafeMutableRawPointer?
        private let scratchStride: Int

        init(
            _ invocation: borrowing HostInvocation, _ epilogue: Epilogue, _ bias: PackedBuffer?, _ packed: PackedBuffer,
            _ zeros: HostBuffer, _ form: weft_conv
        ) {
            x = invocation.input(0, as: Float.self)
            y = invocation.output(0, as: Float.self)
            weights = packed.floats
            self.zeros = UnsafePointer((zeros.host ?? UnsafeMutableRawPointer(y)).assumingMemoryBound(to: Float.self))
            self.form = form
            self.epilogue = epilogue.form(
                bias: bias?.floats,
                residual: epilogue.residual == .none ? nil : invocation.optionalInput(FusedNode.residualInput),
                stride: form.out_stride)
            (scratchBase, scratchStride) = invocation.workerScratch
        }

        func scratch(_ worker: Int) -> UnsafeMutableRawPointer {
            scratchBase.map { $0 + worker * scratchStride } ?? UnsafeMutableRawPointer(y)
        }

        func with(_ body: (UnsafePointer<weft_conv>, UnsafePointer<weft_epilogue>) -> Void) {
            withUnsafePointer(to: form) { form in withUnsafePointer(to: epilogue) { body(form, $0) } }
        }
    }
}

extension PackedBuffer {
    /// The packed floats. A packed buffer always has host memory.
    var floats: UnsafePointer<Float> {
        guard let host = view.host else { preconditionFailure("a packed constant has no memory") }
        return UnsafePointer(host.assumingMemoryBound(to: Float.self))
    }
}

extension CPUKernels {
    /// A convolution with bias, activation and residual in one pass.
    static let fusedConv = SupportRow(
        "FusedConv", domain: FusedNode.domain, types: TypeConstraint([.float32]),
        if: .rank(4...4) && .constant(input: 1) && .constant(input: 2)
            && Condition("nothing empty") { node, _ in ConvPixels.admits(node) ? nil : .other("has empty operands") },
        variants: { node, _ in ConvPixels.variants(node) },
        kernel: HostKernel { node throws(WeftError) in try ConvPixels.make(node) })
}
