#include "kernels.h"

static void weft_transpose_f32_generic(
    size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    enum { block = 16 };
    for (size_t i = 0; i < rows; i += block)
        for (size_t j = 0; j < columns; j += block)
            weft_transpose_corner(
                rows - i < block ? rows - i : block, columns - j < block ? columns - j : block,
                x + i * x_stride + j, x_stride, y + j * y_stride + i, y_stride);
}

static void weft_pad_rows_f32_generic(
    size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < y_stride; j++) y[i * y_stride + j] = j < columns ? x[i * x_stride + j] : 0;
}

const weft_layout_kernels weft_layout_generic = {
    WEFT_ISA_GENERIC, weft_transpose_f32_generic, weft_pad_rows_f32_generic};
