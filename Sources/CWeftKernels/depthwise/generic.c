#include "kernels.h"

static void weft_depthwise_f32_generic(
    const weft_conv *conv, size_t row, size_t c0, size_t c1, const float *x, const float *packed,
    const weft_finish *finish, float *y) {
    const ptrdiff_t top = (ptrdiff_t)(row % conv->out_h * conv->stride_h) - (ptrdiff_t)conv->pad_top;
    const float *image = x + row / conv->out_h * conv->in_h * conv->in_w * conv->in_stride;
    for (size_t ox = 0; ox < conv->out_w; ox++) {
        const size_t pixel = row * conv->out_w + ox;
        const ptrdiff_t left = (ptrdiff_t)(ox * conv->stride_w) - (ptrdiff_t)conv->pad_left;
        for (size_t c = c0; c < c1; c++) {
            float sum = 0;
            for (size_t ky = 0; ky < conv->kernel_h; ky++)
                for (size_t kx = 0; kx < conv->kernel_w; kx++) {
                    const ptrdiff_t iy = top + (ptrdiff_t)(ky * conv->dilation_h);
                    const ptrdiff_t ix = left + (ptrdiff_t)(kx * conv->dilation_w);
                    if (iy < 0 || iy >= (ptrdiff_t)conv->in_h || ix < 0 || ix >= (ptrdiff_t)conv->in_w) continue;
                    sum += image[((size_t)iy * conv->in_w + (size_t)ix) * conv->in_stride + c]
                        * packed[(ky * conv->kernel_w + kx) * conv->out_channels + c];
                }
            y[pixel * conv->out_stride + c] = weft_finished(finish, sum, pixel, c);
        }
    }
}

const weft_depthwise_kernels weft_depthwise_generic = {WEFT_ISA_GENERIC, weft_depthwise_f32_generic};
