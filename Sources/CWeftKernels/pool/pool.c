#include "kernels.h"

#include <string.h>

static const weft_pool_kernels *const rows[] = {
#if WEFT_X86
    &weft_pool_avx2,
#endif
    &weft_pool_generic,
};

WEFT_DISPATCH(weft_pooling, weft_pool_kernels, rows)

/// Positions of a window along one axis that the average counts.
static size_t counted(const weft_pool *pool, ptrdiff_t first, size_t kernel, size_t dilation, size_t before, size_t size,
    size_t after, weft_span inside) {
    if (!pool->count_include_pad) return inside.end - inside.begin;
    const weft_span padded = weft_inside(first + (ptrdiff_t)before, kernel, dilation, before + size + after);
    return padded.end - padded.begin;
}

/// Runs `kernel` on every pixel of output rows r0 ..< r1.
static void pool_rows(
    const weft_pool *p, size_t r0, size_t r1, const float *x, float *y,
    void (*kernel)(const weft_pool_window *, size_t, float *)) {
    const size_t line = p->in_w * p->in_stride;
    weft_pool_window w = {.row_step = p->dilation_h * line, .column_step = p->dilation_w * p->in_stride};
    for (size_t row = r0; row < r1; row++) {
        const ptrdiff_t top = (ptrdiff_t)(row % p->out_h * p->stride_h) - (ptrdiff_t)p->pad_top;
        const weft_span ky = weft_inside(top, p->kernel_h, p->dilation_h, p->in_h);
        const size_t high = counted(p, top, p->kernel_h, p->dilation_h, p->pad_top, p->in_h, p->pad_bottom, ky);
        const float *image = x + row / p->out_h * p->in_h * line;
        w.rows = ky.end - ky.begin;
        const float *first = w.rows ? image + (size_t)(top + (ptrdiff_t)(ky.begin * p->dilation_h)) * line : image;
        for (size_t ox = 0; ox < p->out_w; ox++) {
            const ptrdiff_t left = (ptrdiff_t)(ox * p->stride_w) - (ptrdiff_t)p->pad_left;
            const weft_span kx = weft_inside(left, p->kernel_w, p->dilation_w, p->in_w);
            const size_t count =
                high * counted(p, left, p->kernel_w, p->dilation_w, p->pad_left, p->in_w, p->pad_right, kx);
            w.columns = kx.end - kx.begin;
            w.x = w.columns ? first + (size_t)(left + (ptrdiff_t)(kx.begin * p->dilation_w)) * p->in_stride : first;
            w.factor = count ? 1 / (float)count : 0;
            kernel(&w, p->channels, y + (row * p->out_w + ox) * p->out_stride);
        }
    }
}

void weft_max_pool_f32(const weft_pool *pool, size_t r0, size_t r1, const float *x, float *y) {
    pool_rows(pool, r0, r1, x, y, weft_pooling()->max);
}

void weft_average_pool_f32(const weft_pool *pool, size_t r0, size_t r1, const float *x, float *y) {
    pool_rows(pool, r0, r1, x, y, weft_pooling()->average);
}

void weft_mean_pixels_f32(size_t pixels, size_t channels, const float *x, size_t stride, float *y) {
    const weft_pool_window w = {x, 1, pixels, 0, stride, pixels ? 1 / (float)pixels : 0};
    weft_pooling()->average(&w, channels, y);
}

void weft_gather_pixels_f32(
    size_t pixels, size_t channels, const float *x, size_t x_stride, const size_t *source, float *y, size_t y_stride) {
    for (size_t i = 0; i < pixels; i++) memcpy(y + i * y_stride, x + source[i] * x_stride, channels * sizeof(float));
}

void weft_bilinear_row_f32(
    size_t out_w, size_t channels, const float *upper, const float *lower, float ty, size_t x_stride,
    const size_t *left, const size_t *right, const float *tx, float *y, size_t y_stride) {
    const weft_pool_kernels *kernels = weft_pooling();
    for (size_t ox = 0; ox < out_w; ox++) {
        const float *const corners[4] = {
            upper + left[ox] * x_stride, upper + right[ox] * x_stride,
            lower + left[ox] * x_stride, lower + right[ox] * x_stride,
        };
        kernels->bilinear(channels, corners, tx[ox], ty, y + ox * y_stride);
    }
}
