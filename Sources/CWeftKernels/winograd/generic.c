#include "kernels.h"

static void input(
    weft_winograd_form form, const float *const *pixels, size_t channels, float *planes, size_t plane) {
    const weft_winograd_matrices *t = weft_winograd_matrices_for(form);
    const size_t side = weft_winograd_side(form);
    for (size_t c = 0; c < channels; c++) {
        float half[WEFT_WINOGRAD_SIDE][WEFT_WINOGRAD_SIDE] = {{0}};
        for (size_t i = 0; i < side; i++)
            for (size_t j = 0; j < side; j++)
                for (size_t k = 0; k < side; k++) half[i][j] += t->bt[i][k] * pixels[k * side + j][c];
        for (size_t i = 0; i < side; i++)
            for (size_t j = 0; j < side; j++) {
                float sum = 0;
                for (size_t k = 0; k < side; k++) sum += half[i][k] * t->bt[j][k];
                planes[(i * side + j) * plane + c] = sum;
            }
    }
}

static void output(
    weft_winograd_form form, const float *planes, size_t plane, size_t channels, const weft_winograd_target *to) {
    const weft_winograd_matrices *t = weft_winograd_matrices_for(form);
    const size_t side = weft_winograd_side(form), m = weft_winograd_m(form);
    for (size_t c = 0; c < channels; c++) {
        float half[4][WEFT_WINOGRAD_SIDE] = {{0}};
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < side; j++)
                for (size_t k = 0; k < side; k++) half[i][j] += t->at[i][k] * planes[(k * side + j) * plane + c];
        for (size_t i = 0; i < to->rows; i++)
            for (size_t j = 0; j < to->columns; j++) {
                float sum = 0;
                for (size_t k = 0; k < side; k++) sum += half[i][k] * t->at[j][k];
                to->y[i * to->y_row + j * to->y_pixel + c] =
                    weft_finished(to->finish, sum, to->pixel + i * to->pixel_row + j, to->channel + c);
            }
    }
}

const weft_winograd_kernels weft_winograd_generic = {WEFT_ISA_GENERIC, input, output};
