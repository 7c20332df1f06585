#if OpenBLAS
    import COpenBLAS

    /// A row-major matrix in memory, read as it is or transposed.
    struct Matrix<Element: BLASNumber> {
        /// The element at row 0, column 0, which both readings share.
        let first: UnsafePointer<Element>
        /// Elements from one stored row to the next.
        let stride: Int
        var transposed = false

        /// The matrix from a row and a column on, as it is read.
        @inline(__always)
        func from(row: Int, column: Int) -> Matrix {
            let offset = transposed ? column * stride + row : row * stride + column
            return Matrix(first: first + offset, stride: stride, transposed: transposed)
        }
    }

    extension Library {
        /// C[m, n] = alpha A[m, k] B[k, n], or that added to what C holds; C's rows are `stride` apart.
        ///
        /// All sizes and strides are below 2^31. Products with a vector take the library's call for those.
        func multiply<E: BLASNumber>(
            _ m: Int, _ n: Int, _ k: Int, alpha: E = 1, _ a: Matrix<E>, _ b: Matrix<E>, into c: UnsafeMutablePointer<E>,
            stride: Int, adding: Bool
        ) {
            guard m > 0, n > 0 else { return }
            let vector = m == 1 || n == 1
            if !adding, vector || k == 0 {
                for row in 0..<m { (c + row * stride).update(repeating: 0, count: n) }
            }
            guard k > 0 else { return }
            func size(_ value: Int) -> Int32 { Int32(truncatingIfNeeded: Swift.max(value, 1)) }
            if n == 1 {
                let step = b.transposed ? 1 : b.stride
                let (rows, columns) = a.transposed ? (k, m) : (m, k)
                E.gemv(
                    self, a.transposed ? OPENBLAS_TRANSPOSED : OPENBLAS_AS_IS, size(rows), size(columns), alpha,
                    a.first,
                    size(a.stride), b.first, size(step), c, size(stride))
            } else if m == 1 {
                let step = a.transposed ? a.stride : 1
                let (rows, columns) = b.transposed ? (n, k) : (k, n)
                E.gemv(
                    self, b.transposed ? OPENBLAS_AS_IS : OPENBLAS_TRANSPOSED, size(rows), size(columns), alpha,
                    b.first,
                    size(b.stride), a.first, size(step), c, 1)
            } else {
                E.gemm(
                    self, a.transposed ? OPENBLAS_TRANSPOSED : OPENBLAS_AS_IS,
                    b.transposed ? OPENBLAS_TRANSPOSED : OPENBLAS_AS_IS, size(m), size(n), size(k), alpha, a.first,
                    size(a.stride), b.first, size(b.stride), adding ? 1 : 0, c, size(stride))
            }
        }
    }
#endif
