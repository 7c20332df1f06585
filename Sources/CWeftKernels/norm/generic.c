#include "kernels.h"

#include <math.h>

static float sum(size_t n, const float *x) {
    double total = 0;
    for (size_t i = 0; i < n; i++) total += x[i];
    return (float)total;
}

static float sum_squares(size_t n, const float *x, float mean) {
    double total = 0;
    for (size_t i = 0; i < n; i++) total += (double)(x[i] - mean) * (double)(x[i] - mean);
    return (float)total;
}

static float greatest(size_t n, const float *x) {
    float best = -INFINITY;
    for (size_t i = 0; i < n; i++) best = best != best || best > x[i] ? best : x[i];
    return best;
}

static float least(size_t n, const float *x) {
    float best = INFINITY;
    for (size_t i = 0; i < n; i++) best = best != best || best < x[i] ? best : x[i];
    return best;
}

static void softmax(size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride) {
    for (; rows; rows--, x += x_stride, y += y_stride) {
        const float max = greatest(n, x);
        double total = 0;
        for (size_t i = 0; i < n; i++) total += y[i] = expf(x[i] - max);
        for (size_t i = 0; i < n; i++) y[i] = (float)(y[i] / total);
    }
}

static void log_softmax(size_t n, const float *x, float *y) {
    const float max = greatest(n, x);
    double total = 0;
    for (size_t i = 0; i < n; i++) total += expf(x[i] - max);
    const float log_total = (float)log(total);
    for (size_t i = 0; i < n; i++) y[i] = x[i] - max - log_total;
}

static void affine(
    size_t n, const float *x, float mean, float factor, const float *scale, const float *bias, float *y) {
    for (size_t i = 0; i < n; i++)
        y[i] = (x[i] - mean) * factor * (scale ? scale[i] : 1) + (bias ? bias[i] : 0);
}

const weft_norm_kernels weft_norm_generic = {
    WEFT_ISA_GENERIC, softmax, log_softmax, affine, sum, sum_squares, greatest, least};
