// The panel kernel for the instruction set that the including file began. TILE_ROWS is defined by it.

#include "../simd/simd.h"
#include "panel.h"

#define VECTORS (WEFT_PANEL / WEFT_LANES)
#define UNROLL _Pragma("clang loop unroll(full)")
#define EACH(i, count) UNROLL for (size_t i = 0; i < (count); i++)

/// A tile's sums in registers: rows by vectors, of which the first R by V are in use.
typedef vf tile_sums[TILE_ROWS][VECTORS];

/// Loads a row's vector, of which `width` floats exist.
INLINE vf fetch(const float *p, size_t width) {
    return width >= WEFT_LANES ? v_load(p) : v_load_first(p, width);
}

/// Adds what C holds, applies the epilogue's register part, stores `width` columns of R rows.
INLINE void finish_tile(
    const weft_panel_job *job, const size_t R, const size_t V, tile_sums sum, size_t row0, size_t column,
    size_t width) {
    float *c = job->c + row0 * job->ldc + column;
    const size_t ldc = job->ldc, last = width - (V - 1) * WEFT_LANES;
#define FETCH(p, v) (v + 1 < V ? v_load((p) + v * WEFT_LANES) : fetch((p) + v * WEFT_LANES, last))
    if (job->add) EACH(r, R) EACH(v, V) sum[r][v] += FETCH(c + r * ldc, v);
    const weft_finish *f = job->finish;
    if (f) {
        const size_t j = job->column0 + column, stride = f->residual_stride, at = (job->row0 + row0) * stride + j;
        const vf scale = f->scale, low = f->low, high = f->high;
        vf bias[VECTORS];
        EACH(v, V) bias[v] = f->bias ? FETCH(f->bias + j, v) : v_set(0);
        EACH(r, R) EACH(v, V) sum[r][v] = v_fma(sum[r][v], scale, bias[v]);
        if (f->before) EACH(r, R) EACH(v, V) sum[r][v] += FETCH(f->before + at + r * stride, v);
        EACH(r, R) EACH(v, V) sum[r][v] = v_min(high, v_max(low, sum[r][v]));
        if (f->after) EACH(r, R) EACH(v, V) sum[r][v] += FETCH(f->after + at + r * stride, v);
    }
#undef FETCH
    EACH(r, R) EACH(v, V - 1) v_store(c + r * ldc + v * WEFT_LANES, sum[r][v]);
    c += (V - 1) * WEFT_LANES;
    if (last >= WEFT_LANES) EACH(r, R) v_store(c + r * ldc, sum[r][V - 1]);
    else EACH(r, R) v_store_first(c + r * ldc, sum[r][V - 1], last);
}

/// `count` tiles below each other from row `first`, R rows by V vectors, of the panel at `column`, `width` wide.
///
/// U sums run side by side where R * V alone would wait for each multiply-add to end. Each tile asks for its share of
/// `next`, the panel to come.
INLINE void tiles(
    const weft_panel_job *job, const size_t R, const size_t V, const size_t U, size_t first, size_t count,
    size_t column, size_t width, const float *panel, const float *next) {
    const size_t taps = job->taps, depth = job->depth, offset = job->a_offset;
    const size_t share = count ? (taps * depth + count - 1) / count : 0;
    const float *const *a = job->a + first * taps;
    for (size_t tile = 0; tile < count; tile++) {
        const float *b = panel;
        vf sum[4][TILE_ROWS][VECTORS];
        EACH(u, U) EACH(r, R) EACH(v, V) sum[u][r][v] = 0;
        if (next)
            for (size_t line = tile * share; line < (tile + 1) * share; line++)
                __builtin_prefetch(next + line * 16, 0, 2);
        for (size_t tap = 0; tap < taps; tap++, a += TILE_ROWS) {
            const float *p[TILE_ROWS];
            EACH(r, R) p[r] = a[r] + offset;
            size_t k = 0;
            for (; k + U <= depth; k += U) EACH(u, U) {
                vf bv[VECTORS];
                EACH(v, V) bv[v] = v_load(b + v * WEFT_LANES);
                EACH(r, R) {
                    const vf x = v_set(p[r][k + u]);
                    EACH(v, V) sum[u][r][v] = v_fma(x, bv[v], sum[u][r][v]);
                }
                b += WEFT_PANEL;
            }
            for (; U > 1 && k < depth; k++, b += WEFT_PANEL)
                EACH(r, R) EACH(v, V) sum[0][r][v] = v_fma(v_set(p[r][k]), v_load(b + v * WEFT_LANES), sum[0][r][v]);
        }
        UNROLL for (size_t u = 1; u < U; u++) EACH(r, R) EACH(v, V) sum[0][r][v] += sum[u][r][v];
        finish_tile(job, R, V, sum[0], first + tile * TILE_ROWS, column, width);
    }
}
