#include "epilogue.h"

#include <math.h>
#include <stddef.h>

weft_finish weft_finish_for(const weft_epilogue *e) {
    weft_finish f = {.scale = 1, .low = -INFINITY, .high = INFINITY};
    if (!e) return f;
    f.scale = e->scale;
    f.bias = e->bias;
    f.residual_stride = e->residual_stride;
    f.activation = e->activation;
    f.alpha = e->alpha;
    f.beta = e->beta;
    if (e->activation == WEFT_RELU) f.low = 0;
    if (e->activation == WEFT_CLIP) f.low = e->alpha, f.high = e->beta;
    f.pass = e->activation != WEFT_IDENTITY && e->activation != WEFT_RELU && e->activation != WEFT_CLIP;
    if (!e->residual_last || e->activation == WEFT_IDENTITY) {
        f.before = e->residual;
    } else if (f.pass) {
        f.pass_residual = e->residual;
    } else {
        f.after = e->residual;
    }
    return f;
}

void weft_finish_pass(
    const weft_finish *f, size_t rows, size_t columns, float *y, size_t stride, size_t row0, size_t column0) {
    if (!f->pass) return;
    if (columns == stride && !f->pass_residual) columns *= rows, rows = 1;
    for (size_t row = 0; row < rows; row++) {
        float *at = y + row * stride;
        weft_unary_f32(f->activation, f->alpha, f->beta, columns, at, at);
        if (!f->pass_residual) continue;
        const float *residual = f->pass_residual + (row0 + row) * f->residual_stride + column0;
        weft_binary_f32(WEFT_ADD, columns, at, 1, residual, 1, at);
    }
}
