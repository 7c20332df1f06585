#pragma once

#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

// Windows over NHWC pixels: see weft_conv.h for the layout.

/// The shape of a pooling; sizes count elements, none may be 0.
typedef struct weft_pool {
    size_t batch, in_h, in_w, channels, in_stride;
    size_t out_h, out_w, out_stride;
    size_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
    size_t pad_top, pad_left, pad_bottom, pad_right;
    bool count_include_pad;  ///< averages divide by the positions inside the padded image, not inside the image
} weft_pool;

/// y[n, oy, ox, c] = the greatest x of the window's positions inside the image, -infinity if there are none.
///
/// Output rows r0 ..< r1 (of batch * out_h); `x` and `y` point at row 0. NaN wins over every number.
void weft_max_pool_f32(const weft_pool *pool, size_t r0, size_t r1, const float *x, float *y);

/// y[n, oy, ox, c] = the sum of the window's x inside the image, divided by its count; 0 if that is 0.
void weft_average_pool_f32(const weft_pool *pool, size_t r0, size_t r1, const float *x, float *y);

/// y[c] = the mean of x[pixel * stride + c] over `pixels`, for c < channels: one image's global average.
void weft_mean_pixels_f32(size_t pixels, size_t channels, const float *x, size_t stride, float *y);

/// y[pixel * y_stride + c] = x[source[pixel] * x_stride + c]: resizing to the nearest pixel, by a table of sources.
void weft_gather_pixels_f32(
    size_t pixels, size_t channels, const float *x, size_t x_stride, const size_t *source, float *y, size_t y_stride);

/// One row of bilinear resizing: y[ox, c] = (1 - ty) lerp(upper) + ty lerp(lower), where
/// lerp(row) = (1 - tx[ox]) row[left[ox], c] + tx[ox] row[right[ox], c].
void weft_bilinear_row_f32(
    size_t out_w, size_t channels, const float *upper, const float *lower, float ty, size_t x_stride,
    const size_t *left, const size_t *right, const float *tx, float *y, size_t y_stride);

#pragma clang assume_nonnull end
