import WeftProviderKit

#if OpenBLAS
    import WeftProvider

    /// A product of two matrices with an epilogue; a residual has the output's shape.
    struct FusedBlock {
        let left: Matrix<Float>
        let right: Matrix<Float>
        let depth: Int
        let alpha: Float
        let bias: UnsafePointer<Float>?
        /// Steps of the bias by row and by column, 0 where it broadcasts.
        let biasRow: Int
        let biasColumn: Int
        let biasFactor: Float
        let residual: UnsafePointer<Float>?
        let y: UnsafeMutablePointer<Float>
        /// Floats from one row of the output to the next.
        let stride: Int
        let epilogue: Epilogue

        /// Computes a block of the output, as many rows at a time as stay in a core's cache.
        func run(rows: Range<Int>, columns: Range<Int>, _ library: Library) {
            guard !columns.isEmpty else { return }
            let height = epilogue.ends ? Swift.max(64, Epilogue.block / columns.count / 16 * 16) : rows.count
            var row = rows.lowerBound
            while row < rows.upperBound {
                let end = Swift.min(rows.upperBound, row + height)
                begin(row..<end, columns)
                library.multiply(
                    end - row, columns.count, depth, alpha: alpha, left.from(row: row, column: 0),
                    right.from(row: 0, column: columns.lowerBound), into: y + row * stride + columns.lowerBound,
                    stride: stride, adding: starts)
                if epilogue.ends {
                    for line in row..<end {
                        let at = line * stride + columns.lowerBound
                        epilogue.end(y + at, columns.count, residual: residual.map { $0 + at })
                    }
                }
                row = end
            }
        }

        private var starts: Bool { bias != nil || epilogue.residual == .before }

        private func begin(_ rows: Range<Int>, _ columns: Range<Int>) {
            guard starts else { return }
            for row in rows {
                let at = row * stride + columns.lowerBound
                let own = bias.map { $0 + row * biasRow + columns.lowerBound * biasColumn }
                let added = residual.map { $0 + at }
                guard biasFactor != 1, let own else {
                    epilogue.begin(y + at, columns.count, bias: own, biasStep: biasColumn, residual: added)
                    continue
                }
                epilogue.begin(y + at, columns.count, bias: nil, biasStep: 0, residual: added)
                for column in 0..<columns.count { y[at + column] += biasFactor * own[column * biasColumn] }
            }
        }
    }
#endif
