#if OpenBLAS
    import WeftProvider
    import WeftProviderKit

    /// A convolution as products: for each image and group, weights times what windows see.
    ///
    ///     y[filters of a group, pixels] = w[filters of a group, taps] columns[taps, pixels]
    extension ConvShape {
        /// Weights of one filter.
        var taps: Int { depth * windows.taps }
        /// Whether columns have to be copied: else an image's channels are the columns.
        var gathers: Bool { !windows.isIdentity }
        /// Floats of columns that a worker needs.
        var columnFloats: Int {
            guard gathers else { return 0 }
            return taps * ConvSplit.mostPixels(windows.steps, filters: perGroup, depth: taps, gathers: true)
        }
    }

    /// Convolution as matrix products, one for each image, group and block of pixels.
    enum ConvKernel {
        static let kernel = HostKernel { (node) throws(WeftError) in
            let shape = try ConvShape(node.view)
            let library = try Library.shared.get()
            let epilogue = try Epilogue(node.view)
            let (pixels, depth, filters) = (shape.windows.steps, shape.taps, shape.perGroup)
            let columnFloats = shape.columnFloats
            return { invocation throws(WeftError) in
                let x = invocation.input(0, as: Float.self)
                let w = invocation.input(1, as: Float.self)
                let bias = invocation.optionalInput(2, as: Float.self)
                let residual = invocation.optionalInput(FusedNode.residualInput, as: Float.self)
                let y = invocation.output(0, as: Float.self)
                let scratch = columnFloats > 0 ? invocation.scratch(as: Float.self) : nil
                let workers = invocation.workers
                let split = ConvSplit(
                    images: shape.batch * shape.group, filters: filters, pixels: pixels, depth: depth,
                    gathers: shape.gathers, workers: workers.count)
                try workers.forEachRange(of: split.count, grain: split.grain) { range, worker in
                    for index in range {
                        let unit = split.unit(index)
                        let image = x + unit.image * shape.depth * shape.windows.grid
                        var columns = Matrix(first: image, stride: pixels).from(row: 0, column: unit.pixels.lowerBound)
                        if let scratch {
                            let own = scratch + worker * columnFloats
                            shape.windows.gather(unit.pixels, channels: shape.depth, from: image, into: own)
                            columns = Matrix(first: UnsafePointer(own), stride: unit.pixels.count)
                        }
                        let filter = unit.image % shape.group * filters + unit.filters.lowerBound
                        let at = (unit.image * filters + unit.filters.lowerBound) * pixels + unit.pixels.lowerBound
                        let block = ConvBlock(
                            weights: Matrix(first: w + filter * depth, stride: depth), columns: columns, depth: depth,
                            bias: bias.map { $0 + filter }, residual: residual.map { $0 + at }, y: y + at,
                            stride: pixels, epilogue: epilogue)
                        block.run(filters: unit.filters.count, pixels: unit.pixels.count, library)
                    }
                }
            }
        }
    }

    /// The product of some filters and some columns, with an epilogue.
    private struct ConvBlock {
        let weights: Matrix<Float>
        let columns: Matrix<Float>
        let depth: Int
        let bias: UnsafePointer<Float>?
        let residual: UnsafePointer<Float>?
        let y: UnsafeMutablePointer<Float>
        /// Floats from one filter's outputs to the next one's.
        let stride: Int
        let epilogue: Epilogue

        @inline(__always)
        func run(filters: Int, pixels: Int, _ library: Library) {
            let starts = bias != nil || epilogue.residual == .before
            if starts {
                for filter in 0..<filters {
                    let at = filter * stride
                    epilogue.begin(
                        y + at, pixels, bias: bias.map { $0 + filter }, biasStep: 0, residual: residual.map { $0 + at })
                }
            }
            library.multiply(filters, pixels, depth, weights, columns, into: y, stride: stride, adding: starts)
            guard epilogue.ends else { return }
            for filter in 0..<filters {
                let at = filter * stride
                epilogue.end(y + at, pixels, residual: residual.map { $0 + at })
            }
        }
    }

    extension OpenBLASTable {
        /// One variant: products of whole matrices, what is copied for them or packed written and read once more.
        @Sendable static func convolutionVariants(_ node: NodeView, _ device: DeviceDescription) -> [Variant] {
            guard let shape = try? ConvShape(node) else { return [] }
            var work = Work.elements(of: node, flopsPerElement: 2 * Double(shape.taps), rate: .gemm)
            let columns = Double(shape.batch * shape.group) * Double(shape.taps) * Double(shape.windows.steps)
            let copies = (shape.gathers ? 1.0 : 0) + (shape.perGroup > 1 ? 1 : 0)
            work.bytes += 8 * columns * copies + 2 * Double(node.input(1)?.type.byteCount ?? 0)
            work.flops += copying * (columns * copies + Double(node.inputShape(1).elementCount))
            if shape.perGroup < 8 || shape.taps < 8 { work.rate = .direct }
            return [
                Variant(
                    shape.gathers ? "im2col" : "gemm", work: work,
                    scratchPerWorker: shape.columnFloats * MemoryLayout<Float>.stride)
            ]
        }
    }
#endif
