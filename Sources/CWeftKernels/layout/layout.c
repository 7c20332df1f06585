#include "kernels.h"

#include <string.h>

static const weft_layout_kernels *const rows_of_table[] = {
#if WEFT_X86
    &weft_layout_avx2,
#endif
    &weft_layout_generic,
};

WEFT_DISPATCH(weft_layout, weft_layout_kernels, rows_of_table)

void weft_transpose_f32(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    weft_layout()->transpose(rows, columns, x, x_stride, y, y_stride);
}

void weft_copy_rows_f32(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    if (rows == 0 || columns == 0) return;
    if (columns == x_stride && columns == y_stride) columns *= rows, rows = 1;
    for (size_t i = 0; i < rows; i++) memcpy(y + i * y_stride, x + i * x_stride, columns * sizeof(float));
}

void weft_pad_rows_f32(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    weft_layout()->pad_rows(rows, columns, x, x_stride, y, y_stride);
}
