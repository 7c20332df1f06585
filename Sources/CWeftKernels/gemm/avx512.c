#include "../isa/isa.h"

#if WEFT_X86
#include "../simd/avx512.h"

#define TILE_ROWS 12
#include "simd.h"

typedef void panel_tiles(
    const weft_panel_job *job, size_t first, size_t count, size_t column, size_t width, const float *panel,
    const float *next, size_t ahead);

#define TILES(R, U)                                                                                          \
    static void tiles_##R(                                                                                   \
        const weft_panel_job *job, size_t first, size_t count, size_t column, size_t width,                  \
        const float *panel, const float *next, size_t ahead) {                                               \
        tiles(job, R, 1, U, first, count, column, width, panel, next, ahead);                                \
    }

TILES(1, 4) TILES(2, 4) TILES(3, 4) TILES(4, 2) TILES(5, 2) TILES(6, 2)
TILES(7, 1) TILES(8, 1) TILES(9, 1) TILES(10, 1) TILES(11, 1) TILES(12, 1)

/// [rows - 1]
static panel_tiles *const shapes[TILE_ROWS] = {
    tiles_1, tiles_2, tiles_3, tiles_4, tiles_5, tiles_6, tiles_7, tiles_8, tiles_9, tiles_10, tiles_11, tiles_12,
};

static void weft_panel_f32_avx512(const weft_panel_job *job) {
    const size_t full = job->rows / TILE_ROWS, rest = job->rows % TILE_ROWS;
    const float *panel = job->b;
    const size_t count = full + (rest > 0), ahead = (WEFT_PANEL + count - 1) / count;
    for (size_t column = 0; column < job->columns; column += WEFT_PANEL, panel += job->b_stride) {
        const size_t left = job->columns - column, width = left < WEFT_PANEL ? left : WEFT_PANEL;
        const float *next = panel + job->b_stride;
        if (full) shapes[TILE_ROWS - 1](job, 0, full, column, width, panel, next, ahead);
        next += full * job->taps * job->depth * ahead;
        if (rest) shapes[rest - 1](job, full * TILE_ROWS, 1, column, width, panel, next, ahead);
    }
}

const weft_panel_kernels weft_panel_avx512 = {WEFT_ISA_AVX512, TILE_ROWS, weft_panel_f32_avx512};

#include "../simd/end.h"
#endif
