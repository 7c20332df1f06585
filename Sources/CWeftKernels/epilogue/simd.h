// The epilogue's register part for the instruction set that the including file began.

#include "../simd/simd.h"
#include "epilogue.h"

/// Vectors that make up a block of 16 channels.
#define VECTORS (16 / WEFT_LANES)
#define UNROLL _Pragma("clang loop unroll(full)")
#define EACH(i, count) UNROLL for (size_t i = 0; i < (count); i++)

/// Loads vector v of a row of V, the last of which has `last` floats; all three are in the caller's scope.
#define FETCH(p, v) (v + 1 < V || last >= WEFT_LANES ? v_load((p) + v * WEFT_LANES) : v_load_first((p) + v * WEFT_LANES, last))

/// Applies `f` (null: nothing) to R rows of V vectors and stores their `width` columns `stride` apart.
///
/// (row, column) is the block's place in bias and residual.
INLINE void finish_rows(
    const weft_finish *f, const size_t R, const size_t V, vf (*sum)[VECTORS], float *y, size_t stride, size_t row,
    size_t column, size_t width) {
    const size_t last = width - (V - 1) * WEFT_LANES;
    if (f) {
        const size_t step = f->residual_stride, at = row * step + column;
        const vf scale = f->scale, low = f->low, high = f->high;
        vf bias[VECTORS];
        EACH(v, V) bias[v] = f->bias ? FETCH(f->bias + column, v) : v_set(0);
        EACH(r, R) EACH(v, V) sum[r][v] = v_fma(sum[r][v], scale, bias[v]);
        if (f->before) EACH(r, R) EACH(v, V) sum[r][v] += FETCH(f->before + at + r * step, v);
        EACH(r, R) EACH(v, V) sum[r][v] = v_min(high, v_max(low, sum[r][v]));
        if (f->after) EACH(r, R) EACH(v, V) sum[r][v] += FETCH(f->after + at + r * step, v);
    }
    EACH(r, R) EACH(v, V - 1) v_store(y + r * stride + v * WEFT_LANES, sum[r][v]);
    y += (V - 1) * WEFT_LANES;
    if (last >= WEFT_LANES) {
        EACH(r, R) v_store(y + r * stride, sum[r][V - 1]);
    } else {
        EACH(r, R) v_store_first(y + r * stride, sum[r][V - 1], last);
    }
}
