#include "kernels.h"

static const weft_depthwise_kernels *const rows[] = {
#if WEFT_X86
    &weft_depthwise_avx2,
#endif
    &weft_depthwise_generic,
};

WEFT_DISPATCH(weft_depthwise, weft_depthwise_kernels, rows)

void weft_depthwise_pack_weights(const weft_conv *conv, const float *weights, float *packed) {
    const size_t kernel = conv->kernel_h * conv->kernel_w;
    for (size_t tap = 0; tap < kernel; tap++)
        for (size_t c = 0; c < conv->out_channels; c++) *packed++ = weights[c * kernel + tap];
}

void weft_depthwise_f32(
    const weft_conv *conv, size_t r0, size_t r1, size_t c0, size_t c1, const float *x, const float *packed,
    const weft_epilogue *epilogue, float *y) {
    if (c1 <= c0) return;
    const weft_depthwise_kernels *kernels = weft_depthwise();
    const weft_finish finish = weft_finish_for(epilogue);
    for (size_t row = r0; row < r1; row++) {
        kernels->row(conv, row, c0, c1, x, packed, &finish, y);
        const size_t first = row * conv->out_w;
        weft_finish_pass(
            &finish, conv->out_w, c1 - c0, y + first * conv->out_stride + c0, conv->out_stride, first, c0);
    }
}
