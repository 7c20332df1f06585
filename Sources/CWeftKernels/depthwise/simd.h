// The depthwise kernel for the instruction set that the including file began.

#include "../epilogue/simd.h"
#include "kernels.h"

/// Pixels that share each weight load.
#define PIXELS 4

/// The part of a kernel that some neighbouring output pixels see, all of it inside the image.
typedef struct window {
    const float *x;        ///< input pixel under the first position, channel 0
    const float *weights;  ///< of that position, channel 0
    size_t rows, columns;
    size_t x_row, x_column, x_pixel;      ///< floats to the next kernel row, kernel column, output pixel
    size_t weights_row, weights_column;
} window;

#include "strip.h"

/// P pixels by V vectors of channels from c, `width` of which exist.
INLINE void pixels(
    const window *w, const size_t P, const size_t V, size_t c, size_t width, const weft_finish *finish, float *y,
    size_t stride, size_t pixel) {
    const size_t last = width - (V - 1) * WEFT_LANES, x_column = w->x_column, x_pixel = w->x_pixel;
    const size_t weights_column = w->weights_column, columns = w->columns;
    vf sum[PIXELS][VECTORS];
    EACH(p, P) EACH(v, V) sum[p][v] = 0;
    const float *x_row = w->x + c, *weights_row = w->weights + c;
    for (size_t ky = 0; ky < w->rows; ky++, x_row += w->x_row, weights_row += w->weights_row) {
        const float *x = x_row, *weights = weights_row;
        for (size_t kx = 0; kx < columns; kx++, x += x_column, weights += weights_column)
            EACH(v, V) {
                const vf k = FETCH(weights, v);
                EACH(p, P) sum[p][v] = v_fma(k, FETCH(x + p * x_pixel, v), sum[p][v]);
            }
    }
    finish_rows(finish, P, V, sum, y + pixel * stride + c, stride, pixel, c, width);
}

/// P neighbouring pixels in channels c0 ..< c1.
INLINE void channels(
    const window *w, const size_t P, size_t c0, size_t c1, const weft_finish *finish, float *y, size_t stride,
    size_t pixel) {
    size_t c = c0;
    for (; c + 16 <= c1; c += 16) pixels(w, P, VECTORS, c, 16, finish, y, stride, pixel);
    for (; c + WEFT_LANES <= c1; c += WEFT_LANES) pixels(w, P, 1, c, WEFT_LANES, finish, y, stride, pixel);
    if (c < c1) pixels(w, P, 1, c, c1 - c, finish, y, stride, pixel);
}

static void WEFT_NAME(weft_depthwise_f32)(
    const weft_conv *conv, size_t row, size_t c0, size_t c1, const float *x, const float *packed,
    const weft_finish *finish, float *y) {
    const size_t line = conv->in_w * conv->in_stride;
    const ptrdiff_t top = (ptrdiff_t)(row % conv->out_h * conv->stride_h) - (ptrdiff_t)conv->pad_top;
    const weft_span ky = weft_inside(top, conv->kernel_h, conv->dilation_h, conv->in_h);
    window w = {
        .rows = ky.end - ky.begin, .x_row = conv->dilation_h * line, .x_column = conv->dilation_w * conv->in_stride,
        .x_pixel = conv->stride_w * conv->in_stride, .weights_row = conv->kernel_w * conv->out_channels,
        .weights_column = conv->out_channels,
    };
    const float *image = x + row / conv->out_h * conv->in_h * line;
    const float *first_row = w.rows ? image + (size_t)(top + (ptrdiff_t)(ky.begin * conv->dilation_h)) * line : image;
    const float *weights = packed + ky.begin * w.weights_row;
    const size_t reach = (conv->kernel_w - 1) * conv->dilation_w;
    size_t length;
    if (strips_fit(conv, &length)) {
        strips_row(conv, length, &w, first_row, row, c0, c1, weights, finish, y);
        return;
    }
    for (size_t ox = 0; ox < conv->out_w;) {
        const size_t pixel = row * conv->out_w + ox, right = (ox + PIXELS - 1) * conv->stride_w + reach;
        const ptrdiff_t left = (ptrdiff_t)(ox * conv->stride_w) - (ptrdiff_t)conv->pad_left;
        if (left >= 0 && ox + PIXELS <= conv->out_w && right < conv->in_w + conv->pad_left) {
            w.x = first_row + (size_t)left * conv->in_stride;
            w.weights = weights;
            w.columns = conv->kernel_w;
            channels(&w, PIXELS, c0, c1, finish, y, conv->out_stride, pixel);
            ox += PIXELS;
            continue;
        }
        const weft_span kx = weft_inside(left, conv->kernel_w, conv->dilation_w, conv->in_w);
        w.columns = kx.end - kx.begin;
        w.x = w.columns ? first_row + (size_t)(left + (ptrdiff_t)(kx.begin * conv->dilation_w)) * conv->in_stride
                        : first_row;
        w.weights = weights + kx.begin * w.weights_column;
        channels(&w, 1, c0, c1, finish, y, conv->out_stride, pixel);
        ox++;
    }
}

const weft_depthwise_kernels WEFT_NAME(weft_depthwise) = {WEFT_ROW, WEFT_NAME(weft_depthwise_f32)};
