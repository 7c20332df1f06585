#include "kernels.h"

static const weft_elementwise_kernels *const rows[] = {
#if WEFT_X86
    &weft_elementwise_avx2,
#endif
    &weft_elementwise_generic,
};

WEFT_DISPATCH(weft_elementwise, weft_elementwise_kernels, rows)

void weft_unary_f32(weft_unary op, float alpha, float beta, size_t n, const float *x, float *y) {
    weft_elementwise()->unary(op, alpha, beta, n, x, y);
}

void weft_binary_f32(
    weft_binary op, size_t n, const float *a, size_t a_step, const float *b, size_t b_step, float *y) {
    weft_elementwise()->binary(op, n, a, a_step, b, b_step, y);
}
