#include "../isa/isa.h"

#if WEFT_X86
#include "../simd/avx2.h"

#define TILE_ROWS 6
#include "simd.h"

typedef void panel_tiles(
    const weft_panel_job *job, size_t first, size_t count, size_t column, size_t width, const float *panel,
    const float *next, size_t ahead);

#define TILES(R, V, U)                                                                                       \
    static void tiles_##R##x##V(                                                                             \
        const weft_panel_job *job, size_t first, size_t count, size_t column, size_t width,                  \
        const float *panel, const float *next, size_t ahead) {                                               \
        tiles(job, R, V, U, first, count, column, width, panel, next, ahead);                                \
    }

// As many sums for one vector as for two: a column's bits do not depend on where it stands.
TILES(1, 1, 4) TILES(2, 1, 2) TILES(3, 1, 2) TILES(4, 1, 1) TILES(5, 1, 1) TILES(6, 1, 1)
TILES(1, 2, 4) TILES(2, 2, 2) TILES(3, 2, 2) TILES(4, 2, 1) TILES(5, 2, 1) TILES(6, 2, 1)

/// [vectors - 1][rows - 1]
static panel_tiles *const shapes[2][TILE_ROWS] = {
    {tiles_1x1, tiles_2x1, tiles_3x1, tiles_4x1, tiles_5x1, tiles_6x1},
    {tiles_1x2, tiles_2x2, tiles_3x2, tiles_4x2, tiles_5x2, tiles_6x2},
};

static void weft_panel_f32_avx2(const weft_panel_job *job) {
    const size_t full = job->rows / TILE_ROWS, rest = job->rows % TILE_ROWS;
    const float *panel = job->b;
    const size_t count = full + (rest > 0), ahead = (WEFT_PANEL + count - 1) / count;
    for (size_t column = 0; column < job->columns; column += WEFT_PANEL, panel += job->b_stride) {
        const size_t left = job->columns - column, width = left < WEFT_PANEL ? left : WEFT_PANEL;
        const float *next = panel + job->b_stride;
        panel_tiles *const *by_rows = shapes[width > WEFT_LANES];
        if (full) by_rows[TILE_ROWS - 1](job, 0, full, column, width, panel, next, ahead);
        next += full * job->taps * job->depth * ahead;
        if (rest) by_rows[rest - 1](job, full * TILE_ROWS, 1, column, width, panel, next, ahead);
    }
}

const weft_panel_kernels weft_panel_avx2 = {WEFT_ISA_AVX2, TILE_ROWS, weft_panel_f32_avx2};

#include "../simd/end.h"
#endif
