#include "kernels.h"

static const weft_depthwise_kernels *const rows[] = {
#if WEFT_X86
    &weft_depthwise_avx512,
    &weft_depthwise_avx2,
#endif
    &weft_depthwise_generic,
};

WEFT_DISPATCH(weft_depthwise, weft_depthwise_kernels, rows)

/// Floats of weights that a block of channels may have, and what its channels are a multiple of.
enum { weights_budget = 4096, block_unit = 64 };

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
    // A block of channels runs down all rows while its weights stay in the first-level cache.
    const size_t fit = weights_budget / (conv->kernel_h * conv->kernel_w) / block_unit * block_unit;
    const size_t block = r1 - r0 < 2 ? c1 - c0 : fit < block_unit ? block_unit : fit;
    for (; c0 < c1; c0 += block) {
        const size_t end = c1 - c0 < block ? c1 : c0 + block;
        for (size_t row = r0; row < r1; row++) {
            kernels->row(conv, row, c0, end, x, packed, &finish, y);
            const size_t first = row * conv->out_w;
            weft_finish_pass(
                &finish, conv->out_w, end - c0, y + first * conv->out_stride + c0, conv->out_stride, first, c0);
        }
    }
}
