#pragma once

#include "../include/weft_norm.h"
#include "../isa/isa.h"

/// One instruction set's row kernels; the contracts are those of the public functions. All but softmax take one row.
typedef struct weft_norm_kernels {
    weft_isa_kind isa;
    void (*softmax)(size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride);
    /// y = x - shift where shift = max + log(sum of exp(x - max))
    void (*log_softmax)(size_t n, const float *x, float *y);
    /// y = (x - mean) * factor * scale + bias
    void (*affine)(
        size_t n, const float *x, float mean, float factor, const float *scale, const float *bias, float *y);
    float (*sum)(size_t n, const float *x);
    /// The sum of (x - mean)^2.
    float (*sum_squares)(size_t n, const float *x, float mean);
    float (*max)(size_t n, const float *x);
    float (*min)(size_t n, const float *x);
} weft_norm_kernels;

const weft_norm_kernels *weft_norm(void);

extern const weft_norm_kernels weft_norm_generic, weft_norm_avx2, weft_norm_avx512;
