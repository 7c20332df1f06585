#if OpenBLAS
    import COpenBLAS

    /// An element type that BLAS multiplies matrices of.
    protocol BLASNumber: BinaryFloatingPoint, Sendable {
        static func gemm(
            _ library: Library, _ aAs: openblas_transpose, _ bAs: openblas_transpose, _ m: Int32, _ n: Int32,
            _ k: Int32, _ alpha: Self, _ a: UnsafePointer<Self>, _ lda: Int32, _ b: UnsafePointer<Self>, _ ldb: Int32,
            _ beta: Self, _ c: UnsafeMutablePointer<Self>, _ ldc: Int32)
        static func gemv(
            _ library: Library, _ aAs: openblas_transpose, _ m: Int32, _ n: Int32, _ alpha: Self,
            _ a: UnsafePointer<Self>, _ lda: Int32, _ x: UnsafePointer<Self>, _ xStep: Int32,
            _ y: UnsafeMutablePointer<Self>, _ yStep: Int32)
    }

    extension Float: BLASNumber {
        static func gemm(
            _ library: Library, _ aAs: openblas_transpose, _ bAs: openblas_transpose, _ m: Int32, _ n: Int32,
            _ k: Int32, _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ b: UnsafePointer<Float>,
            _ ldb: Int32, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32
        ) {
            library.sgemm(OPENBLAS_ROW_MAJOR, aAs, bAs, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
        }

        static func gemv(
            _ library: Library, _ aAs: openblas_transpose, _ m: Int32, _ n: Int32, _ alpha: Float,
            _ a: UnsafePointer<Float>, _ lda: Int32, _ x: UnsafePointer<Float>, _ xStep: Int32,
            _ y: UnsafeMutablePointer<Float>, _ yStep: Int32
        ) {
            library.sgemv(OPENBLAS_ROW_MAJOR, aAs, m, n, alpha, a, lda, x, xStep, 1, y, yStep)
        }
    }

    extension Double: BLASNumber {
        static func gemm(
            _ library: Library, _ aAs: openblas_transpose, _ bAs: openblas_transpose, _ m: Int32, _ n: Int32,
            _ k: Int32, _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ b: UnsafePointer<Double>,
            _ ldb: Int32, _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int32
        ) {
            library.dgemm(OPENBLAS_ROW_MAJOR, aAs, bAs, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
        }

        static func gemv(
            _ library: Library, _ aAs: openblas_transpose, _ m: Int32, _ n: Int32, _ alpha: Double,
            _ a: UnsafePointer<Double>, _ lda: Int32, _ x: UnsafePointer<Double>, _ xStep: Int32,
            _ y: UnsafeMutablePointer<Double>, _ yStep: Int32
        ) {
            library.dgemv(OPENBLAS_ROW_MAJOR, aAs, m, n, alpha, a, lda, x, xStep, 1, y, yStep)
        }
    }
#endif
