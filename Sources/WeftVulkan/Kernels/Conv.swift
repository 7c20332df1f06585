#if Vulkan
    import WeftProvider

    extension VulkanKernel {
        static let conv = VulkanKernel { (lowering) throws(WeftError) in
            try Convolution(lowering, transposed: false).lower(lowering)
        }

        static let convTranspose = VulkanKernel { (lowering) throws(WeftError) in
            try Convolution(lowering, transposed: true).lower(lowering)
        }
    }

    /// A convolution's sizes, and what is done to its results: a fused node's activation, residual, second activation.
    struct Convolution {
        let window: Window
        let batch: Int
        let groups: Int
        /// Channels of one group.
        let inputChannels: Int
        let outputChannels: Int
        let transposed: Bool
        var activation = Activation.none
        var post = Activation.none
        /// The input that is added between the two activations.
        var residual: Int?

        init(_ lowering: Lowering, transposed: Bool) throws(WeftError) {
            guard let made = Convolution(lowering.node, transposed: transposed) else {
                throw WeftError(.internalInconsistency, "a convolution that the table does not have")
            }
            self = made
        }

        /// Nil for a node that `VulkanTable.convolves` declines.
        init?(_ node: NodeView, transposed: Bool) {
            guard let window = Window(node) else { return nil }
            self.window = window
            self.transposed = transposed
            batch = node.inputShape(0)[0]
            groups = node.int("group", otherwise: 1)
            inputChannels = node.inputShape(0)[1] / groups
            outputChannels = node.outputShape(0)[1] / groups
        }

        private var pixels: Int { window.output.h * window.output.w }

        func lower(_ lowering: Lowering) throws(WeftError) {
            if inputChannels == 1, !transposed {
                try depthwise(lowering)
            } else {
                try tiled(lowering)
            }
        }

        /// Bindings past the weights: bias, residual, output.
        private func operands(_ lowering: Lowering, _ weights: Resource) throws(WeftError) -> [Binding] {
            let x = try lowering.input(0)
            let bias = lowering.node.has(input: 2) ? try lowering.input(2) : x
            let added: Resource
            if let residual { added = try lowering.input(residual) } else { added = x }
            return [.read(x), .read(weights), .read(bias), .read(added), .write(try lowering.output())]
        }

        private func switches(_ node: NodeView) -> [UInt32] {
            [
                activation.function.rawValue, node.has(input: 2) ? 1 : 0, residual == nil ? 0 : 1,
                post.function.rawValue,
            ]
        }

        private var parameters: [UInt32] { [activation.a.word, activation.b.word, post.a.word, post.b.word] }

        private func depthwise(_ lowering: Lowering) throws(WeftError) {
            let channels = groups * outputChannels
            let size = lowering.tileWorkgroup
            let tile = pixels >= 4 * size ? 4 : 1
            let grid = try grid(lowering, pixels: pixels, perGroup: size * tile, rows: batch * channels)
            try lowering.dispatch(
                "depthwise_f32", workgroup: size, [UInt32(tile)] + switches(lowering.node),
                try operands(lowering, try lowering.input(1)),
                push: Window.words(
                    channels, outputChannels, window.input.h, window.input.w, window.output.h, window.output.w,
                    window.kernel.h, window.kernel.w, window.stride.h, window.stride.w, window.dilation.h,
                    window.dilation.w, window.begin.h, window.begin.w) + parameters,
                grid: grid)
        }

        /// Whether four pixels can be read at once: 1 x 1 over planes that divide by four.
        private var isPointwise: Bool {
            let plain =
                window.kernel == (1, 1) && window.stride == (1, 1) && window.begin == (0, 0) && window.end == (0, 0)
            return plain && !transposed && pixels % 4 == 0
        }

        /// The tiles that this convolution may run with; none where it has no use for them.
        func candidates(_ device: DeviceDescription) -> [Tile] {
            if inputChannels == 1, !transposed { return [] }
            // Weights are read four channels at a time.
            return Tile.candidates(rows: max(outputChannels, 4), vector: isPointwise, device)
        }

        private func tiled(_ lowering: Lowering) throws(WeftError) {
            let device = lowering.description
            let size = lowering.tileWorkgroup
            let all = batch * pixels
            let choice = Tile.named(lowering.variant, among: candidates(device))
            let tiles = ceilDivide(outputChannels, choice.rows)
            let tile = choice.narrowed(device) { ceilDivide(all, size * $0) * groups * tiles }
            let weights = try lowering.packed(
                input: 1, "conv.g\(groups).t\(tile.rows)\(transposed ? ".transposed" : "")"
            ) { bytes throws(WeftError) in packWeights(bytes, tile.rows) }
            let grid = try grid(lowering, pixels: all, perGroup: size * tile.columns, rows: groups * tiles)
            let constants = [UInt32(tile.rows), UInt32(tile.columns)] + switches(lowering.node)
            if tile.vector {
                try lowering.dispatch(
                    "pointwise_f32", workgroup: size, constants, try operands(lowering, weights),
                    push: Window.words(batch, inputChannels, outputChannels, pixels, groups, tiles) + parameters,
                    grid: grid)
                return
            }
            try lowering.dispatch(
                "conv_f32", workgroup: size, constants + [transposed ? 1 : 0], try operands(lowering, weights),
                push: Window.words(
                    batch, inputChannels, window.input.h, window.input.w, outputChannels, window.output.h,
                    window.output.w, window.kernel.h, window.kernel.w, window.stride.h, window.stride.w,
                    window.dilation.h, window.dilation.w, window.begin.h, window.begin.w, groups, tiles) + parameters,
                grid: grid)
        }

        /// x and z: blocks of pixels; y: the rest.
        private func grid(_ lowering: Lowering, pixels: Int, perGroup: Int, rows: Int) throws(WeftError) -> Grid {
            let limit = lowering.groupLimit
            let blocks = ceilDivide(pixels, perGroup)
            let x = min(blocks, limit)
            let z = ceilDivide(blocks, x)
            guard rows <= limit, z <= limit else {
                throw WeftError(.internalInconsistency, "a convolution of \(rows) rows exceeds \(limit) workgroups")
            }
            return Grid(x, rows, z)
        }

        /// [group][tile][ky][kx][c][tm] from ONNX's [m][c][ky][kx], or [c][m][ky][kx] where transposed.
        private func packWeights(_ bytes: UnsafeRawBufferPointer, _ tm: Int) -> [Float] {
            let taps = window.kernel.h * window.kernel.w
            let tiles = ceilDivide(outputChannels, tm)
            var packed = [Float](repeating: 0, count: groups * tiles * taps * inputChannels * tm)
            for group in 0..<groups {
                for m in 0..<outputChannels {
                    for c in 0..<inputChannels {
                        let from =
                            transposed
                            ? ((group * inputChannels + c) * outputChannels + m) * taps
                            : ((group * outputChannels + m) * inputChannels + c) * taps
                        for tap in 0..<taps {
                            let to = (((group * tiles + m / tm) * taps + tap) * inputChannels + c) * tm + m % tm
                            packed[to] = bytes.loadUnaligned(fromByteOffset: 4 * (from + tap), as: Float.self)
                        }
                    }
                }
            }
            return packed
        }
    }

    extension VulkanTable {
        static let conv = row(
            "Conv", types: TypeConstraint([.float32]), if: convolves && .constant(input: 1), work: convolutionWork,
            tiles: { Convolution($0, transposed: false)?.candidates($1) ?? [] }, .conv)

        static let convTranspose = row(
            "ConvTranspose", types: TypeConstraint([.float32]),
            if: convolves && .constant(input: 1) && .attribute("auto_pad", in: ["NOTSET", "VALID"]),
            work: convolutionWork, tiles: { Convolution($0, transposed: true)?.candidates($1) ?? [] }, .convTranspose)

        /// What convolutions of either direction ask of their shapes.
        static let convolves = Condition("rank 3 or 4") { node, device in
            guard (3...4).contains(node.inputShape(0).count) else {
                return .rank(node.inputShape(0).count, operand: 0)
            }
            guard Window(node) != nil else { return .other("its window does not fit its rank") }
            let groups = node.int("group", otherwise: 1)
            guard groups > 0, node.inputShape(0)[1] % groups == 0, node.outputShape(0)[1] % groups == 0 else {
                return .attribute("group", got: "\(groups)")
            }
            let limit = device.limit(DeviceLimit.groupCount)
            let rows = node.outputShape(0)[0] * node.outputShape(0)[1]
            return rows <= limit ? nil : .limit(DeviceLimit.groupCount, needs: rows, has: limit)
        }

        /// Two operations a weight and pixel.
        static func convolutionWork(_ node: NodeView) -> Work {
            var work = Work.elements(of: node)
            let groups = node.int("group", otherwise: 1)
            let depthwise = node.inputShape(0).count > 1 && node.inputShape(0)[1] == groups
            let pixels =
                node.opType == "ConvTranspose" ? node.inputShape(0).dropFirst(2) : node.outputShape(0).dropFirst(2)
            let batch = node.inputShape(0).first ?? 1
            work.flops = 2 * Double(node.inputShape(1).elementCount) * Double(batch * pixels.reduce(1, *))
            work.rate = depthwise ? .direct : .gemm
            return work
        }
    }
#endif
