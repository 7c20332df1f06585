#include "../gemm/panel.h"
#include "kernels.h"

/// Cycles that a transform takes for one plane and eight channels.
static double transform_cycles(weft_winograd_form form) { return form == WEFT_WINOGRAD_F4_STRIDE2 ? 5 : 3; }

/// Cycles to bring a float of weights from beyond the second-level cache, as far as products do not hide them.
static const double weight_cycles = 0.45;
/// Floats of weights that stay in the second-level cache between blocks of tiles.
static const double cached_weights = 128 * 1024;
/// Products that a panel makes in a cycle.
static const double products_per_cycle = 16;

static double winograd_cycles(const weft_conv *c, size_t m) {
    const weft_winograd_form form = weft_winograd_form_for(c, m);
    const double side = (double)weft_winograd_side(form), tiles = (double)weft_winograd_tiles(c, m);
    const double in = (double)c->in_channels, out = (double)(weft_conv_panels(c) * WEFT_PANEL);
    const double weights = side * side * in * out;
    return weights * tiles / products_per_cycle + (weights > cached_weights ? weights * weight_cycles : 0)
        + side * side * transform_cycles(form) * tiles * (in + out) / 8;
}

size_t weft_winograd_choice(const weft_conv *c) {
    const double pixels = (double)(c->batch * c->out_h * c->out_w);
    double best = pixels * 9 * (double)c->in_channels * (double)(weft_conv_panels(c) * WEFT_PANEL) / products_per_cycle;
    size_t choice = 0;
    for (size_t m = 2; m <= 4; m += 2) {
        if (!weft_winograd_fits(c, m)) continue;
        const double cycles = winograd_cycles(c, m);
        if (cycles < best) best = cycles, choice = m;
    }
    return choice;
}
