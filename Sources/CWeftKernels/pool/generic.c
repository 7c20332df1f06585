#include "kernels.h"

#include <math.h>

static void max(const weft_pool_window *w, size_t channels, float *y) {
    for (size_t c = 0; c < channels; c++) {
        float best = -INFINITY;
        for (size_t ky = 0; ky < w->rows; ky++)
            for (size_t kx = 0; kx < w->columns; kx++) {
                const float v = w->x[ky * w->row_step + kx * w->column_step + c];
                best = best != best || best > v ? best : v;
            }
        y[c] = best;
    }
}

static void average(const weft_pool_window *w, size_t channels, float *y) {
    for (size_t c = 0; c < channels; c++) {
        double sum = 0;
        for (size_t ky = 0; ky < w->rows; ky++)
            for (size_t kx = 0; kx < w->columns; kx++) sum += w->x[ky * w->row_step + kx * w->column_step + c];
        y[c] = (float)(sum * w->factor);
    }
}

static void bilinear(size_t channels, const float *const corners[4], float tx, float ty, float *y) {
    for (size_t c = 0; c < channels; c++) {
        const float upper = (1 - tx) * corners[0][c] + tx * corners[1][c];
        const float lower = (1 - tx) * corners[2][c] + tx * corners[3][c];
        y[c] = (1 - ty) * upper + ty * lower;
    }
}

const weft_pool_kernels weft_pool_generic = {WEFT_ISA_GENERIC, max, average, bilinear};
