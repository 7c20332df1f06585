#if OpenBLAS
    /// How a convolution is cut into units: images and groups, blocks of output pixels, blocks of filters.
    struct ConvSplit: Sendable {
        /// One unit: a matrix product with its own columns.
        struct Unit {
            /// Image times groups plus group.
            let image: Int
            let filters: Range<Int>
            let pixels: Range<Int>
        }

        private let filters: Int
        private let pixels: Int
        private let filtersEach: Int
        private let pixelsEach: Int
        let count: Int
        /// Units that make a chunk worth a worker's while.
        let grain: Int

        /// Floats that a worker's columns take at most, unless the fewest pixels worth a call take more.
        private static let columnFloats = 1 << 18
        private static let outputFloats = 1 << 17
        private static let fewest = 192
        private static let narrowest = 96
        private static let least = 300_000.0

        /// The most pixels of a unit, for a product of `depth`; `gathers` where columns are copied.
        static func mostPixels(_ pixels: Int, filters: Int, depth: Int, gathers: Bool) -> Int {
            var most = outputFloats / Swift.max(1, filters)
            if gathers { most = Swift.min(most, columnFloats / Swift.max(1, depth)) }
            return Swift.min(Swift.max(most, fewest) / 16 * 16, pixels)
        }

        init(images: Int, filters: Int, pixels: Int, depth: Int, gathers: Bool, workers: Int) {
            self.filters = filters
            self.pixels = pixels
            guard images > 0, filters > 0, pixels > 0 else {
                (filtersEach, pixelsEach, count, grain) = (filters, pixels, 0, 1)
                return
            }
            let most = Self.mostPixels(pixels, filters: filters, depth: depth, gathers: gathers)
            var blocks = (pixels + most - 1) / most
            var parts = 1
            let flops = 2 * Double(filters) * Double(pixels) * Double(Swift.max(1, depth))
            if workers > 1, images % workers != 0, flops * Double(images) > Self.least * Double(workers) {
                let even = (blocks + workers - 1) / workers * workers
                if pixels / even >= Self.narrowest { blocks = even }
                if blocks * images < workers {
                    parts = Swift.min((workers + blocks * images - 1) / (blocks * images), Swift.max(1, filters / 16))
                }
            }
            func each(_ length: Int, _ parts: Int, _ step: Int) -> Int {
                Swift.min(((length + parts - 1) / parts + step - 1) / step * step, length)
            }
            pixelsEach = Swift.min(each(pixels, blocks, 16), most)
            filtersEach = each(filters, parts, parts == 1 ? 1 : 8)
            let across = (pixels + pixelsEach - 1) / pixelsEach
            let down = (filters + filtersEach - 1) / filtersEach
            count = images * across * down
            let perUnit = flops / Double(across * down)
            grain = Int(Swift.max(1, (Self.least / perUnit).rounded(.up)))
        }

        func unit(_ index: Int) -> Unit {
            let across = (pixels + pixelsEach - 1) / pixelsEach
            let down = (filters + filtersEach - 1) / filtersEach
            let (block, image) = (index % (across * down), index / (across * down))
            let (filter, pixel) = (block / across * filtersEach, block % across * pixelsEach)
            return Unit(
                image: image, filters: filter..<Swift.min(filters, filter + filtersEach),
                pixels: pixel..<Swift.min(pixels, pixel + pixelsEach))
        }
    }
#endif
