// Pooling kernels for the instruction set that the including file began.

#include "../epilogue/simd.h"
#include "kernels.h"

#include <math.h>

/// Folds a window's positions into V registers of channels from c by `step`, an expression of `sum` and `v`.
#define FOLD(start, step, finish)                                                                            \
    vf sum[VECTORS];                                                                                         \
    EACH(i, V) sum[i] = start;                                                                               \
    const size_t last = width - (V - 1) * WEFT_LANES, columns = w->columns, column_step = w->column_step;    \
    const float *row = w->x + c;                                                                             \
    for (size_t ky = 0; ky < w->rows; ky++, row += w->row_step) {                                            \
        const float *x = row;                                                                                \
        for (size_t kx = 0; kx < columns; kx++, x += column_step) EACH(i, V) {                               \
            const vf v = FETCH(x, i);                                                                        \
            sum[i] = step;                                                                                   \
        }                                                                                                    \
    }                                                                                                        \
    EACH(i, V) {                                                                                             \
        float *to = y + c + i * WEFT_LANES;                                                                  \
        if (i + 1 < V || last >= WEFT_LANES) v_store(to, finish); else v_store_first(to, finish, last);      \
    }

INLINE void max_channels(const weft_pool_window *w, const size_t V, size_t c, size_t width, float *y) {
    FOLD(v_set(-INFINITY), sum[i] != sum[i] ? sum[i] : v_max(sum[i], v), sum[i])
}

INLINE void average_channels(const weft_pool_window *w, const size_t V, size_t c, size_t width, float *y) {
    FOLD(v_set(0), sum[i] + v, sum[i] * w->factor)
}

#define ALL_CHANNELS(kernel)                                                                                 \
    size_t c = 0;                                                                                            \
    for (; c + 16 <= channels; c += 16) kernel(w, VECTORS, c, 16, y);                                        \
    for (; c + WEFT_LANES <= channels; c += WEFT_LANES) kernel(w, 1, c, WEFT_LANES, y);                      \
    if (c < channels) kernel(w, 1, c, channels - c, y);

static void WEFT_NAME(weft_max_pool_f32)(const weft_pool_window *w, size_t channels, float *y) {
    ALL_CHANNELS(max_channels)
}

static void WEFT_NAME(weft_average_pool_f32)(const weft_pool_window *w, size_t channels, float *y) {
    ALL_CHANNELS(average_channels)
}

/// The weighted mean of four corners' registers at c.
INLINE vf mix(const float *const corners[4], size_t c, size_t width, float tx, float ty) {
    const size_t V = 1, last = width;
    const vf upper = FETCH(corners[0] + c, 0) * (1 - tx) + FETCH(corners[1] + c, 0) * tx;
    const vf lower = FETCH(corners[2] + c, 0) * (1 - tx) + FETCH(corners[3] + c, 0) * tx;
    return upper * (1 - ty) + lower * ty;
}

static void WEFT_NAME(weft_bilinear_f32)(
    size_t channels, const float *const corners[4], float tx, float ty, float *y) {
    size_t c = 0;
    for (; c + WEFT_LANES <= channels; c += WEFT_LANES) v_store(y + c, mix(corners, c, WEFT_LANES, tx, ty));
    if (c < channels) v_store_first(y + c, mix(corners, c, channels - c, tx, ty), channels - c);
}

const weft_pool_kernels WEFT_NAME(weft_pool) = {
    WEFT_ROW, WEFT_NAME(weft_max_pool_f32), WEFT_NAME(weft_average_pool_f32), WEFT_NAME(weft_bilinear_f32)};
