#include "panel.h"

#include <string.h>

/// The longest stretch of K that one block runs over.
enum { stretch = 2048 };
/// Floats of A, and of C, that a block may hold in the second-level cache.
enum { a_budget = 96 * 1024, c_budget = 64 * 1024 };
/// The most rows of a block: its row pointers lie on the stack.
enum { rows_most = 192 };

/// Columns of a block while C keeps sums between stretches of K; all of them otherwise.
static size_t block_columns(size_t k, size_t columns, size_t rows) {
    if (k <= stretch) return columns;
    const size_t fit = c_budget / rows / WEFT_PANEL * WEFT_PANEL;
    return fit < WEFT_PANEL ? WEFT_PANEL : fit;
}

void weft_sgemm(
    size_t m, size_t j0, size_t j1, size_t k, const float *a, size_t lda, const float *packed_b, float *c, size_t ldc,
    const weft_epilogue *epilogue) {
    if (m == 0 || j1 <= j0) return;
    const weft_panel_kernels *panel = weft_panel();
    const weft_finish finish = weft_finish_for(epilogue);
    const size_t deep = k < stretch ? k : stretch;
    const size_t fit = deep ? a_budget / deep : rows_most;
    const size_t block = weft_block_rows(
        m, fit < 48 ? 48 : fit > rows_most - WEFT_TILE_MOST ? rows_most - WEFT_TILE_MOST : fit, panel->tile_rows);
    const size_t wide = block_columns(k, j1 - j0, block);
    const float *pointers[rows_most];
    for (size_t i = 0; i < m; i += block) {
        const size_t rows = m - i < block ? m - i : block;
        for (size_t row = 0; row < rows; row++) pointers[row] = a + (i + row) * lda;
        for (size_t j = j0; j < j1; j += wide) {
            const size_t columns = j1 - j < wide ? j1 - j : wide;
            size_t done = 0;
            do {
                const size_t depth = k - done < stretch ? k - done : stretch;
                const weft_panel_job job = {
                    .rows = rows, .taps = 1, .depth = depth, .a = pointers, .a_offset = done,
                    .b = packed_b + j * k + done * WEFT_PANEL, .b_stride = k * WEFT_PANEL, .columns = columns,
                    .c = c + i * ldc + j, .ldc = ldc, .add = done > 0,
                    .finish = done + depth == k ? &finish : NULL, .row0 = i, .column0 = j,
                };
                panel->run(&job);
                done += depth;
            } while (done < k);
        }
        weft_finish_pass(&finish, rows, j1 - j0, c + i * ldc + j0, ldc, i, j0);
    }
}
