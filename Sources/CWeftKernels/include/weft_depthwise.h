#pragma once

#include "weft_conv.h"

#pragma clang assume_nonnull begin

// Depthwise convolution over NHWC pixels: in_channels = out_channels = groups in `weft_conv`.
//
//   y[n, oy, ox, c] = epilogue(sum over ky, kx of x[n, oy * stride_h + ky * dilation_h - pad_top, …, c] * w[c, 0, ky, kx])

/// Reorders ONNX's [channels, 1, kernel_h, kernel_w] to [kernel_h * kernel_w, channels]: as many floats.
void weft_depthwise_pack_weights(const weft_conv *conv, const float *weights, float *packed);

/// Output rows r0 ..< r1 (of batch * out_h) in channels c0 ..< c1.
///
/// `x`, `y`, `packed`, `bias` and `residual` point at row 0 and channel 0, whatever the range. Channels outside it are
/// neither read nor written. `residual_stride` is from pixel to pixel.
void weft_depthwise_f32(
    const weft_conv *conv, size_t r0, size_t r1, size_t c0, size_t c1, const float *x, const float *packed,
    const weft_epilogue *_Nullable epilogue, float *y);

#pragma clang assume_nonnull end
