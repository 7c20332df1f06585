#if OpenBLAS
    import WeftProvider
    import WeftProviderKit

    /// Sizes of a transposed convolution as products: for each image and group, what each input adds to its window.
    ///
    ///     columns[filters of a group x taps, pixels] = w[channels, filters x taps]^T x[channels, pixels]
    struct ConvTransposeShape: Sendable {
        /// Windows on the output, one for each input pixel.
        let windows: Windows
        /// Images times groups.
        let images: Int
        let group: Int
        /// Channels and filters of one group.
        let channels: Int
        let filters: Int
        /// Filters and input pixels of one product.
        let filtersEach: Int
        let pixelsEach: Int

        /// Floats of columns that are made at a time.
        private static let columnFloats = 1 << 18

        init(_ node: NodeView) throws(WeftError) {
            let shape = try ConvShape(node, transposed: true)
            (windows, group) = (shape.windows, shape.group)
            images = shape.batch * shape.group
            (channels, filters) = (shape.depth, shape.perGroup)
            let pixels = windows.steps
            pixelsEach = Swift.min(pixels, Swift.max(64, Self.columnFloats / (Swift.max(1, windows.taps) * 16)))
            filtersEach = Swift.min(
                filters, Swift.max(1, Self.columnFloats / Swift.max(1, windows.taps * pixelsEach)))
        }

        /// Floats of columns that a worker needs.
        var columnFloats: Int { filtersEach * windows.taps * pixelsEach }
    }

    /// Transposed convolution: products whose columns are added to the outputs that their windows see.
    enum ConvTransposeKernel {
        static let kernel = HostKernel { (node) throws(WeftError) in
            let shape = try ConvTransposeShape(node.view)
            let library = try Library.shared.get()
            let columnFloats = shape.columnFloats
            return { invocation throws(WeftError) in
                let x = invocation.input(0, as: Float.self)
                let w = invocation.input(1, as: Float.self)
                let bias = invocation.optionalInput(2, as: Float.self)
                let y = invocation.output(0, as: Float.self)
                let scratch = columnFloats > 0 ? invocation.scratch(as: Float.self) : nil
                // No two chunks share an output: workers take filters, never pixels.
                let images = shape.images
                let wanted = Swift.max(1, (invocation.workers.count + images - 1) / Swift.max(1, images))
                let each = Swift.max(1, Swift.min(shape.filtersEach, (shape.filters + wanted - 1) / wanted))
                let parts = (shape.filters + each - 1) / each
                try invocation.workers.forEach(images * parts) { index, worker in
                    let (image, part) = (index / parts, index % parts)
                    let filters = part * each..<Swift.min(shape.filters, (part + 1) * each)
                    let first = image % shape.group * shape.filters + filters.lowerBound
                    let outputs = y + (image * shape.filters + filters.lowerBound) * shape.windows.grid
                    for filter in 0..<filters.count {
                        (outputs + filter * shape.windows.grid).update(
                            repeating: bias?[first + filter] ?? 0, count: shape.windows.grid)
                    }
                    guard let scratch else { return }
                    shape.add(
                        x + image * shape.channels * shape.windows.steps,
                        w + image % shape.group * shape.channels * shape.filters * shape.windows.taps, filters, outputs,
                        scratch + worker * columnFloats, library)
                }
            }
        }
    }

    extension ConvTransposeShape {
        /// Adds to the outputs of some filters what one image's group of channels gives, block by block of pixels.
        fileprivate func add(
            _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ filters: Range<Int>,
            _ outputs: UnsafeMutablePointer<Float>, _ columns: UnsafeMutablePointer<Float>, _ library: Library
        ) {
            let taps = windows.taps
            let weights = Matrix(first: w, stride: self.filters * taps, transposed: true)
            var pixel = 0
            while pixel < windows.steps {
                let end = Swift.min(windows.steps, pixel + pixelsEach)
                library.multiply(
                    filters.count * taps, end - pixel, channels,
                    weights.from(row: filters.lowerBound * taps, column: 0),
                    Matrix(first: x, stride: windows.steps).from(row: 0, column: pixel), into: columns,
                    stride: end - pixel, adding: false)
                windows.scatter(pixel..<end, channels: filters.count, from: columns, into: outputs)
                pixel = end
            }
        }
    }

    extension OpenBLASTable {
        /// One variant: the products, whose columns are written and read once more.
        @Sendable static func transposedVariants(_ node: NodeView, _ device: DeviceDescription) -> [Variant] {
            guard let shape = try? ConvTransposeShape(node) else { return [] }
            let inputs = Double(node.inputShape(0).elementCount)
            let perInput = Double(shape.filters) * Double(shape.windows.taps)
            var work = Work.elements(of: node, rate: .gemm)
            let columns = inputs / Double(Swift.max(1, shape.channels)) * perInput
            let packed = inputs + Double(node.inputShape(1).elementCount)
            work.flops = 2 * inputs * perInput + copying * (columns + packed)
            work.bytes += 8 * (columns + packed)
            return [
                Variant("col2im", work: work, scratchPerWorker: shape.columnFloats * MemoryLayout<Float>.stride)
            ]
        }
    }
#endif
