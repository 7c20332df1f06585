#if Vulkan
    import WeftProvider

    /// A convolution's sizes, and what is done to its results.
    struct Convolution {
        let windows: Windows
        let batch: Int
        let groups: Int
        /// Channels of one group.
        let inputChannels: Int
        let outputChannels: Int
        let transposed: Bool
        var epilogue = Epilogue()

        /// Nil for a node that `VulkanTable.convolves` declines.
        init?(_ node: NodeView, transposed: Bool) {
            guard let windows = try? Windows(node) else { return nil }
            self.windows = windows
            self.transposed = transposed
            batch = node.inputShape(0)[0]
            groups = node.int("group", otherwise: 1)
            inputChannels = node.inputShape(0)[1] / groups
            outputChannels = node.outputShape(0)[1] / groups
        }

        private var height: WindowAxis { windows.height }
        private var width: WindowAxis { windows.width }
        private var pixels: Int { windows.steps }
        /// One input channel a group, and a window that a shader can unroll.
        private var isDepthwise: Bool {
            inputChannels == 1 && !transposed && DepthwiseBlock.unrolls(windows, rows: 1, columns: 1)
        }

        private var isPlain: Bool { windows.isIdentity && !transposed }

        /// 1 x 1 over planes of one pixel: a matrix product with a row for each of the batch.
        private var product: MatrixProduct? {
            guard isPlain, pixels == 1, groups == 1, windows.grid == 1, !isDepthwise else { return nil }
            return MatrixProduct(m: batch, n: outputChannels, k: inputChannels)
        }

        /// What tiles are cut to; nil for a convolution that has no use for them.
        var demand: TileDemand? {
            if let product { return product.demand }
            if isDepthwise { return nil }
            // Pixels are read four at a time from planes that divide by four.
            let vector = isPlain && pixels % 4 == 0
            return TileDemand(
                family: vector ? .pointwise : .convolution, rows: outputChannels, step: 4, vector: vector, shares: true)
        }

        func lower(_ lowering: Lowering) throws(WeftError) {
            if isDepthwise { return try depthwise(lowering) }
            guard var product else { return try tiled(lowering) }
            product.epilogue = epilogue
            if lowering.node.has(input: 2) {
                product.bias = try lowering.input(2)
                product.biasColumn = 1
            }
            let (n, k) = (outputChannels, inputChannels)
            let weights = try lowering.packed(input: 1, "gemm.transposed") { bytes throws(WeftError) in
                MatrixProduct.transposed(bytes, rows: n, columns: k)
            }
            try product.lower(lowering, a: try lowering.input(0), b: weights)
        }

        /// Bindings past the weights: bias, residual, output.
        private func operands(_ lowering: Lowering, _ weights: Resource) throws(WeftError) -> [Binding] {
            let x = try lowering.input(0)
            let bias = lowering.node.has(input: 2) ? try lowering.input(2) : x
            return [
                .read(x), .read(weights), .read(bias), .read(try epilogue.operand(lowering, otherwise: x)),
                .write(try lowering.output()),
            ]
        }

        private func depthwise(_ lowering: Lowering) throws(WeftError) {
            let channels = groups * outputChannels
            let block = DepthwiseBlock(windows, lowering.description)
            let count =
                batch * channels * ceilDivide(height.steps, block.rows) * ceilDivide(width.steps, block.columns)
            try lowering.dispatch(
                "depthwise_f32",
                epilogue.switches(bias: lowering.node.has(input: 2)) + [0]
                    + [UInt32].words(
                        block.rows, block.columns, height.kernel, width.kernel, height.stride, width.stride,
                        height.dilation, width.dilation),
                try operands(lowering, try lowering.input(1)),
                push: [UInt32].words(
                    count, channels, outputChannels, height.grid, width.grid, height.steps, width.steps,
                    height.begin, width.begin) + epilogue.parameters,
                elements: count)
        }

        private func tiled(_ lowering: Lowering) throws(WeftError) {
            let device = lowering.description
            let size = lowering.tileWorkgroup
            let all = batch * pixels
            let choice = Tile.named(lowering.variant, among: demand?.tiles(device) ?? [])
            let tiles = ceilDivide(outputChannels, choice.rows)
            let tile = choice.narrowed(device) { ceilDivide(all, size * $0) * groups * tiles }
            let weights = try lowering.packed(
                input: 1, "conv.g\(groups).t\(tile.rows)\(transposed ? ".transposed" : "")"
            ) { bytes throws(WeftError) in packWeights(bytes, tile.rows) }
            let perGroup = tile.block ? tile.columns : size * tile.columns
            let grid = try grid(lowering, pixels: all, perGroup: perGroup, rows: groups * tiles)
            let constants =
                epilogue.switches(bias: lowering.node.has(input: 2))
                + [UInt32].words(transposed ? 1 : 0, tile.rows, tile.columns, tile.lanes)
            let suffix = tile.block ? "_block" : tile.lanes > 1 ? "_share" : ""
            if tile.vector {
                try lowering.dispatch(
                    "pointwise_f32" + suffix, workgroup: size, constants, try operands(lowering, weights),
                    push: [UInt32].words(batch, inputChannels, outputChannels, pixels, groups, tiles)
                        + epilogue.parameters,
                    grid: grid)
                return
            }
            try lowering.dispatch(
                "conv_f32" + suffix, workgroup: tile.block ? Tile.side * Tile.side : size, constants,
                try operands(lowering, weights),
                push: [UInt32].words(
                    batch, inputChannels, height.grid, width.grid, outputChannels, height.steps,
                    width.steps, height.kernel, width.kernel, height.stride, width.stride,
                    height.dilation, width.dilation, height.begin, width.begin, groups, tiles)
                    + epilogue.parameters,
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
            let taps = height.kernel * width.kernel
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

    /// The pixels of one channel that an invocation of depthwise.comp computes.
    struct DepthwiseBlock {
        let rows: Int
        let columns: Int

        /// As many as the device keeps with the inputs that they reach: a row of inputs at a time, and all sums.
        init(_ windows: Windows, _ device: DeviceDescription) {
            let most = device.usesHostCores ? 4 : 2
            var rows = min(most, windows.height.steps)
            var columns = min(4, windows.width.steps)
            while rows > 1, !Self.unrolls(windows, rows: rows, columns: columns) { rows /= 2 }
            while columns > 1, !Self.unrolls(windows, rows: rows, columns: columns) { columns /= 2 }
            self.rows = rows
            self.columns = columns
        }

        /// Whether the inputs that a block reaches are few enough to unroll their reads.
        static func unrolls(_ windows: Windows, rows: Int, columns: Int) -> Bool {
            func reach(_ count: Int, _ axis: WindowAxis) -> Int {
                (count - 1).multipliedReportingOverflow(by: axis.stride).partialValue
                    &+ (axis.kernel - 1).multipliedReportingOverflow(by: axis.dilation).partialValue &+ 1
            }
            let (height, width) = (reach(rows, windows.height), reach(columns, windows.width))
            return (1...256).contains(height) && (1...256).contains(width) && height * width <= 256
        }
    }
#endif
