#include "../include/weft_gemm.h"
#include "kernels.h"

#include <string.h>

/// The weights of one input channel and 16 output channels.
typedef double lanes[WEFT_PANEL];

/// to[side][side] = G w G^T, lane by lane.
static void transform(const weft_winograd_matrices *t, size_t side, const lanes w[9], float *to, size_t plane) {
    for (size_t i = 0; i < side; i++) {
        lanes half[3];
        for (size_t k = 0; k < 3; k++)
            for (size_t l = 0; l < WEFT_PANEL; l++)
                half[k][l] = t->g[i][0] * w[k][l] + t->g[i][1] * w[3 + k][l] + t->g[i][2] * w[6 + k][l];
        for (size_t j = 0; j < side; j++, to += plane)
            for (size_t l = 0; l < WEFT_PANEL; l++)
                to[l] = (float)(half[0][l] * t->g[j][0] + half[1][l] * t->g[j][1] + half[2][l] * t->g[j][2]);
    }
}

/// Packed weights are [panel][plane][in_channels][16].
void weft_winograd_pack_weights(const weft_conv *c, size_t m, const float *weights, float *packed) {
    const weft_winograd_form form = weft_winograd_form_for(c, m);
    const weft_winograd_matrices *t = weft_winograd_matrices_for(form);
    const size_t side = weft_winograd_side(form), plane = c->in_channels * WEFT_PANEL, filter = c->in_channels * 9;
    for (size_t o = 0; o < c->out_channels; o += WEFT_PANEL, packed += side * side * plane) {
        const size_t count = c->out_channels - o < WEFT_PANEL ? c->out_channels - o : WEFT_PANEL;
        for (size_t i = 0; i < c->in_channels; i++) {
            lanes w[9];
            memset(w, 0, sizeof w);
            for (size_t l = 0; l < count; l++)
                for (size_t k = 0; k < 9; k++) w[k][l] = weights[(o + l) * filter + i * 9 + k];
            transform(t, side, w, packed + i * WEFT_PANEL, plane);
        }
    }
}
