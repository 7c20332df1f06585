#include "kernels.h"

#include <math.h>

static const weft_norm_kernels *const rows_of_table[] = {
#if WEFT_X86
    &weft_norm_avx512,
    &weft_norm_avx2,
#endif
    &weft_norm_generic,
};

WEFT_DISPATCH(weft_norm, weft_norm_kernels, rows_of_table)

void weft_softmax_f32(size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride) {
    weft_norm()->softmax(rows, n, x, x_stride, y, y_stride);
}

void weft_log_softmax_f32(size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride) {
    const weft_norm_kernels *kernels = weft_norm();
    for (size_t i = 0; i < rows; i++) kernels->log_softmax(n, x + i * x_stride, y + i * y_stride);
}

void weft_layer_norm_f32(
    size_t rows, size_t n, const float *x, size_t x_stride, float epsilon, const float *scale, const float *bias,
    float *y, size_t y_stride) {
    const weft_norm_kernels *kernels = weft_norm();
    for (size_t i = 0; i < rows; i++, x += x_stride, y += y_stride) {
        const float mean = kernels->sum(n, x) / (float)n;
        const float variance = kernels->sum_squares(n, x, mean) / (float)n;
        kernels->affine(n, x, mean, 1 / sqrtf(variance + epsilon), scale, bias, y);
    }
}

void weft_rms_norm_f32(
    size_t rows, size_t n, const float *x, size_t x_stride, float epsilon, const float *scale, float *y,
    size_t y_stride) {
    const weft_norm_kernels *kernels = weft_norm();
    for (size_t i = 0; i < rows; i++, x += x_stride, y += y_stride) {
        const float mean_square = kernels->sum_squares(n, x, 0) / (float)n;
        kernels->affine(n, x, 0, 1 / sqrtf(mean_square + epsilon), scale, (const float *)0, y);
    }
}

float weft_sum_f32(size_t n, const float *x) { return weft_norm()->sum(n, x); }
float weft_sum_squares_f32(size_t n, const float *x) { return weft_norm()->sum_squares(n, x, 0); }
float weft_max_f32(size_t n, const float *x) { return weft_norm()->max(n, x); }
float weft_min_f32(size_t n, const float *x) { return weft_norm()->min(n, x); }
