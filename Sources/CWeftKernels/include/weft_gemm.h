#pragma once

#include "weft_epilogue.h"

#pragma clang assume_nonnull begin

// C[m, n] = epilogue(A[m, k] * B[k, n]), row-major.
//
// B is packed once into panels of 16 columns, the last filled up with zeros:
//
//   panel 0: B[0, 0..<16] B[1, 0..<16] … B[k-1, 0..<16]   panel 1: B[0, 16..<32] …

/// Columns of one packed panel.
enum { WEFT_PANEL = 16 };

/// Floats that packed B takes: k * n with n rounded up to whole panels.
size_t weft_sgemm_pack_b_size(size_t k, size_t n);

/// Packs columns j0 ..< j1 of B[k, n], or of the transpose of B[n, k] where `transposed`.
///
/// `ldb` is the row stride of `b` as stored; `packed` is the whole packed matrix. j0 is a multiple of 16, j1 too or n.
void weft_sgemm_pack_b(
    const float *b, size_t ldb, bool transposed, size_t k, size_t n, size_t j0, size_t j1, float *packed);

/// C[0 ..< m, j0 ..< j1] of the product, with A[m, k] in rows `lda` apart and C's `ldc` apart.
///
/// j0 is a multiple of 16. `c`, `bias` and `residual` point at column 0, whatever j0. No epilogue (null) stores the
/// plain product. k may be 0. Nothing outside the given columns is written.
void weft_sgemm(
    size_t m, size_t j0, size_t j1, size_t k, const float *a, size_t lda, const float *packed_b, float *c, size_t ldc,
    const weft_epilogue *_Nullable epilogue);

#pragma clang assume_nonnull end
