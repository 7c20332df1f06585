#if OpenBLAS
    /// How a batch of products of one size is cut into chunks for workers: by matrices, else by rows or columns.
    ///
    /// Each call packs its operands anew, so chunks are as few as keeps workers busy, and cut the longer side.
    struct ProductSplit: Sendable {
        /// One chunk: a block of rows and columns of some matrices.
        struct Chunk {
            let matrices: Range<Int>
            let rows: Range<Int>
            let columns: Range<Int>
        }

        private let batch: Int
        private let rows: Int
        private let columns: Int
        private let matricesEach: Int
        private let rowsEach: Int
        private let columnsEach: Int
        let count: Int

        /// Operations that are worth a worker's while.
        private static let least = 500_000.0
        /// Rows or columns that a kernel of the library works on at a time, and the least that fill it well.
        private static let step = 16
        private static let narrowest = 32

        init(batch: Int, rows: Int, columns: Int, depth: Int, workers: Int) {
            self.batch = batch
            self.rows = rows
            self.columns = columns
            let flops = 2 * Double(rows) * Double(columns) * Double(Swift.max(depth, 1))
            let worth = Int(Swift.min(flops * Double(batch) / Self.least, 1e6))
            let wanted = workers == 1 ? 1 : Swift.max(1, Swift.min(2 * workers, worth))
            matricesEach = Swift.max(1, (batch + wanted - 1) / wanted)
            let chunks = Swift.max(1, (batch + matricesEach - 1) / matricesEach)
            let parts = (wanted + chunks - 1) / chunks
            func part(_ length: Int) -> Int {
                let size = Swift.max((length + parts - 1) / parts, Self.narrowest)
                return Swift.min((size + Self.step - 1) / Self.step * Self.step, length)
            }
            rowsEach = rows >= columns ? part(rows) : rows
            columnsEach = rows >= columns ? columns : part(columns)
            let empty = batch == 0 || rows == 0 || columns == 0
            let blocks = empty ? 0 : (rows + rowsEach - 1) / rowsEach * ((columns + columnsEach - 1) / columnsEach)
            count = empty ? 0 : chunks * blocks
        }

        func chunk(_ index: Int) -> Chunk {
            let across = (columns + columnsEach - 1) / columnsEach
            let down = (rows + rowsEach - 1) / rowsEach
            let (block, matrix) = (index % (across * down), index / (across * down) * matricesEach)
            let (row, column) = (block / across * rowsEach, block % across * columnsEach)
            return Chunk(
                matrices: matrix..<Swift.min(batch, matrix + matricesEach), rows: row..<Swift.min(rows, row + rowsEach),
                columns: column..<Swift.min(columns, column + columnsEach))
        }
    }
#endif
