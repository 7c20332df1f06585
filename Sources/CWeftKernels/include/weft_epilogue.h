#pragma once

#include "weft_elementwise.h"

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// What becomes of a finished product before it leaves the cache.
///
/// v = scale * product[i, j] + bias[j]
/// y = activation(v + residual[i, j])     residual_last false
/// y = activation(v) + residual[i, j]     residual_last true
///
/// `bias` and `residual` may be null and then count as zero. `residual` may not overlap the output.
typedef struct weft_epilogue {
    float scale;
    const float *_Nullable bias;
    const float *_Nullable residual;
    size_t residual_stride;  ///< floats from one row (pixel) of the residual to the next
    bool residual_last;
    weft_unary activation;
    float alpha, beta;  ///< the activation's parameters
} weft_epilogue;

/// The function of an activation that a fused node names: an ONNX operator, `SiLU` or `none`; -1 where there is none.
///
/// Gelu's `beta` is 1 for the form with tanh.
int weft_activation_named(const char *name, float beta);

#pragma clang assume_nonnull end
