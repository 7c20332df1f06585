#pragma once

#include <stddef.h>

#pragma clang assume_nonnull begin

// Rows of `n` neighbouring floats, `stride` from row to row. `y` may be `x` where the strides are the same.

/// y = exp(x - max) / sum of exp(x - max), row by row; n = 0 does nothing.
void weft_softmax_f32(size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride);

/// y = x - max - log(sum of exp(x - max)), row by row.
void weft_log_softmax_f32(size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride);

/// y = (x - mean) / sqrt(variance + epsilon) * scale[i] + bias[i], mean and variance (of the population) per row.
///
/// `scale` and `bias` may be null: 1 and 0. Two passes, so that a large mean costs no precision.
void weft_layer_norm_f32(
    size_t rows, size_t n, const float *x, size_t x_stride, float epsilon, const float *_Nullable scale,
    const float *_Nullable bias, float *y, size_t y_stride);

/// y = x / sqrt(mean of x^2 + epsilon) * scale[i].
void weft_rms_norm_f32(
    size_t rows, size_t n, const float *x, size_t x_stride, float epsilon, const float *_Nullable scale, float *y,
    size_t y_stride);

/// Sums of many numbers are taken in parts, so that the error stays near the size of a rounding.
float weft_sum_f32(size_t n, const float *x);
float weft_sum_squares_f32(size_t n, const float *x);

/// The greatest or least of n floats, NaN if any is; the empty row's are -infinity and infinity.
float weft_max_f32(size_t n, const float *x);
float weft_min_f32(size_t n, const float *x);

#pragma clang assume_nonnull end
