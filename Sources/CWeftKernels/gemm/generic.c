#include "panel.h"

enum { tile_rows = 4 };

/// The product's element at (row, column), its stretch of K summed in order.
static float element(const weft_panel_job *job, size_t row, size_t column, float sum) {
    const float *const *a = job->a + row / tile_rows * job->taps * tile_rows + row % tile_rows;
    const float *b = job->b + column / WEFT_PANEL * job->b_stride + column % WEFT_PANEL;
    for (size_t tap = 0; tap < job->taps; tap++, a += tile_rows)
        for (size_t k = 0; k < job->depth; k++, b += WEFT_PANEL) sum += a[0][job->a_offset + k] * b[0];
    return sum;
}

static void weft_panel_f32_generic(const weft_panel_job *job) {
    for (size_t row = 0; row < job->rows; row++)
        for (size_t column = 0; column < job->columns; column++) {
            float *c = job->c + row * job->ldc + column;
            const float sum = element(job, row, column, job->add ? *c : 0);
            *c = job->finish ? weft_finished(job->finish, sum, job->row0 + row, job->column0 + column) : sum;
        }
}

const weft_panel_kernels weft_panel_generic = {WEFT_ISA_GENERIC, tile_rows, weft_panel_f32_generic};
