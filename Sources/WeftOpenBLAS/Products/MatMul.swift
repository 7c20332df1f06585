#if OpenBLAS
    import WeftProvider
    import WeftProviderKit

    /// The matrix product: batched, broadcast, of vectors.
    enum MatMulKernel {
        static let kernel = HostKernel { (node) throws(WeftError) in
            node.view.outputType(0) == .float64
                ? try body(node.view, Double.self) : try body(node.view, Float.self)
        }

        private static func body<E: BLASNumber>(
            _ node: NodeView, _ type: E.Type
        ) throws(WeftError) -> HostKernel.Body {
            let shape = MatMulShape(node).merged
            let library = try Library.shared.get()
            return { invocation throws(WeftError) in
                let a = invocation.input(0, as: E.self)
                let b = invocation.input(1, as: E.self)
                let y = invocation.output(0, as: E.self)
                let workers = invocation.workers
                let split = ProductSplit(
                    batch: shape.left.count, rows: shape.rows, columns: shape.columns, depth: shape.depth,
                    workers: workers.count)
                try workers.forEach(split.count) { index, _ in
                    let chunk = split.chunk(index)
                    let (row, column) = (chunk.rows.lowerBound, chunk.columns.lowerBound)
                    for matrix in chunk.matrices {
                        let left = Matrix(first: a + shape.left[matrix], stride: shape.depth)
                        let right = Matrix(first: b + shape.right[matrix], stride: shape.columns)
                        library.multiply(
                            chunk.rows.count, chunk.columns.count, shape.depth, left.from(row: row, column: 0),
                            right.from(row: 0, column: column),
                            into: y + (matrix * shape.rows + row) * shape.columns + column, stride: shape.columns,
                            adding: false)
                    }
                }
            }
        }

        /// The product with bias, activation and residual, block of rows by block of rows.
        static let fused = HostKernel { (node) throws(WeftError) in
            let shape = MatMulShape(node.view).merged
            let library = try Library.shared.get()
            let epilogue = try Epilogue(node.view)
            return { invocation throws(WeftError) in
                let a = invocation.input(0, as: Float.self)
                let b = invocation.input(1, as: Float.self)
                let bias = invocation.optionalInput(2, as: Float.self)
                let residual = invocation.optionalInput(FusedNode.residualInput, as: Float.self)
                let y = invocation.output(0, as: Float.self)
                let workers = invocation.workers
                let split = ProductSplit(
                    batch: shape.left.count, rows: shape.rows, columns: shape.columns, depth: shape.depth,
                    workers: workers.count)
                try workers.forEach(split.count) { index, _ in
                    let chunk = split.chunk(index)
                    for matrix in chunk.matrices {
                        let block = FusedBlock(
                            left: Matrix(first: a + shape.left[matrix], stride: shape.depth),
                            right: Matrix(first: b + shape.right[matrix], stride: shape.columns), depth: shape.depth,
                            alpha: 1, bias: bias, biasRow: 0, biasColumn: 1, biasFactor: 1,
                            residual: residual.map { $0 + matrix * shape.rows * shape.columns },
                            y: y + matrix * shape.rows * shape.columns, stride: shape.columns, epilogue: epilogue)
                        block.run(rows: chunk.rows, columns: chunk.columns, library)
                    }
                }
            }
        }
    }
#endif
