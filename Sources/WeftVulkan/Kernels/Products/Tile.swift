#if Vulkan
    import WeftProvider

    /// How much of a product one invocation keeps in registers: what tuning chooses between.
    struct Tile: Hashable, Sendable {
        /// Rows (output channels) and columns (pixels) of an invocation.
        let rows: Int
        let columns: Int
        /// Columns are read four at a time, which needs them to lie side by side.
        var vector = false
        /// Lanes of a subgroup that hand each other what all of them read; 1 where each reads for itself.
        var lanes = 1
        /// A whole workgroup's, in shared memory; `rows` and `columns` are the workgroup's then.
        var block = false

        /// As variants are called: `tile16x8`, `vector16x8`, `vector64x4shared`, `block32x32`.
        var name: String {
            "\(block ? "block" : vector ? "vector" : "tile")\(rows)x\(columns)\(lanes > 1 ? "shared" : "")"
        }

        /// Invocations along each side of the square that a block is shared among, as block.glsl has it.
        static let side = 8

        /// The candidate of a name, or the likeliest.
        static func named(_ name: String, among candidates: [Tile]) -> Tile {
            candidates.first { $0.name == name } ?? candidates.first ?? Tile(rows: 4, columns: 4)
        }

        /// Fewer columns until the grid has work for all of a device; `blocks` counts the workgroups of a tile.
        func narrowed(_ device: DeviceDescription, _ blocks: (Int) -> Int) -> Tile {
            let enough = device.usesHostCores ? 8 : 256
            var tile = self
            while !block, tile.columns > (vector ? 4 : 1), blocks(tile.columns) < enough {
                tile = Tile(rows: rows, columns: tile.columns / 2, vector: vector, lanes: lanes)
            }
            return tile
        }
    }

    /// The size and kind of a tile before it is cut to a product.
    struct TileShape: Hashable, Sendable {
        /// The most rows.
        let rows: Int
        let columns: Int
        var vector = false
        var shared = false
        var block = false

        var name: String {
            "\(block ? "block" : vector ? "vector" : "tile")\(rows)x\(columns)\(shared ? "shared" : "")"
        }

        /// What a device's limits allow, the likeliest first.
        ///
        /// A device on the host's cores keeps a tile in its cache, so a large one saves reads; a processor of its own
        /// has some 128 registers for it, and reads once what all lanes of a subgroup read.
        static func all(_ device: DeviceDescription) -> [TileShape] {
            let lanes = device.features.contains(DeviceFeature.shuffle) ? device.limit(DeviceLimit.subgroup) : 1
            let plain: [TileShape]
            var shared: [TileShape]
            var blocks = [64, 32].map { TileShape(rows: $0, columns: $0, block: true) }
            if device.limit(DeviceLimit.invocations) < Tile.side * Tile.side { blocks = [] }
            if device.usesHostCores {
                plain = [.init(rows: 16, columns: 8), .init(rows: 8, columns: 8), .init(rows: 8, columns: 4)]
                shared = [(64, 4), (32, 8), (16, 8)].map { .init(rows: $0.0, columns: $0.1, shared: true) }
            } else {
                plain = [.init(rows: 8, columns: 4), .init(rows: 4, columns: 4), .init(rows: 8, columns: 8)]
                shared = [(16, 4), (32, 2)].map { .init(rows: $0.0, columns: $0.1, shared: true) }
            }
            if lanes < 2 { shared = [] }
            let ordered = (device.usesHostCores ? shared + plain : plain + shared).flatMap { shape in
                [true, false].map {
                    TileShape(rows: shape.rows, columns: shape.columns, vector: $0, shared: shape.shared)
                }
            }
            return ordered + blocks
        }
    }

    /// A product that tiles are cut to.
    struct TileDemand: Sendable {
        /// What kernel runs it: tuned apart from the others.
        enum Family: String, Sendable, CaseIterable { case convolution, pointwise, matrix }

        var family: Family
        var rows: Int
        /// What a tile's rows must be a multiple of.
        var step = 1
        /// Whether columns can be read four at a time.
        var vector: Bool
        /// Whether lanes can hand each other the left operand.
        var shares: Bool

        /// Few rows and many are tuned apart.
        var kind: String { "\(family.rawValue).\(rows <= 16 ? "narrow" : "wide")" }

        /// The tiles that a device may run it with: the remembered one first, else the likeliest.
        func tiles(_ device: DeviceDescription) -> [Tile] {
            var shapes = TileShape.all(device).filter { (vector || !$0.vector) && (shares || !$0.shared) }
            if let name = TileFeature.preferred(kind, device), let best = shapes.firstIndex(where: { $0.name == name })
            {
                shapes.swapAt(0, best)
            }
            var tiles: [Tile] = []
            for shape in shapes {
                guard let tile = cut(shape, device), !tiles.contains(tile) else { continue }
                tiles.append(tile)
            }
            return tiles
        }

        /// A shape's tile for this many rows; nil where nothing is shared.
        func cut(_ shape: TileShape, _ device: DeviceDescription) -> Tile? {
            if shape.block {
                let side = Tile.side
                return Tile(rows: min(shape.rows, ceilDivide(rows, side) * side), columns: shape.columns, block: true)
            }
            guard shape.shared else {
                // No more rows than there are, rounded up to a size that shaders have.
                let most = [1, 2, 4, 8].first { $0 >= Swift.max(rows, step) } ?? 16
                return Tile(rows: min(shape.rows, most), columns: shape.columns, vector: shape.vector)
            }
            // Tiles of one size that cover the rows with little to spare, and parts that lanes divide evenly.
            let even = ceilDivide(rows, ceilDivide(rows, shape.rows))
            let parts = ceilDivide(even, step)
            let reads = ceilDivide(parts, device.limit(DeviceLimit.subgroup))
            let lanes = ceilDivide(parts, reads)
            guard lanes > 1 else { return nil }
            let size = step > 1 ? lanes * reads * step : even
            return Tile(rows: size, columns: shape.columns, vector: shape.vector, lanes: lanes)
        }
    }
#endif
