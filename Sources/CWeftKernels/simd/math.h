#pragma once

// Elementary functions on whole registers. Polynomials are minimax fits on the intervals stated.

#include "simd.h"

/// 2^n for each lane's integer, -126 … 127.
INLINE vf v_exp2i(vi n) { return (vf)((vu)(n + 127) << 23); }

/// exp(x) in parts: 2^whole (1 + tail), where |tail| is at most sqrt 2 - 1; `n` is `whole` as a float.
typedef struct exp_parts {
    vf tail, n;
    vi whole;
} exp_parts;

/// m 2^n, where n is a whole number, -126 … 127, given in both forms.
INLINE vf v_scale(vf m, vf n, vi whole) {
#if defined(WEFT_AVX512)
    (void)whole;
    return (vf)_mm512_scalef_ps((__m512)m, (__m512)n);
#else
    (void)n;
    return m * v_exp2i(whole);
#endif
}

/// The parts of exp(x) for x in -104 … 89.
INLINE exp_parts v_exp_parts(vf x) {
    const vf magic = v_set(0x1.8p23f);  // adding it rounds to an integer, kept in the low bits
    const vf shifted = v_fma(x, v_set(0x1.715476p0f), magic);
    const vf n = shifted - magic;
    vf r = v_fma(n, v_set(-0x1.62e4p-1f), x);
    r = v_fma(n, v_set(-0x1.7f7d1cp-20f), r);
    vf q = v_set(0.0013814432313665748f);
    q = v_fma(q, r, v_set(0.008368796668946743f));
    q = v_fma(q, r, v_set(0.041668396443128586f));
    q = v_fma(q, r, v_set(0.1666651964187622f));
    q = v_fma(q, r, v_set(0.4999999403953552f));
    return (exp_parts){v_fma(q, r * r, r), n, (vi)((vu)shifted - (vu)magic)};
}

INLINE vf v_clamp(vf low, vf x, vf high) { return v_min(high, v_max(low, x)); }

INLINE vf v_exp(vf x) {
    const exp_parts e = v_exp_parts(v_clamp(v_set(-104.0f), x, v_set(89.0f)));
    // Two steps, so that denormal results and 2^128 come out right.
    const vi half = e.whole >> 1;
    return (e.tail + 1.0f) * v_exp2i(half) * v_exp2i((vi)((vu)e.whole - (vu)half));
}

/// exp(x) - 1 without cancellation, for x <= 0.
INLINE vf v_expm1(vf x) {
    const exp_parts e = v_exp_parts(v_clamp(v_set(-87.0f), x, v_set(0.0f)));
    const vf scale = v_exp2i(e.whole);
    return v_fma(scale, e.tail, scale - 1.0f);
}

/// x / (1 + exp(-a x)), taken at `least` for all lower x: where a > 0 pass -87 / a, past which it is as good as 0.
INLINE vf v_silu(vf x, vf a, vf least) {
    x = v_max(least, x);
    const exp_parts e = v_exp_parts(v_max(v_set(-87.0f), -a * x));
    const vf d = v_scale(e.tail + 1.0f, e.n, e.whole) + 1.0f;
    const vf rough = v_rough_reciprocal(d);
    return x * (rough * v_fma(-d, rough, v_set(2.0f)));
}

INLINE vf v_log(vf x) {
    const vi tiny = x < 0x1p-126f;
    const vf scaled = tiny ? x * 0x1p23f : x;
    // The exponent that leaves a mantissa in [sqrt 1/2, sqrt 2).
    const vi shifted = (vi)((vu)scaled - 0x3f3504f3u);
    const vi n = (shifted >> 23) - (tiny & 23);
    const vf f = (vf)(((vu)shifted & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
    vf p = v_set(-0.07634460180997849f);
    p = v_fma(p, f, v_set(0.12761563062667847f));
    p = v_fma(p, f, v_set(-0.13160189986228943f));
    p = v_fma(p, f, v_set(0.14201760292053223f));
    p = v_fma(p, f, v_set(-0.16623356938362122f));
    p = v_fma(p, f, v_set(0.20001226663589478f));
    p = v_fma(p, f, v_set(-0.2500081956386566f));
    p = v_fma(p, f, v_set(0.3333333134651184f));
    const vf e = __builtin_convertvector(n, vf), f2 = f * f;
    vf y = v_fma(e, v_set(0x1.7f7d1cp-20f), f2 * f * p);
    y = v_fma(f2, v_set(-0.5f), y);
    y = v_fma(e, v_set(0x1.62e4p-1f), f + y);
    y = x == __builtin_inff() || x != x ? x : y;
    y = x == 0.0f ? v_set(-__builtin_inff()) : y;
    return x < 0.0f ? v_set(__builtin_nanf("")) : y;
}

/// log(1 + u) for u >= 0, exact for small u.
INLINE vf v_log1p(vf u) {
    const vf w = u + 1.0f;
    return v_log(w) - ((w - 1.0f) - u) / w;
}

INLINE vf v_sigmoid(vf x) { return 1.0f / (1.0f + v_exp(-x)); }

INLINE vf v_tanh(vf x) {
    const vf a = v_abs(x), z = x * x;
    vf p = v_set(0.0021227439865469933f);  // (tanh(x) / x - 1) / x^2 in x^2, 0 … 0.4
    p = v_fma(p, z, v_set(-0.008156278170645237f));
    p = v_fma(p, z, v_set(0.021692605689167976f));
    p = v_fma(p, z, v_set(-0.053945377469062805f));
    p = v_fma(p, z, v_set(0.13333195447921753f));
    p = v_fma(p, z, v_set(-0.3333333134651184f));
    const vf small = v_fma(x * z, p, x);
    const vf large = 1.0f - 2.0f / (v_exp(a + a) + 1.0f);
    return a < 0.625f ? small : v_copysign(large, x);
}

INLINE vf v_erf(vf x) {
    const vf a = v_abs(x), z = x * x;
    vf p = v_set(7.853857823647559e-05f);  // erf(x) / x in x^2, 0 … 1
    p = v_fma(p, z, v_set(-0.0008010192541405559f));
    p = v_fma(p, z, v_set(0.005188327748328447f));
    p = v_fma(p, z, v_set(-0.026853810995817184f));
    p = v_fma(p, z, v_set(0.1128358542919159f));
    p = v_fma(p, z, v_set(-0.3761262595653534f));
    p = v_fma(p, z, v_set(1.1283791065216064f));
    const vf t = v_min(v_set(4.0f), a);
    vf q = v_set(2.1686850232072175e-05f);  // -log(1 - erf(x)), 1 … 4
    q = v_fma(q, t, v_set(-0.00044133636401966214f));
    q = v_fma(q, t, v_set(0.004204561933875084f));
    q = v_fma(q, t, v_set(-0.025208257138729095f));
    q = v_fma(q, t, v_set(0.10841857641935349f));
    q = v_fma(q, t, v_set(0.6332198977470398f));
    q = v_fma(q, t, v_set(1.1295784711837769f));
    q = v_fma(q, t, v_set(-0.0001880402269307524f));
    const vf large = 1.0f - v_exp(-q);
    return a < 1.0f ? x * p : v_copysign(large, x);
}

/// x/2 (1 + erf(x / sqrt 2)) = max(x, 0) - |x| Phi(-|x|), Phi(-t) in u = t / 2.625 - 1 on 0 … 5.25.
INLINE vf v_gelu(vf x) {
    const vf a = v_abs(x), u = v_fma(v_min(v_set(5.25f), a), v_set(1 / 2.625f), v_set(-1.0f)), u2 = u * u;
    vf odd = v_set(-0x1.015122p-8f), even = v_set(0x1.8961eep-8f);  // powers of u
    odd = v_fma(odd, u2, v_set(0x1.1d3da2p-6f)), even = v_fma(even, u2, v_set(-0x1.384df2p-5f));
    odd = v_fma(odd, u2, v_set(-0x1.0df118p-6f)), even = v_fma(even, u2, v_set(0x1.967f22p-4f));
    odd = v_fma(odd, u2, v_set(-0x1.040d58p-4f)), even = v_fma(even, u2, v_set(-0x1.897f40p-4f));
    odd = v_fma(odd, u2, v_set(0x1.932462p-3f)), even = v_fma(even, u2, v_set(-0x1.8f9968p-4f));
    odd = v_fma(odd, u2, v_set(-0x1.efb6cep-4f)), even = v_fma(even, u2, v_set(0x1.07444ap-2f));
    odd = v_fma(odd, u2, v_set(-0x1.ceb968p-3f)), even = v_fma(even, u2, v_set(0x1.d75a6ap-4f));
    odd = v_fma(odd, u2, v_set(-0x1.119fb4p-5f)), even = v_fma(even, u2, v_set(0x1.1bee76p-8f));
    return v_max(v_set(0.0f), x) - (a > 5.25f ? v_set(0.0f) : a * v_fma(odd, u, even));
}

INLINE vf v_softplus(vf x) { return v_max(v_set(0.0f), x) + v_log1p(v_exp(-v_abs(x))); }
