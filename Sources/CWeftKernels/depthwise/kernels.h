#pragma once

#include "../epilogue/epilogue.h"
#include "../include/weft_depthwise.h"
#include "../isa/isa.h"
#include "../window/span.h"

/// One instruction set's depthwise kernel: one output row, the epilogue's register part applied.
typedef struct weft_depthwise_kernels {
    weft_isa_kind isa;
    void (*row)(
        const weft_conv *conv, size_t row, size_t c0, size_t c1, const float *x, const float *packed,
        const weft_finish *finish, float *y);
} weft_depthwise_kernels;

const weft_depthwise_kernels *weft_depthwise(void);

extern const weft_depthwise_kernels weft_depthwise_generic, weft_depthwise_avx2, weft_depthwise_avx512;
