#if Vulkan
    import WeftProvider

    /// How much of a product one invocation keeps in registers: what tuning chooses between.
    struct Tile: Hashable, Sendable {
        /// Rows (output channels) and columns (pixels) of an invocation.
        let rows: Int
        let columns: Int
        /// Columns are read four at a time, which needs them to lie side by side.
        var vector = false

        /// As variants are called: `tile16x8`, `vector16x8`.
        var name: String { "\(vector ? "vector" : "tile")\(rows)x\(columns)" }

        /// Candidates, the likeliest first.
        ///
        /// A device on the host's cores keeps a tile in its cache, so a large one saves reads; a processor of
        /// its own has some 128 registers for it.
        static func candidates(rows: Int, vector: Bool, _ device: DeviceDescription) -> [Tile] {
            let all: [Tile]
            if device.usesHostCores {
                all = [Tile(rows: 16, columns: 8), Tile(rows: 8, columns: 8), Tile(rows: 8, columns: 4)]
            } else {
                all = [Tile(rows: 8, columns: 4), Tile(rows: 4, columns: 4), Tile(rows: 8, columns: 8)]
            }
            // No more rows than there are, rounded up to a size that shaders have.
            let most = [1, 2, 4, 8].first { $0 >= rows } ?? 16
            var fitting: [Tile] = []
            for tile in all {
                let cut = Tile(rows: min(tile.rows, most), columns: tile.columns)
                for kind in vector ? [false, true] : [false] {
                    let candidate = Tile(rows: cut.rows, columns: cut.columns, vector: kind)
                    if !fitting.contains(candidate) { fitting.append(candidate) }
                }
            }
            return fitting
        }

        /// The candidate of a name, or the likeliest.
        static func named(_ name: String, among candidates: [Tile]) -> Tile {
            candidates.first { $0.name == name } ?? candidates.first ?? Tile(rows: 4, columns: 4)
        }

        /// Fewer columns until the grid has work for all of a device; `blocks` counts the workgroups of a tile.
        func narrowed(_ device: DeviceDescription, _ blocks: (Int) -> Int) -> Tile {
            let enough = device.usesHostCores ? 12 : 256
            var columns = columns
            while columns > (vector ? 4 : 1), blocks(columns) < enough { columns /= 2 }
            return Tile(rows: rows, columns: columns, vector: vector)
        }
    }
#endif
