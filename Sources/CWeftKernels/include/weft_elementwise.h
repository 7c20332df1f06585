#pragma once

#include <stddef.h>

#pragma clang assume_nonnull begin

/// Functions of one float; a and b are the parameters `alpha` and `beta`.
///
/// Errors are against the exact result, measured over all magnitudes: ulp where small results stay relatively exact,
/// else absolute. Infinities and denormals are handled as by IEEE arithmetic, NaN propagates.
typedef enum weft_unary {
    WEFT_IDENTITY,
    WEFT_RELU,          ///< max(x, 0)
    WEFT_CLIP,          ///< min(max(x, a), b)
    WEFT_LEAKY_RELU,    ///< x < 0 ? a x : x
    WEFT_HARD_SIGMOID,  ///< min(max(a x + b, 0), 1)
    WEFT_HARD_SWISH,    ///< x min(max(x / 6 + 1/2, 0), 1)
    WEFT_SIGMOID,       ///< 1 / (1 + exp(-x)); 4 ulp above -87, 1e-38 below
    WEFT_SILU,          ///< x / (1 + exp(-a x)), a = 1 for SiLU, a > 0 in general; 4 ulp above -87, 2e-36 below
    WEFT_TANH,          ///< 4 ulp
    WEFT_GELU_ERF,      ///< x/2 (1 + erf(x / sqrt 2)), 0 at -infinity; 2.5e-7 max(1, |x|)
    WEFT_GELU_TANH,     ///< x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))); 2.5e-7 max(1, |x|)
    WEFT_ERF,           ///< 4 ulp
    WEFT_EXP,           ///< 2 ulp
    WEFT_LOG,           ///< 2 ulp
    WEFT_SOFTPLUS,      ///< log(1 + exp(x)); 4 ulp above -87
    WEFT_MISH,          ///< x tanh(softplus(x)); 8 ulp above -87
    WEFT_ELU,           ///< x < 0 ? a (exp(x) - 1) : x; 4 ulp
    WEFT_SELU,          ///< b (x < 0 ? a (exp(x) - 1) : x); 4 ulp
    WEFT_SQRT,          ///< exact rounding
    WEFT_RSQRT,         ///< 1 / sqrt(x); 2 ulp
    WEFT_RECIPROCAL,    ///< 1 / x
    WEFT_ABS,
    WEFT_NEG,
    WEFT_SQUARE,        ///< x x
    WEFT_FLOOR,
    WEFT_CEIL,
    WEFT_ROUND,         ///< to nearest, halves to even
} weft_unary;

/// Functions of two floats.
typedef enum weft_binary {
    WEFT_ADD,
    WEFT_SUB,  ///< a - b
    WEFT_MUL,
    WEFT_DIV,  ///< a / b
    WEFT_MAX,  ///< NaN where either is NaN
    WEFT_MIN,  ///< NaN where either is NaN
} weft_binary;

/// y[i] = op(x[i]) for i < n; `y` may be `x`.
void weft_unary_f32(weft_unary op, float alpha, float beta, size_t n, const float *x, float *y);

/// y[i] = op(a[i * a_step], b[i * b_step]) for i < n, each step 0 (a scalar) or 1; `y` may be `a` or `b`.
///
/// A step of 0 reads the scalar once, before anything is written.
void weft_binary_f32(
    weft_binary op, size_t n, const float *a, size_t a_step, const float *b, size_t b_step, float *y);

/// `weft_binary_f32` on rows of n, whose beginnings lie the given strides apart: 0 for a row that all others meet.
void weft_binary_rows_f32(
    weft_binary op, size_t rows, size_t n, const float *a, size_t a_row, size_t a_step, const float *b, size_t b_row,
    size_t b_step, float *y, size_t y_row);

#pragma clang assume_nonnull end
