#pragma once

#include "../epilogue/epilogue.h"
#include "../include/weft_winograd.h"
#include "../isa/isa.h"

/// The widest tile of inputs: m + 2 for m = 4.
enum { WEFT_WINOGRAD_SIDE = 6 };

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
    /// planes[p * plane + c] = (B^T d B)[p] for every channel, d from (m + 2)^2 pixels.
    void (*input)(size_t m, const float *const *pixels, size_t channels, float *planes, size_t plane);
    /// A^T planes A for `channels` channels, finished and stored.
    void (*output)(
        size_t m, const float *planes, size_t plane, size_t channels, const weft_winograd_target *target);
} weft_winograd_kernels;

const weft_winograd_kernels *weft_winograd(void);

extern const weft_winograd_kernels weft_winograd_generic, weft_winograd_avx2;

/// Rows of the transforms for m = 2 and 4.
typedef struct weft_winograd_matrices {
    float bt[6][6], at[4][6];
    double g[6][3];
} weft_winograd_matrices;

const weft_winograd_matrices *weft_winograd_matrices_for(size_t m);
