#pragma once

#include "../include/weft_epilogue.h"

/// An epilogue as the kernels apply it: a part in registers, and a pass over finished rows for the rest.
///
/// In registers: v = clip(scale * sum + bias + before, low, high) + after, where `before` and `after` are the
/// residual or nothing. The pass: y = activation(v) + residual, for activations too long for a tile's registers.
typedef struct weft_finish {
    float scale, low, high;
    const float *bias, *before, *after;
    size_t residual_stride;
    bool pass;
    weft_unary activation;
    float alpha, beta;
    const float *pass_residual;
} weft_finish;

/// Splits `epilogue` (null: plain product) into its two parts.
weft_finish weft_finish_for(const weft_epilogue *epilogue);

/// Runs the pass over y[rows, columns] whose top left is row `row0`, column `column0` of the residual.
void weft_finish_pass(
    const weft_finish *finish, size_t rows, size_t columns, float *y, size_t stride, size_t row0, size_t column0);

/// The register part for one element.
static inline float weft_finished(const weft_finish *f, float sum, size_t row, size_t column) {
    const size_t at = row * f->residual_stride + column;
    float v = f->scale * sum;
    if (f->bias) v += f->bias[column];
    if (f->before) v += f->before[at];
    v = v < f->low ? f->low : v;
    v = v > f->high ? f->high : v;
    return f->after ? v + f->after[at] : v;
}
