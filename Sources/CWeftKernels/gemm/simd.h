// The panel kernel for the instruction set that the including file began. TILE_ROWS is defined by it.

#include "../epilogue/simd.h"
#include "panel.h"

/// `count` tiles below each other from row `first`, R rows by V vectors, of the panel at `column`, `width` wide.
///
/// U sums run side by side where R * V alone would wait for each multiply-add to end. Each step of K asks for `ahead`
/// floats more of `next`, the panel to come: few at a time, so that asking never holds up the loads at hand.
INLINE void tiles(
    const weft_panel_job *job, const size_t R, const size_t V, const size_t U, size_t first, size_t count,
    size_t column, size_t width, const float *panel, const float *next, size_t ahead) {
    const size_t taps = job->taps, depth = job->depth, offset = job->a_offset;
    const float *const *a = job->a + first * taps;
    for (size_t tile = 0; tile < count; tile++) {
        const float *b = panel;
        const size_t last = width - (V - 1) * WEFT_LANES;
        vf sum[4][TILE_ROWS][VECTORS];
        EACH(u, U) EACH(r, R) EACH(v, V) sum[u][r][v] = 0;
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
                __builtin_prefetch(next, 0, 2);
                next += ahead;
            }
            for (; U > 1 && k < depth; k++, b += WEFT_PANEL)
                EACH(r, R) EACH(v, V) sum[0][r][v] = v_fma(v_set(p[r][k]), v_load(b + v * WEFT_LANES), sum[0][r][v]);
        }
        UNROLL for (size_t u = 1; u < U; u++) EACH(r, R) EACH(v, V) sum[0][r][v] += sum[u][r][v];
        const size_t row = first + tile * TILE_ROWS;
        float *c = job->c + row * job->ldc + column;
        if (job->add) EACH(r, R) EACH(v, V) sum[0][r][v] += FETCH(c + r * job->ldc, v);
        finish_rows(job->finish, R, V, sum[0], c, job->ldc, job->row0 + row, job->column0 + column, width);
    }
}
