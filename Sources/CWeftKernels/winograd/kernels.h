#pragma once

#include "../epilogue/epilogue.h"
#include "../include/weft_winograd.h"
#include "../isa/isa.h"

/// The widest tile of inputs.
enum { WEFT_WINOGRAD_SIDE = 9 };

/// The filters that there are; see weft_winograd.h's table.
typedef enum weft_winograd_form {
    WEFT_WINOGRAD_F2,
    WEFT_WINOGRAD_F4,
    WEFT_WINOGRAD_F4_STRIDE2,
} weft_winograd_form;

/// Outputs, inputs of a tile along one axis.
static inline size_t weft_winograd_m(weft_winograd_form form) { return form == WEFT_WINOGRAD_F2 ? 2 : 4; }
static inline size_t weft_winograd_side(weft_winograd_form form) {
    return form == WEFT_WINOGRAD_F2 ? 4 : form == WEFT_WINOGRAD_F4 ? 6 : 9;
}

/// The filter that weft_winograd_fits allowed for m.
static inline weft_winograd_form weft_winograd_form_for(const weft_conv *conv, size_t m) {
    return conv->stride_h == 2 ? WEFT_WINOGRAD_F4_STRIDE2 : m == 2 ? WEFT_WINOGRAD_F2 : WEFT_WINOGRAD_F4;
}

/// Where one tile's finished outputs go.
typedef struct weft_winograd_target {
    const weft_finish *finish;
    float *y;          ///< the tile's first pixel, at `channel`
    size_t y_pixel, y_row;  ///< floats from pixel to pixel, row to row
    size_t pixel, pixel_row;  ///< the first pixel's index for the residual, and a row's count of pixels
    size_t channel;
    size_t rows, columns;  ///< outputs inside the image, at most m each
} weft_winograd_target;

/// One instruction set's transforms.
typedef struct weft_winograd_kernels {
    weft_isa_kind isa;
    /// planes[p * plane + c] = (B^T d B)[p] for every channel, d from side * side pixels.
    void (*input)(
        weft_winograd_form form, const float *const *pixels, size_t channels, float *planes, size_t plane);
    /// A^T planes A for `channels` channels, finished and stored.
    void (*output)(
        weft_winograd_form form, const float *planes, size_t plane, size_t channels,
        const weft_winograd_target *target);
} weft_winograd_kernels;

const weft_winograd_kernels *weft_winograd(void);

extern const weft_winograd_kernels weft_winograd_generic, weft_winograd_avx2;

/// The three transforms along one axis: side x side, m x side, side x 3.
typedef struct weft_winograd_matrices {
    float bt[WEFT_WINOGRAD_SIDE][WEFT_WINOGRAD_SIDE], at[4][WEFT_WINOGRAD_SIDE];
    double g[WEFT_WINOGRAD_SIDE][3];
} weft_winograd_matrices;

const weft_winograd_matrices *weft_winograd_matrices_for(weft_winograd_form form);
