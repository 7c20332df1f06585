#pragma once

#include "weft_conv.h"

#pragma clang assume_nonnull begin

// 3x3 convolution with stride 1 by Winograd's minimal filtering F(m x m, 3 x 3), m = 2 or 4, on the packed panel:
//
//   Y = A^T [ (G w G^T) . (B^T d B) ] A     for each m x m tile of outputs from its (m + 2) x (m + 2) inputs d
//
// m = 4 takes 36 products for 16 outputs in place of 144, m = 2 takes 16 for 4 in place of 36. Errors relative to the
// greatest output are near 1e-5 (m = 4) and 1e-6 (m = 2). Layout, epilogue and ranges are weft_conv.h's.

/// Whether a convolution can be computed this way: 3x3, stride and dilation 1, one group.
bool weft_winograd_fits(const weft_conv *conv);

/// Tiles of m x m outputs, those over the edge counted whole: batch * ceil(out_h / m) * ceil(out_w / m).
size_t weft_winograd_tiles(const weft_conv *conv, size_t m);

/// Floats that packed weights take: (m + 2)^2 * in_channels for each of `weft_conv_panels` * 16 channels.
size_t weft_winograd_pack_weights_size(const weft_conv *conv, size_t m);

/// Transforms and packs weights from ONNX's [out_channels, in_channels, 3, 3], once per model.
void weft_winograd_pack_weights(const weft_conv *conv, size_t m, const float *weights, float *packed);

/// Bytes of scratch that one call uses, 8-byte aligned (64 is better).
size_t weft_winograd_scratch_size(const weft_conv *conv, size_t m);

/// The outputs of tiles t0 ..< t1 in the channels of panels q0 ..< q1 (of `weft_conv_panels`).
///
/// `zeros` holds in_channels zeros. Splitting by tiles costs nothing; each range of panels transforms the input anew.
void weft_winograd_f32(
    const weft_conv *conv, size_t m, size_t t0, size_t t1, size_t q0, size_t q1, const float *x, const float *packed,
    const float *zeros, const weft_epilogue *_Nullable epilogue, float *y, void *scratch);

#pragma clang assume_nonnull end
