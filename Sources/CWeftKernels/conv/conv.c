#include "../gemm/panel.h"
#include "../include/weft_conv.h"

/// The most pixels of a block, before rounding up to tiles, and floats of input that it may touch.
enum { pixels_most = 96, input_budget = 96 * 1024 };

/// A convolution as the panel sees it: K is `taps` runs of `depth`.
typedef struct plan {
    size_t group_in, group_out, group_panels;
    size_t taps_w, taps, depth;
} plan;

/// Whether a kernel row's pixels lie side by side in memory for every output, so that they are one run.
static bool rows_are_runs(const weft_conv *c) {
    return c->groups == 1 && c->in_stride == c->in_channels && c->dilation_w == 1 && c->pad_left == 0
        && (c->out_w - 1) * c->stride_w + c->kernel_w <= c->in_w;
}

static plan plan_for(const weft_conv *c) {
    const size_t in = c->in_channels / c->groups, out = c->out_channels / c->groups;
    const bool runs = rows_are_runs(c);
    const size_t taps_w = runs ? 1 : c->kernel_w;
    return (plan){in, out, (out + WEFT_PANEL - 1) / WEFT_PANEL, taps_w, c->kernel_h * taps_w,
        runs ? c->kernel_w * in : in};
}

/// The first output channel of panel q, and one past its last.
static size_t channel_begin(const plan *p, size_t q) {
    return q / p->group_panels * p->group_out + q % p->group_panels * WEFT_PANEL;
}

static size_t channel_end(const plan *p, size_t q) {
    const size_t end = (q % p->group_panels + 1) * WEFT_PANEL;
    return q / p->group_panels * p->group_out + (end < p->group_out ? end : p->group_out);
}

size_t weft_conv_panels(const weft_conv *c) { return c->groups * plan_for(c).group_panels; }

size_t weft_conv_pack_weights_size(const weft_conv *c) {
    const plan p = plan_for(c);
    return c->groups * p.group_panels * WEFT_PANEL * p.taps * p.depth;
}

void weft_conv_pack_weights(const weft_conv *c, const float *weights, float *packed) {
    const plan p = plan_for(c);
    const size_t kernel = c->kernel_h * c->kernel_w;
    for (size_t q = 0; q < c->groups * p.group_panels; q++) {
        const size_t begin = channel_begin(&p, q), end = channel_end(&p, q);
        for (size_t tap = 0; tap < kernel; tap++)
            for (size_t i = 0; i < p.group_in; i++)
                for (size_t lane = 0; lane < WEFT_PANEL; lane++)
                    *packed++ = begin + lane < end ? weights[((begin + lane) * p.group_in + i) * kernel + tap] : 0;
    }
}

size_t weft_conv_zeros_size(const weft_conv *c) {
    const plan p = plan_for(c);
    return p.depth > c->in_channels ? p.depth : c->in_channels;
}

size_t weft_conv_scratch_size(const weft_conv *c) {
    return (pixels_most + WEFT_TILE_MOST) * plan_for(c).taps * sizeof(float *);
}

/// Writes the pointers of output pixels `first ..< first + count`, [tile][tap][row].
static void find_rows(
    const weft_conv *c, const plan *p, size_t first, size_t count, const float *x, const float *zeros,
    size_t tile_rows, const float **a) {
    size_t ox = first % c->out_w, oy = first / c->out_w % c->out_h, n = first / c->out_w / c->out_h;
    const size_t row_stride = c->in_w * c->in_stride;
    for (size_t i = 0; i < count; i++) {
        const float **to = a + i / tile_rows * tile_rows * p->taps + i % tile_rows;
        const float *image = x + n * c->in_h * row_stride;
        // Coordinates before the image wrap around to huge ones: one comparison checks both ends.
        const size_t left = ox * c->stride_w - c->pad_left;
        size_t iy = oy * c->stride_h - c->pad_top;
        for (size_t ky = 0; ky < c->kernel_h; ky++, iy += c->dilation_h) {
            if (iy >= c->in_h) {
                for (size_t kx = 0; kx < p->taps_w; kx++, to += tile_rows) *to = zeros;
                continue;
            }
            const float *row = image + iy * row_stride;
            size_t ix = left;
            for (size_t kx = 0; kx < p->taps_w; kx++, to += tile_rows, ix += c->dilation_w)
                *to = ix < c->in_w ? row + ix * c->in_stride : zeros;
        }
        if (++ox == c->out_w) {
            ox = 0;
            if (++oy == c->out_h) oy = 0, n++;
        }
    }
}

void weft_conv_f32(
    const weft_conv *c, size_t p0, size_t p1, size_t q0, size_t q1, const float *x, const float *packed,
    const float *zeros, const weft_epilogue *epilogue, float *y, void *scratch) {
    if (p1 <= p0 || q1 <= q0) return;
    const weft_panel_kernels *panel = weft_panel();
    const weft_finish finish = weft_finish_for(epilogue);
    const plan p = plan_for(c);
    const size_t panel_size = p.taps * p.depth * WEFT_PANEL;
    const size_t touched = p.depth * (c->kernel_h < 3 ? c->kernel_h : 3), fit = input_budget / touched;
    const size_t block = weft_block_rows(
        p1 - p0, fit < pixels_most / 2 ? pixels_most / 2 : fit < pixels_most ? fit : pixels_most, panel->tile_rows);
    const size_t low = channel_begin(&p, q0), high = channel_end(&p, q1 - 1);
    const float **a = scratch;
    for (size_t first = p0; first < p1; first += block) {
        const size_t count = p1 - first < block ? p1 - first : block;
        find_rows(c, &p, first, count, x, zeros, panel->tile_rows, a);
        for (size_t q = q0; q < q1;) {
            const size_t group = q / p.group_panels, group_end = (group + 1) * p.group_panels;
            const size_t stop = group_end < q1 ? group_end : q1, channel = channel_begin(&p, q);
            const weft_panel_job job = {
                .rows = count, .taps = p.taps, .depth = p.depth, .a = a, .a_offset = group * p.group_in,
                .b = packed + q * panel_size, .b_stride = panel_size, .columns = channel_end(&p, stop - 1) - channel,
                .c = y + first * c->out_stride + channel, .ldc = c->out_stride, .finish = &finish,
                .row0 = first, .column0 = channel,
            };
            panel->run(&job);
            q = stop;
        }
        weft_finish_pass(&finish, count, high - low, y + first * c->out_stride + low, c->out_stride, first, low);
    }
}
