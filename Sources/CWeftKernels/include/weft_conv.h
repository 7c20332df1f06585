#pragma once

#include "weft_epilogue.h"

#include <stdint.h>

#pragma clang assume_nonnull begin

// Convolution over pixels whose channels lie together (NHWC), by a packed panel and pointers to input pixels:
//
//   y[n, oy, ox, o] = epilogue(sum over ky, kx, i of
//       x[n, oy * stride_h + ky * dilation_h - pad_top, ox * stride_w + kx * dilation_w - pad_left, i] * w[o, i, ky, kx])
//
// An image's pixels lie in rows without gaps, `in_stride` floats apart, so that a view on some channels of wider
// pixels can be read and written (Concat, Split): pass the address of its first channel.

/// The shape of a convolution; all sizes count elements, none may be 0.
typedef struct weft_conv {
    size_t batch;
    size_t in_h, in_w, in_channels, in_stride;      ///< in_stride: floats from pixel to pixel, >= in_channels
    size_t out_h, out_w, out_channels, out_stride;  ///< out_stride likewise
    size_t groups;                                  ///< divides both channel counts
    size_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
    size_t pad_top, pad_left;  ///< padding at the ends follows from the output's size
} weft_conv;

/// Panels of 16 output channels: each group's channels rounded up, all groups together.
size_t weft_conv_panels(const weft_conv *conv);

/// Floats that packed weights take.
size_t weft_conv_pack_weights_size(const weft_conv *conv);

/// Packs weights from ONNX's [out_channels, in_channels / groups, kernel_h, kernel_w], once per model.
void weft_conv_pack_weights(const weft_conv *conv, const float *weights, float *packed);

/// Floats of zeros that `weft_conv_f32` reads in place of pixels outside the image.
size_t weft_conv_zeros_size(const weft_conv *conv);

/// Bytes of scratch that one call of `weft_conv_f32` uses, 8-byte aligned.
size_t weft_conv_scratch_size(const weft_conv *conv);

/// Output pixels p0 ..< p1 (of batch * out_h * out_w) in the channels of panels q0 ..< q1.
///
/// `x` and `y` point at pixel 0, `y`, `bias` and `residual` at channel 0, whatever the range. Calls on disjoint
/// ranges may run at once, each with its own scratch. Channels past out_channels are not written.
void weft_conv_f32(
    const weft_conv *conv, size_t p0, size_t p1, size_t q0, size_t q1, const float *x, const float *packed,
    const float *zeros, const weft_epilogue *_Nullable epilogue, float *y, void *scratch);

#pragma clang assume_nonnull end
