#pragma once

#include "../include/weft_pool.h"
#include "../isa/isa.h"
#include "../window/span.h"

/// A pooling's window on one output pixel, cut to the image.
typedef struct weft_pool_window {
    const float *x;  ///< the first position's pixel
    size_t rows, columns;
    size_t row_step, column_step;  ///< floats from position to position
    float factor;  ///< what an average multiplies its sum with
} weft_pool_window;

/// One instruction set's pooling kernels: the channels of one pixel.
typedef struct weft_pool_kernels {
    weft_isa_kind isa;
    void (*max)(const weft_pool_window *window, size_t channels, float *y);
    void (*average)(const weft_pool_window *window, size_t channels, float *y);
    /// y = (1 - t) a + t b between two pixels of each of two rows, weighted by `ty`.
    void (*bilinear)(
        size_t channels, const float *const corners[4], float tx, float ty, float *y);
} weft_pool_kernels;

const weft_pool_kernels *weft_pooling(void);

extern const weft_pool_kernels weft_pool_generic, weft_pool_avx2;
