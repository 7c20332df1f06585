// Winograd's transforms for the instruction set that the including file began.

#include "../epilogue/simd.h"
#include "kernels.h"

/// B^T of a line of inputs; see matrices.c.
INLINE void input_line(const weft_winograd_form form, const vf *d, vf *r) {
    if (form == WEFT_WINOGRAD_F4_STRIDE2) {
        const vf low = d[6] - d[2], high = d[6] - d[4], two = v_set(2);
        r[0] = v_fma(two, d[0] - d[4], low);
        r[1] = v_fma(v_set(-2), d[2], high);
        r[2] = v_fma(two, d[2] - d[4], high);
        r[3] = low;
        r[4] = v_fma(v_set(-2), low, d[8] - d[4]);
        r[5] = d[1];
        r[6] = d[3];
        r[7] = d[5];
        r[8] = d[7];
        return;
    }
    if (form == WEFT_WINOGRAD_F2) {
        r[0] = d[0] - d[2];
        r[1] = d[1] + d[2];
        r[2] = d[2] - d[1];
        r[3] = d[1] - d[3];
        return;
    }
    const vf s = v_fma(d[2], v_set(-4), d[4]), t = v_fma(d[1], v_set(-4), d[3]);
    const vf u = d[4] - d[2], w = d[3] - d[1];
    r[0] = v_fma(d[0], v_set(4), v_fma(d[2], v_set(-5), d[4]));
    r[1] = s + t;
    r[2] = s - t;
    r[3] = v_fma(w, v_set(2), u);
    r[4] = v_fma(w, v_set(-2), u);
    r[5] = v_fma(d[1], v_set(4), v_fma(d[3], v_set(-5), d[5]));
}

/// A^T of a line of products.
INLINE void output_line(const weft_winograd_form form, const vf *p, vf *r) {
    const vf a = p[1] + p[2], b = p[1] - p[2];
    if (form == WEFT_WINOGRAD_F4_STRIDE2) {
        r[0] = (p[0] + a) + (p[3] + p[5]);
        r[1] = v_fma(p[3], v_set(2), b) + p[6];
        r[2] = v_fma(p[3], v_set(4), a) + p[7];
        r[3] = v_fma(p[3], v_set(8), b) + (p[4] + p[8]);
        return;
    }
    if (form == WEFT_WINOGRAD_F2) {
        r[0] = p[0] + a;
        r[1] = b - p[3];
        return;
    }
    const vf c = p[3] + p[4], d = p[3] - p[4];
    r[0] = p[0] + a + c;
    r[1] = v_fma(d, v_set(2), b);
    r[2] = v_fma(c, v_set(4), a);
    r[3] = v_fma(d, v_set(8), b) + p[5];
}

INLINE void input_register(
    const weft_winograd_form form, const float *const *pixels, size_t c, size_t last, float *planes, size_t plane) {
    const size_t V = 1, side = weft_winograd_side(form);
    vf half[WEFT_WINOGRAD_SIDE][WEFT_WINOGRAD_SIDE];
    EACH(j, side) {
        vf d[WEFT_WINOGRAD_SIDE], r[WEFT_WINOGRAD_SIDE];
        EACH(i, side) d[i] = FETCH(pixels[i * side + j] + c, 0);
        input_line(form, d, r);
        EACH(i, side) half[i][j] = r[i];
    }
    EACH(i, side) {
        vf r[WEFT_WINOGRAD_SIDE];
        input_line(form, half[i], r);
        EACH(j, side) {
            float *to = planes + (i * side + j) * plane + c;
            if (last >= WEFT_LANES) v_store(to, r[j]); else v_store_first(to, r[j], last);
        }
    }
}

INLINE void input_tile(
    const weft_winograd_form form, const float *const *pixels, size_t channels, float *planes, size_t plane) {
    size_t c = 0;
    for (; c + WEFT_LANES <= channels; c += WEFT_LANES) input_register(form, pixels, c, WEFT_LANES, planes, plane);
    if (c < channels) input_register(form, pixels, c, channels - c, planes, plane);
}

static void WEFT_NAME(weft_winograd_input_f32)(
    weft_winograd_form form, const float *const *pixels, size_t channels, float *planes, size_t plane) {
    switch (form) {
    case WEFT_WINOGRAD_F2: input_tile(WEFT_WINOGRAD_F2, pixels, channels, planes, plane); break;
    case WEFT_WINOGRAD_F4: input_tile(WEFT_WINOGRAD_F4, pixels, channels, planes, plane); break;
    case WEFT_WINOGRAD_F4_STRIDE2: input_tile(WEFT_WINOGRAD_F4_STRIDE2, pixels, channels, planes, plane); break;
    }
}

INLINE void output_register(
    const weft_winograd_form form, const float *planes, size_t plane, size_t c, size_t last, const weft_winograd_target *to) {
    const size_t V = 1, side = weft_winograd_side(form), M = weft_winograd_m(form);
    vf half[4][WEFT_WINOGRAD_SIDE];
    EACH(j, side) {
        vf p[WEFT_WINOGRAD_SIDE], r[4];
        EACH(i, side) p[i] = FETCH(planes + (i * side + j) * plane + c, 0);
        output_line(form, p, r);
        EACH(i, M) half[i][j] = r[i];
    }
    EACH(i, M) {
        if (i >= to->rows) break;
        vf r[4], sum[4][VECTORS];
        output_line(form, half[i], r);
        EACH(j, M) sum[j][0] = r[j];
        float *y = to->y + i * to->y_row + c;
        const size_t pixel = to->pixel + i * to->pixel_row;
        if (to->columns == M) {
            finish_rows(to->finish, M, 1, sum, y, to->y_pixel, pixel, to->channel + c, last);
        } else {
            for (size_t j = 0; j < to->columns; j++)
                finish_rows(to->finish, 1, 1, sum + j, y + j * to->y_pixel, 0, pixel + j, to->channel + c, last);
        }
    }
}

INLINE void output_tile(
    const weft_winograd_form form, const float *planes, size_t plane, size_t channels, const weft_winograd_target *target) {
    size_t c = 0;
    for (; c + WEFT_LANES <= channels; c += WEFT_LANES) output_register(form, planes, plane, c, WEFT_LANES, target);
    if (c < channels) output_register(form, planes, plane, c, channels - c, target);
}

static void WEFT_NAME(weft_winograd_output_f32)(
    weft_winograd_form form, const float *planes, size_t plane, size_t channels, const weft_winograd_target *target) {
    switch (form) {
    case WEFT_WINOGRAD_F2: output_tile(WEFT_WINOGRAD_F2, planes, plane, channels, target); break;
    case WEFT_WINOGRAD_F4: output_tile(WEFT_WINOGRAD_F4, planes, plane, channels, target); break;
    case WEFT_WINOGRAD_F4_STRIDE2: output_tile(WEFT_WINOGRAD_F4_STRIDE2, planes, plane, channels, target); break;
    }
}

const weft_winograd_kernels WEFT_NAME(weft_winograd) = {
    WEFT_ROW, WEFT_NAME(weft_winograd_input_f32), WEFT_NAME(weft_winograd_output_f32)};
