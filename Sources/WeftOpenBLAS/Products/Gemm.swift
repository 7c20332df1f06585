#if OpenBLAS
    import WeftProvider
    import WeftProviderKit

    extension GemmShape {
        fileprivate func left<E: BLASNumber>(_ a: UnsafePointer<E>) -> Matrix<E> {
            Matrix(first: a, stride: transA ? rows : depth, transposed: transA)
        }

        fileprivate func right<E: BLASNumber>(_ b: UnsafePointer<E>) -> Matrix<E> {
            Matrix(first: b, stride: transB ? depth : columns, transposed: transB)
        }
    }

    /// alpha A B + beta C, A and B as they are or transposed.
    enum GemmKernel {
        static let kernel = HostKernel { (node) throws(WeftError) in
            node.view.outputType(0) == .float64
                ? try body(node.view, Double.self) : try body(node.view, Float.self)
        }

        private static func body<E: BLASNumber>(
            _ node: NodeView, _ type: E.Type
        ) throws(WeftError) -> HostKernel.Body {
            let shape = GemmShape(node)
            let library = try Library.shared.get()
            let beta = E(shape.beta)
            return { invocation throws(WeftError) in
                let left = shape.left(invocation.input(0, as: E.self))
                let right = shape.right(invocation.input(1, as: E.self))
                let c = invocation.optionalInput(2, as: E.self)
                let y = invocation.output(0, as: E.self)
                let workers = invocation.workers
                let split = ProductSplit(
                    batch: 1, rows: shape.rows, columns: shape.columns, depth: shape.depth, workers: workers.count)
                try workers.forEach(split.count) { index, _ in
                    let chunk = split.chunk(index)
                    let (row, column) = (chunk.rows.lowerBound, chunk.columns.lowerBound)
                    let target = y + row * shape.columns + column
                    if let c {
                        for i in 0..<chunk.rows.count {
                            let line = c + (row + i) * shape.rowC + column * shape.columnC
                            let start = target + i * shape.columns
                            for j in 0..<chunk.columns.count { start[j] = beta * line[j * shape.columnC] }
                        }
                    }
                    library.multiply(
                        chunk.rows.count, chunk.columns.count, shape.depth, alpha: E(shape.alpha),
                        left.from(row: row, column: 0), right.from(row: 0, column: column), into: target,
                        stride: shape.columns, adding: c != nil)
                }
            }
        }

        /// Gemm with activation and residual.
        static let fused = HostKernel { (node) throws(WeftError) in
            let shape = GemmShape(node.view)
            let library = try Library.shared.get()
            let epilogue = try Epilogue(node.view)
            return { invocation throws(WeftError) in
                let block = FusedBlock(
                    left: shape.left(invocation.input(0)), right: shape.right(invocation.input(1)), depth: shape.depth,
                    alpha: shape.alpha, bias: invocation.optionalInput(2), biasRow: shape.rowC,
                    biasColumn: shape.columnC, biasFactor: shape.beta,
                    residual: invocation.optionalInput(FusedNode.residualInput), y: invocation.output(0),
                    stride: shape.columns, epilogue: epilogue)
                let workers = invocation.workers
                let split = ProductSplit(
                    batch: 1, rows: shape.rows, columns: shape.columns, depth: shape.depth, workers: workers.count)
                try workers.forEach(split.count) { index, _ in
                    let chunk = split.chunk(index)
                    block.run(rows: chunk.rows, columns: chunk.columns, library)
                }
            }
        }
    }
#endif
