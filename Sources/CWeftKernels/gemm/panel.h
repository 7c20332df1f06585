#pragma once

#include "../epilogue/epilogue.h"
#include "../include/weft_gemm.h"
#include "../isa/isa.h"

/// The most rows that any instruction set's tile has.
enum { WEFT_TILE_MOST = 16 };

/// One block of a product: `rows` rows of C by `columns` columns, over a stretch of K.
///
/// K is `taps` runs of `depth`: a matrix has one run, a convolution one per kernel position. Rows are found through
/// pointers, tile by tile; in a tile each tap has `tile_rows` of them (those past the last row are not read):
///
///     a[tile][tap][row]  ->  depth floats
typedef struct weft_panel_job {
    size_t rows, taps, depth;
    const float *const *a;
    size_t a_offset;         ///< floats added to every pointer
    const float *b;          ///< first panel, at the first k of the stretch
    size_t b_stride;         ///< floats from panel to panel
    size_t columns;
    float *c;                ///< top left of the block
    size_t ldc;
    bool add;                ///< C holds the sum of earlier stretches of K
    const weft_finish *finish;  ///< its register part is applied; null while stretches follow
    size_t row0, column0;    ///< the block's place in bias (column) and residual (row, column)
} weft_panel_job;

/// One instruction set's panel kernel.
typedef struct weft_panel_kernels {
    weft_isa_kind isa;
    size_t tile_rows;
    void (*run)(const weft_panel_job *job);
} weft_panel_kernels;

const weft_panel_kernels *weft_panel(void);

extern const weft_panel_kernels weft_panel_generic, weft_panel_avx2, weft_panel_avx512;

/// Rows of a block, in whole tiles: near `wanted`, such that blocks of `rows` come out even.
static inline size_t weft_block_rows(size_t rows, size_t wanted, size_t tile) {
    if (wanted < tile) wanted = tile;
    const size_t blocks = (rows + wanted - 1) / wanted;
    if (blocks == 0) return tile;
    const size_t even = (rows + blocks - 1) / blocks;
    return (even + tile - 1) / tile * tile;
}
