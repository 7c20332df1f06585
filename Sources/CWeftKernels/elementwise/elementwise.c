#include "kernels.h"

static const weft_elementwise_kernels *const table[] = {
#if WEFT_X86
    &weft_elementwise_avx512,
    &weft_elementwise_avx2,
#endif
    &weft_elementwise_generic,
};

WEFT_DISPATCH(weft_elementwise, weft_elementwise_kernels, table)

void weft_unary_f32(weft_unary op, float alpha, float beta, size_t n, const float *x, float *y) {
    weft_elementwise()->unary(op, alpha, beta, n, x, y);
}

void weft_binary_f32(
    weft_binary op, size_t n, const float *a, size_t a_step, const float *b, size_t b_step, float *y) {
    weft_elementwise()->binary(op, n, a, a_step, b, b_step, y);
}

void weft_binary_rows_f32(
    weft_binary op, size_t rows, size_t n, const float *a, size_t a_row, size_t a_step, const float *b, size_t b_row,
    size_t b_step, float *y, size_t y_row) {
    const weft_elementwise_kernels *kernels = weft_elementwise();
    for (size_t i = 0; i < rows; i++) kernels->binary(op, n, a + i * a_row, a_step, b + i * b_row, b_step, y + i * y_row);
}
