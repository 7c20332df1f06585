#include "../isa/isa.h"

#if WEFT_X86
#include "../simd/avx2.h"

#include "kernels.h"

/// Transposes 8 x 8 floats in registers.
INLINE void block_8x8(const float *x, size_t x_stride, float *y, size_t y_stride) {
    __m256 r[8], pairs[8], quads[8];
    // Rows i and i + 4 share a register by halves, so that no lane crosses later.
    for (size_t i = 0; i < 4; i++) {
        const float *p = x + i * x_stride, *q = x + (i + 4) * x_stride;
        r[i] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)), _mm_loadu_ps(q), 1);
        r[i + 4] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p + 4)), _mm_loadu_ps(q + 4), 1);
    }
    for (size_t i = 0; i < 8; i += 2) {
        pairs[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        pairs[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    for (size_t i = 0; i < 8; i += 4)
        for (size_t j = 0; j < 2; j++) {
            quads[i + 2 * j] = _mm256_shuffle_ps(pairs[i + j], pairs[i + j + 2], 0x44);
            quads[i + 2 * j + 1] = _mm256_shuffle_ps(pairs[i + j], pairs[i + j + 2], 0xee);
        }
    for (size_t i = 0; i < 8; i++) _mm256_storeu_ps(y + i * y_stride, quads[i]);
}

static void weft_transpose_f32_avx2(
    size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    // Bands of 64 rows: what is written stays in the first-level cache until its lines are full.
    enum { band = 64 };
    for (size_t top = 0; top < rows; top += band) {
        const size_t bottom = rows - top < band ? rows : top + band;
        const size_t whole = top + (bottom - top) / 8 * 8;
        size_t j = 0;
        for (; j + 8 <= columns; j += 8) {
            for (size_t i = top; i < whole; i += 8)
                block_8x8(x + i * x_stride + j, x_stride, y + j * y_stride + i, y_stride);
            weft_transpose_corner(
                bottom - whole, 8, x + whole * x_stride + j, x_stride, y + j * y_stride + whole, y_stride);
        }
        weft_transpose_corner(
            bottom - top, columns - j, x + top * x_stride + j, x_stride, y + j * y_stride + top, y_stride);
    }
}

static void weft_pad_rows_f32_avx2(
    size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride) {
    const size_t whole = columns / WEFT_LANES * WEFT_LANES, rest = columns - whole;
    for (size_t i = 0; i < rows; i++, x += x_stride, y += y_stride) {
        for (size_t j = 0; j < whole; j += WEFT_LANES) v_store(y + j, v_load(x + j));
        vf tail = rest ? v_load_first(x + whole, rest) : v_set(0);
        for (size_t j = whole; j < y_stride; j += WEFT_LANES, tail = v_set(0))
            if (y_stride - j < WEFT_LANES) v_store_first(y + j, tail, y_stride - j); else v_store(y + j, tail);
    }
}

const weft_layout_kernels weft_layout_avx2 = {WEFT_ISA_AVX2, weft_transpose_f32_avx2, weft_pad_rows_f32_avx2};

#include "../simd/end.h"
#endif
