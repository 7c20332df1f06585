#pragma once

// A vector register of WEFT_LANES floats, in the compiler's own vector types: the including file has defined
// WEFT_LANES and set the target. Arithmetic is written with operators.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float vf __attribute__((ext_vector_type(WEFT_LANES)));
typedef int32_t vi __attribute__((ext_vector_type(WEFT_LANES)));
typedef uint32_t vu __attribute__((ext_vector_type(WEFT_LANES)));
typedef vf vf_unaligned __attribute__((aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline, unused))

INLINE vf v_load(const float *p) { return *(const vf_unaligned *)p; }
INLINE void v_store(float *p, vf v) { *(vf_unaligned *)p = v; }
INLINE vf v_set(float x) { return (vf)x; }
INLINE vf v_fma(vf a, vf b, vf c) { return __builtin_elementwise_fma(a, b, c); }

/// b, or a where a > b: NaN in `b` stays, NaN in `a` gives b.
INLINE vf v_max(vf a, vf b) { return a > b ? a : b; }
/// b, or a where a < b: NaN in `b` stays, NaN in `a` gives b.
INLINE vf v_min(vf a, vf b) { return a < b ? a : b; }
INLINE vf v_abs(vf x) { return (vf)((vu)x & 0x7fffffffu); }
/// The magnitude of `x` with the sign of `s`.
INLINE vf v_copysign(vf x, vf s) { return (vf)(((vu)x & 0x7fffffffu) | ((vu)s & 0x80000000u)); }

#if defined(WEFT_AVX2)
/// A mask of the first n lanes of a register, n in 0 … 8.
INLINE __m256i v_first(size_t n) {
    static const int32_t window[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256((const __m256i *)(window + 8 - n));
}
#endif

// v_load_first: the first n floats at p, zeros after; reads no further. v_store_first: stores as many, no further.
// v_rough_reciprocal: 1 / x to 11 bits at least, or 0 where that is denormal.
#if defined(WEFT_AVX2) && WEFT_LANES == 8
INLINE vf v_load_first(const float *p, size_t n) { return (vf)_mm256_maskload_ps(p, v_first(n)); }
INLINE void v_store_first(float *p, vf v, size_t n) { _mm256_maskstore_ps(p, v_first(n), (__m256)v); }
INLINE vf v_rough_reciprocal(vf x) { return (vf)_mm256_rcp_ps((__m256)x); }
#elif defined(WEFT_AVX2) && WEFT_LANES == 16
typedef __typeof__(((vf)0).lo) v_half;
INLINE vf v_load_first(const float *p, size_t n) {
    vf v;
    v.lo = (v_half)_mm256_maskload_ps(p, v_first(n < 8 ? n : 8));
    v.hi = (v_half)_mm256_maskload_ps(p + 8, v_first(n < 8 ? 0 : n - 8));
    return v;
}
INLINE void v_store_first(float *p, vf v, size_t n) {
    if (n < 8) {
        _mm256_maskstore_ps(p, v_first(n), (__m256)v.lo);
        return;
    }
    _mm256_storeu_ps(p, (__m256)v.lo);
    if (n > 8) _mm256_maskstore_ps(p + 8, v_first(n - 8), (__m256)v.hi);
}
INLINE vf v_rough_reciprocal(vf x) {
    vf y;
    y.lo = (v_half)_mm256_rcp_ps((__m256)x.lo);
    y.hi = (v_half)_mm256_rcp_ps((__m256)x.hi);
    return y;
}
#elif defined(WEFT_AVX512)
INLINE __mmask16 v_first(size_t n) { return (__mmask16)((1u << n) - 1); }
INLINE vf v_load_first(const float *p, size_t n) { return (vf)_mm512_maskz_loadu_ps(v_first(n), p); }
INLINE void v_store_first(float *p, vf v, size_t n) { _mm512_mask_storeu_ps(p, v_first(n), (__m512)v); }
INLINE vf v_rough_reciprocal(vf x) { return (vf)_mm512_rcp14_ps((__m512)x); }
#else
INLINE vf v_load_first(const float *p, size_t n) {
    vf v = 0;
    memcpy(&v, p, n * sizeof(float));
    return v;
}
INLINE void v_store_first(float *p, vf v, size_t n) { memcpy(p, &v, n * sizeof(float)); }
INLINE vf v_rough_reciprocal(vf x) { return 1.0f / x; }
#endif

typedef float v_quad __attribute__((ext_vector_type(4)));

INLINE float v_sum(vf v) {
#if WEFT_LANES == 16
    const __typeof__(v.lo) half = v.lo + v.hi;
    const v_quad q = half.lo + half.hi;
#elif WEFT_LANES == 8
    const v_quad q = v.lo + v.hi;
#else
    const v_quad q = v;
#endif
    return (q.x + q.z) + (q.y + q.w);
}

/// The greatest lane of a register without NaN.
INLINE float v_greatest(vf v) {
#if WEFT_LANES == 16
    const __typeof__(v.lo) half = v.lo > v.hi ? v.lo : v.hi;
    const v_quad q = half.lo > half.hi ? half.lo : half.hi;
#elif WEFT_LANES == 8
    const v_quad q = v.lo > v.hi ? v.lo : v.hi;
#else
    const v_quad q = v;
#endif
    const float a = q.x > q.z ? q.x : q.z, b = q.y > q.w ? q.y : q.w;
    return a > b ? a : b;
}
