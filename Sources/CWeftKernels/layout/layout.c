#include "kernels.h"

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

void weft_pad_rows_f32(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    weft_layout()->pad_rows(rows, columns, x, x_stride, y, y_stride);
}
