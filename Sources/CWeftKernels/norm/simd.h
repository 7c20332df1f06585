// Row kernels for the instruction set that the including file began.

#include "../simd/math.h"
#include "kernels.h"

#include <math.h>
#include <stdbool.h>

/// Runs `body` for each register of a row: v is its values, `rest` in the lanes past the end; n the row's length.
#define EACH_VECTOR(x, rest, body)                                                                           \
    {                                                                                                        \
        size_t i = 0;                                                                                        \
        for (; i + WEFT_LANES <= n; i += WEFT_LANES) {                                                       \
            const vf v = v_load((x) + i);                                                                    \
            body;                                                                                            \
        }                                                                                                    \
        if (i < n) {                                                                                         \
            const vf v = v_load_filled((x) + i, n - i, rest);                                                \
            body;                                                                                            \
        }                                                                                                    \
    }

/// The first `count` floats at p, `rest` in the other lanes.
INLINE vf v_load_filled(const float *p, size_t count, float rest) {
    static const int32_t lanes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const vi lane = (vi)v_load((const float *)lanes);
    return lane < (int32_t)count ? v_load_first(p, count) : v_set(rest);
}

/// Stores the register of row y at i.
INLINE void put(float *y, size_t n, size_t i, vf v) {
    if (n - i >= WEFT_LANES) v_store(y + i, v); else v_store_first(y + i, v, n - i);
}

/// Defines a sum over a row: `term` is a register's share, `rest` what fills up the last one.
///
/// Parts of 4096 numbers are summed on their own: the error grows with the count of parts, not of numbers.
#define SUM(name, mean, rest, term)                                                                          \
    static float WEFT_NAME(name)(size_t count, const float *x, float mean) {                                 \
        enum { part = 4096 };                                                                                \
        (void)mean;                                                                                          \
        double total = 0;                                                                                    \
        for (size_t done = 0; done < count; done += part, x += part) {                                       \
            const size_t n = count - done < part ? count - done : part;                                      \
            vf s0 = 0, s1 = 0, s2 = 0, s3 = 0, v;                                                            \
            size_t i = 0;                                                                                    \
            for (; i + 4 * WEFT_LANES <= n; i += 4 * WEFT_LANES) {                                           \
                v = v_load(x + i), s0 += term;                                                               \
                v = v_load(x + i + WEFT_LANES), s1 += term;                                                  \
                v = v_load(x + i + 2 * WEFT_LANES), s2 += term;                                              \
                v = v_load(x + i + 3 * WEFT_LANES), s3 += term;                                              \
            }                                                                                                \
            for (; i + WEFT_LANES <= n; i += WEFT_LANES) v = v_load(x + i), s0 += term;                      \
            if (i < n) v = v_load_filled(x + i, n - i, rest), s1 += term;                                    \
            total += v_sum((s0 + s1) + (s2 + s3));                                                           \
        }                                                                                                    \
        return (float)total;                                                                                 \
    }

SUM(sum_f32, mean, 0, v)
SUM(weft_sum_squares_f32, mean, mean, (v - mean) * (v - mean))

static float WEFT_NAME(weft_sum_f32)(size_t n, const float *x) { return WEFT_NAME(sum_f32)(n, x, 0); }

static float WEFT_NAME(weft_max_f32)(size_t n, const float *x) {
    vf best = v_set(-INFINITY), nan = 0;
    EACH_VECTOR(x, -INFINITY, {
        best = v_max(v, best);
        nan = v != v ? v : nan;
    })
    const float special = v_sum(nan);
    return special != special ? special : v_greatest(best);
}

static float WEFT_NAME(weft_min_f32)(size_t n, const float *x) {
    vf best = v_set(INFINITY), nan = 0;
    EACH_VECTOR(x, INFINITY, {
        best = v_min(v, best);
        nan = v != v ? v : nan;
    })
    const float special = v_sum(nan);
    return special != special ? special : -v_greatest(-best);
}

/// The greatest of a row's numbers, which NaN may hide: it comes back with the sum of exponentials.
INLINE float row_shift(size_t n, const float *x) {
    vf a = v_set(-INFINITY), b = a;
    size_t i = 0;
    for (; i + 2 * WEFT_LANES <= n; i += 2 * WEFT_LANES) {
        a = v_max(v_load(x + i), a);
        b = v_max(v_load(x + i + WEFT_LANES), b);
    }
    for (; i + WEFT_LANES <= n; i += WEFT_LANES) a = v_max(v_load(x + i), a);
    if (i < n) b = v_max(v_load_filled(x + i, n - i, -INFINITY), b);
    return v_greatest(v_max(a, b));
}

/// The sum of exp(x - shift) over a row, in parts of 4096; stores whole registers of them to y where `keep`.
///
/// `rest` becomes those of the last, partial register: loading what was just stored under a mask would stall.
INLINE double exponentials(size_t count, const float *x, float shift, float *y, vf *rest, const bool keep) {
    enum { part = 4096 };
    double total = 0;
    for (size_t done = 0; done < count; done += part, x += part, y += part) {
        const size_t n = count - done < part ? count - done : part;
        vf sum = 0;
        size_t i = 0;
        for (; i + WEFT_LANES <= n; i += WEFT_LANES) {
            const vf e = v_exp(v_load(x + i) - shift);
            if (keep) v_store(y + i, e);
            sum += e;
        }
        if (i < n) {
            *rest = v_exp(v_load_filled(x + i, n - i, -INFINITY) - shift);
            sum += *rest;
        }
        total += v_sum(sum);
    }
    return total;
}

/// Step by step for a few rows together, so that the end of one row's sum does not hold up the next row.
static void WEFT_NAME(weft_softmax_f32)(
    size_t rows, size_t n, const float *x, size_t x_stride, float *y, size_t y_stride) {
    enum { together = 4 };
    float shift[together], factor[together];
    vf rest[together];
    for (; rows; x += together * x_stride, y += together * y_stride) {
        const size_t count = rows < together ? rows : together;
        for (size_t r = 0; r < count; r++) shift[r] = row_shift(n, x + r * x_stride);
        for (size_t r = 0; r < count; r++)
            factor[r] = (float)(1 / exponentials(n, x + r * x_stride, shift[r], y + r * y_stride, rest + r, true));
        for (size_t r = 0; r < count; r++) {
            float *at = y + r * y_stride;
            size_t i = 0;
            for (; i + WEFT_LANES <= n; i += WEFT_LANES) v_store(at + i, v_load(at + i) * factor[r]);
            if (i < n) v_store_first(at + i, rest[r] * factor[r], n - i);
        }
        rows -= count;
    }
}

static void WEFT_NAME(weft_log_softmax_f32)(size_t n, const float *x, float *y) {
    const float shift = row_shift(n, x);
    vf rest = 0;
    const float log_sum = (float)log(exponentials(n, x, shift, y, &rest, false));
    EACH_VECTOR(x, 0, put(y, n, i, v - shift - log_sum))
}

static void WEFT_NAME(weft_affine_f32)(
    size_t n, const float *x, float mean, float factor, const float *scale, const float *bias, float *y) {
#define ROW(p) (n - i >= WEFT_LANES ? v_load((p) + i) : v_load_first((p) + i, n - i))
    if (scale && bias) {
        EACH_VECTOR(x, 0, put(y, n, i, v_fma((v - mean) * factor, ROW(scale), ROW(bias))))
    } else if (scale) {
        EACH_VECTOR(x, 0, put(y, n, i, (v - mean) * factor * ROW(scale)))
    } else if (bias) {
        EACH_VECTOR(x, 0, put(y, n, i, v_fma(v - mean, v_set(factor), ROW(bias))))
    } else {
        EACH_VECTOR(x, 0, put(y, n, i, (v - mean) * factor))
    }
#undef ROW
}

const weft_norm_kernels WEFT_NAME(weft_norm) = {
    WEFT_ROW,
    WEFT_NAME(weft_softmax_f32),
    WEFT_NAME(weft_log_softmax_f32),
    WEFT_NAME(weft_affine_f32),
    WEFT_NAME(weft_sum_f32),
    WEFT_NAME(weft_sum_squares_f32),
    WEFT_NAME(weft_max_f32),
    WEFT_NAME(weft_min_f32),
};
