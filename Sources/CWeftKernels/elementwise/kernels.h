#pragma once

#include "../include/weft_elementwise.h"
#include "../isa/isa.h"

/// One instruction set's elementwise kernels; the contracts are those of the public functions.
typedef struct weft_elementwise_kernels {
    weft_isa_kind isa;
    void (*unary)(weft_unary op, float alpha, float beta, size_t n, const float *x, float *y);
    void (*binary)(
        weft_binary op, size_t n, const float *a, size_t a_step, const float *b, size_t b_step, float *y);
} weft_elementwise_kernels;

const weft_elementwise_kernels *weft_elementwise(void);

extern const weft_elementwise_kernels weft_elementwise_generic, weft_elementwise_avx2, weft_elementwise_avx512;
