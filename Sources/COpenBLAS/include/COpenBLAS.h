#pragma once

// The part of the CBLAS interface that Weft calls, as types of function pointers: the library is opened at run time.

#pragma clang assume_nonnull begin

typedef enum openblas_order {
    OPENBLAS_ROW_MAJOR = 101,
    OPENBLAS_COLUMN_MAJOR = 102,
} openblas_order;

typedef enum openblas_transpose {
    OPENBLAS_AS_IS = 111,
    OPENBLAS_TRANSPOSED = 112,
} openblas_transpose;

/// What OpenBLAS was built to run its own threads with.
typedef enum openblas_parallel {
    OPENBLAS_SEQUENTIAL = 0,
    OPENBLAS_PTHREADS = 1,
    OPENBLAS_OPENMP = 2,
} openblas_parallel;

/// C = alpha op(A) op(B) + beta C with op(A)[m, k] and op(B)[k, n]; C is not read where beta is 0.
typedef void (*openblas_sgemm)(
    openblas_order, openblas_transpose a_as, openblas_transpose b_as, int m, int n, int k, float alpha, const float *a,
    int lda, const float *b, int ldb, float beta, float *c, int ldc);
typedef void (*openblas_dgemm)(
    openblas_order, openblas_transpose a_as, openblas_transpose b_as, int m, int n, int k, double alpha,
    const double *a, int lda, const double *b, int ldb, double beta, double *c, int ldc);

/// y = alpha op(A) x + beta y with A[m, n] as stored.
typedef void (*openblas_sgemv)(
    openblas_order, openblas_transpose a_as, int m, int n, float alpha, const float *a, int lda, const float *x,
    int x_step, float beta, float *y, int y_step);
typedef void (*openblas_dgemv)(
    openblas_order, openblas_transpose a_as, int m, int n, double alpha, const double *a, int lda, const double *x,
    int x_step, double beta, double *y, int y_step);

typedef void (*openblas_set_threads)(int count);
typedef int (*openblas_get_parallel_kind)(void);
typedef char *_Nullable (*openblas_get_text)(void);

#pragma clang assume_nonnull end
