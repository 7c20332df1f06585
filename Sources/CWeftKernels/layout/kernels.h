#pragma once

#include "../include/weft_layout.h"
#include "../isa/isa.h"

/// One instruction set's layout kernels.
typedef struct weft_layout_kernels {
    weft_isa_kind isa;
    void (*transpose)(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride);
    void (*pad_rows)(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride);
} weft_layout_kernels;

const weft_layout_kernels *weft_layout(void);

extern const weft_layout_kernels weft_layout_generic, weft_layout_avx2;

/// The transpose of a corner smaller than a block.
static inline void weft_transpose_corner(
    size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) y[j * y_stride + i] = x[i * x_stride + j];
}
