#pragma once

#include "../epilogue/epilogue.h"
#include "../include/weft_depthwise.h"
#include "../isa/isa.h"

/// One instruction set's depthwise kernel: one output row, the epilogue's register part applied.
typedef struct weft_depthwise_kernels {
    weft_isa_kind isa;
    void (*row)(
        const weft_conv *conv, size_t row, size_t c0, size_t c1, const float *x, const float *packed,
        const weft_finish *finish, float *y);
} weft_depthwise_kernels;

const weft_depthwise_kernels *weft_depthwise(void);

extern const weft_depthwise_kernels weft_depthwise_generic, weft_depthwise_avx2;

/// Kernel positions begin ..< end that fall inside an image of `size`, for a first coordinate that may be negative.
typedef struct weft_span { size_t begin, end; } weft_span;

static inline weft_span weft_inside(ptrdiff_t first, size_t kernel, size_t dilation, size_t size) {
    weft_span s = {0, kernel};
    while (s.begin < s.end && first + (ptrdiff_t)(s.begin * dilation) < 0) s.begin++;
    while (s.end > s.begin && first + (ptrdiff_t)((s.end - 1) * dilation) >= (ptrdiff_t)size) s.end--;
    return s;
}
