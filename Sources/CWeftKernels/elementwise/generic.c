#include "kernels.h"

#include <math.h>

static float unary(weft_unary op, float a, float b, float x) {
    switch (op) {
    case WEFT_IDENTITY: return x;
    case WEFT_RELU: return x < 0 ? 0 : x;
    case WEFT_CLIP: x = x < a ? a : x; return x > b ? b : x;
    case WEFT_LEAKY_RELU: return x < 0 ? a * x : x;
    case WEFT_HARD_SIGMOID: return unary(WEFT_CLIP, 0, 1, a * x + b);
    case WEFT_HARD_SWISH: return x * unary(WEFT_CLIP, 0, 1, x / 6 + 0.5f);
    case WEFT_SIGMOID: return 1 / (1 + expf(-x));
    case WEFT_SILU: return x == -INFINITY ? -0.0f : x / (1 + expf(-a * x));
    case WEFT_TANH: return tanhf(x);
    case WEFT_GELU_ERF: return x == -INFINITY ? -0.0f : 0.5f * x * (1 + erff(x * 0.707106781f));
    case WEFT_GELU_TANH: return 0.5f * x * (1 + tanhf(0.797884561f * (x + 0.044715f * x * x * x)));
    case WEFT_ERF: return erff(x);
    case WEFT_EXP: return expf(x);
    case WEFT_LOG: return logf(x);
    case WEFT_SOFTPLUS: return (x < 0 ? 0 : x) + log1pf(expf(-fabsf(x)));
    case WEFT_MISH: return x * tanhf(unary(WEFT_SOFTPLUS, 0, 0, x));
    case WEFT_ELU: return x < 0 ? a * expm1f(x) : x;
    case WEFT_SELU: return b * (x < 0 ? a * expm1f(x) : x);
    case WEFT_SQRT: return sqrtf(x);
    case WEFT_RSQRT: return 1 / sqrtf(x);
    case WEFT_RECIPROCAL: return 1 / x;
    case WEFT_ABS: return fabsf(x);
    case WEFT_NEG: return -x;
    case WEFT_SQUARE: return x * x;
    case WEFT_FLOOR: return floorf(x);
    case WEFT_CEIL: return ceilf(x);
    case WEFT_ROUND: return rintf(x);
    }
    return x;
}

static void weft_unary_f32_generic(weft_unary op, float alpha, float beta, size_t n, const float *x, float *y) {
    for (size_t i = 0; i < n; i++) y[i] = unary(op, alpha, beta, x[i]);
}

static float binary(weft_binary op, float a, float b) {
    switch (op) {
    case WEFT_ADD: return a + b;
    case WEFT_SUB: return a - b;
    case WEFT_MUL: return a * b;
    case WEFT_DIV: return a / b;
    case WEFT_MAX: return a != a || a > b ? a : b;
    case WEFT_MIN: return a != a || a < b ? a : b;
    }
    return a;
}

static void weft_binary_f32_generic(
    weft_binary op, size_t n, const float *a, size_t a_step, const float *b, size_t b_step, float *y) {
    if (n == 0) return;
    const float a0 = a[0], b0 = b[0];
    for (size_t i = 0; i < n; i++) y[i] = binary(op, a_step ? a[i] : a0, b_step ? b[i] : b0);
}

const weft_elementwise_kernels weft_elementwise_generic = {
    WEFT_ISA_GENERIC, weft_unary_f32_generic, weft_binary_f32_generic};
