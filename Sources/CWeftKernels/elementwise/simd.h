// Elementwise kernels for the instruction set that the including file began.

#include "../simd/math.h"
#include "kernels.h"

/// The whole of one function's loop: registers, then the rest of fewer lanes than one.
#define UNARY(op, expression)                                                                                \
    case op:                                                                                                 \
        for (; i + WEFT_LANES <= n; i += WEFT_LANES) {                                                       \
            const vf v = v_load(x + i);                                                                      \
            v_store(y + i, expression);                                                                      \
        }                                                                                                    \
        if (i < n) {                                                                                         \
            const vf v = v_load_first(x + i, n - i);                                                         \
            v_store_first(y + i, expression, n - i);                                                         \
        }                                                                                                    \
        break;

static void WEFT_NAME(weft_unary_f32)(
    weft_unary op, float alpha, float beta, size_t n, const float *x, float *y) {
    const vf zero = 0, one = 1, a = alpha, b = beta;
    const vf least = alpha > 0 ? -87 / alpha : -__builtin_inff();
    size_t i = 0;
    switch (op) {
        UNARY(WEFT_IDENTITY, v)
        UNARY(WEFT_RELU, v_max(zero, v))
        UNARY(WEFT_CLIP, v_min(b, v_max(a, v)))
        UNARY(WEFT_LEAKY_RELU, v < zero ? a * v : v)
        UNARY(WEFT_HARD_SIGMOID, v_min(one, v_max(zero, v_fma(a, v, b))))
        UNARY(WEFT_HARD_SWISH, v * v_min(one, v_max(zero, v_fma(v, v_set(1 / 6.0f), v_set(0.5f)))))
        UNARY(WEFT_SIGMOID, v_sigmoid(v))
        UNARY(WEFT_SILU, v_silu(v, a, least))
        UNARY(WEFT_TANH, v_tanh(v))
        UNARY(WEFT_GELU_ERF, v_gelu(v))
        UNARY(WEFT_GELU_TANH, v / (one + v_exp(-1.595769122f * v_fma(0.044715f * v * v, v, v))))
        UNARY(WEFT_ERF, v_erf(v))
        UNARY(WEFT_EXP, v_exp(v))
        UNARY(WEFT_LOG, v_log(v))
        UNARY(WEFT_SOFTPLUS, v_softplus(v))
        UNARY(WEFT_MISH, v * v_tanh(v_softplus(v)))
        UNARY(WEFT_ELU, v < zero ? a * v_expm1(v) : v)
        UNARY(WEFT_SELU, b * (v < zero ? a * v_expm1(v) : v))
        UNARY(WEFT_SQRT, __builtin_elementwise_sqrt(v))
        UNARY(WEFT_RSQRT, one / __builtin_elementwise_sqrt(v))
        UNARY(WEFT_RECIPROCAL, one / v)
        UNARY(WEFT_ABS, v_abs(v))
        UNARY(WEFT_NEG, -v)
        UNARY(WEFT_SQUARE, v * v)
        UNARY(WEFT_FLOOR, __builtin_elementwise_floor(v))
        UNARY(WEFT_CEIL, __builtin_elementwise_ceil(v))
        UNARY(WEFT_ROUND, __builtin_elementwise_roundeven(v))
    }
}

/// `otherwise`, or p where p is NaN: v_max and v_min keep only their second operand's NaN.
INLINE vf or_nan(vf p, vf otherwise) { return p != p ? p : otherwise; }

#define BINARY_LOOP(expression, load_p, load_q, load_p_rest, load_q_rest)                                    \
    for (; i + WEFT_LANES <= n; i += WEFT_LANES) {                                                           \
        const vf p = load_p, q = load_q;                                                                     \
        v_store(y + i, expression);                                                                          \
    }                                                                                                        \
    if (i < n) {                                                                                             \
        const vf p = load_p_rest, q = load_q_rest;                                                           \
        v_store_first(y + i, expression, n - i);                                                             \
    }

#define BINARY(op, expression)                                                                               \
    case op:                                                                                                 \
        if (a_step && b_step) {                                                                              \
            BINARY_LOOP(                                                                                     \
                expression, v_load(a + i), v_load(b + i), v_load_first(a + i, n - i),                        \
                v_load_first(b + i, n - i))                                                                  \
        } else if (a_step) {                                                                                 \
            BINARY_LOOP(expression, v_load(a + i), b0, v_load_first(a + i, n - i), b0)                       \
        } else if (b_step) {                                                                                 \
            BINARY_LOOP(expression, a0, v_load(b + i), a0, v_load_first(b + i, n - i))                       \
        } else {                                                                                             \
            BINARY_LOOP(expression, a0, b0, a0, b0)                                                          \
        }                                                                                                    \
        break;

static void WEFT_NAME(weft_binary_f32)(
    weft_binary op, size_t n, const float *a, size_t a_step, const float *b, size_t b_step, float *y) {
    if (n == 0) return;
    const vf a0 = a[0], b0 = b[0];
    size_t i = 0;
    switch (op) {
        BINARY(WEFT_ADD, p + q)
        BINARY(WEFT_SUB, p - q)
        BINARY(WEFT_MUL, p * q)
        BINARY(WEFT_DIV, p / q)
        BINARY(WEFT_MAX, or_nan(p, v_max(p, q)))
        BINARY(WEFT_MIN, or_nan(p, v_min(p, q)))
    }
}

const weft_elementwise_kernels WEFT_NAME(weft_elementwise) = {
    WEFT_ROW, WEFT_NAME(weft_unary_f32), WEFT_NAME(weft_binary_f32)};
