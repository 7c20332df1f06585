#pragma once

#include "weft_conv.h"

#pragma clang assume_nonnull begin

// 3x3 convolution by Winograd's minimal filtering F(m x m, 3 x 3) on the packed panel, for stride 1 (m = 2 or 4) and
// stride 2 (m = 4):
//
//   Y = A^T [ (G w G^T) . (B^T d B) ] A     for each m x m tile of outputs, from its side x side inputs d
//
//   stride  m   side   products   directly   error relative to the greatest output
//      1    2     4       16         36       near 1e-6
//      1    4     6       36        144       near 1e-5
//      2    4     9       81        144       near 3e-6
//
// Stride 2 is two filters per axis: F(4, 2) on the even inputs and a single weight on the odd ones. Layout, epilogue
// and ranges are weft_conv.h's.

/// Whether a convolution can be computed this way: 3x3, undilated, one group, and a row of the table above.
bool weft_winograd_fits(const weft_conv *conv, size_t m);

/// The m of the fastest filter by a rough count of cycles, or 0 where `weft_conv_f32` is faster or none fits.
size_t weft_winograd_choice(const weft_conv *conv);

/// Tiles of m x m outputs, those over the edge counted whole: batch * ceil(out_h / m) * ceil(out_w / m).
size_t weft_winograd_tiles(const weft_conv *conv, size_t m);

/// Floats that packed weights take: side^2 * in_channels for each of `weft_conv_panels` * 16 channels.
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
