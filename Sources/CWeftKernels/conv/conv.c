#include "../gemm/panel.h"
#include "../include/weft_conv.h"
#include "../include/weft_layout.h"

#include <string.h>

/// The most pixels of a block, before rounding up to tiles, and floats of input that it may touch.
enum { pixels_most = 96, input_budget = 96 * 1024 };

/// The most input channels that are copied side by side: runs this short would not pay for their pointers.
enum { gathered_most = 4 };

/// A convolution as the panel sees it: K is `taps` runs of `depth`, pointed at or (`gathered`) copied to one run.
typedef struct plan {
    size_t group_in, group_out, group_panels;
    size_t taps_w, taps, depth;
    bool gathered;
} plan;

/// Whether a kernel row's pixels lie side by side in memory for every output, so that they are one run.
static bool rows_are_runs(const weft_conv *c) {
    return c->groups == 1 && c->in_stride == c->in_channels && c->dilation_w == 1 && c->pad_left == 0
        && (c->out_w - 1) * c->stride_w + c->kernel_w <= c->in_w;
}

static plan plan_for(const weft_conv *c) {
    const size_t in = c->in_channels / c->groups, out = c->out_channels / c->groups;
    const bool runs = rows_are_runs(c);
    const size_t taps_w = runs ? 1 : c->kernel_w, taps = c->kernel_h * taps_w;
    return (plan){
        in, out, (out + WEFT_PANEL - 1) / WEFT_PANEL, taps_w, taps, runs ? c->kernel_w * in : in,
        c->groups == 1 && !runs && taps > 1 && in <= gathered_most};
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
    const size_t kernel = c->kernel_h * c->kernel_w, filter = p.group_in * kernel;
    for (size_t q = 0; q < c->groups * p.group_panels; q++, packed += filter * WEFT_PANEL) {
        const size_t begin = channel_begin(&p, q), lanes = channel_end(&p, q) - begin;
        const float *from = weights + begin * filter;
        if (lanes < WEFT_PANEL) memset(packed, 0, filter * WEFT_PANEL * sizeof(float));
        if (kernel == 1) {
            weft_transpose_f32(lanes, filter, from, filter, packed, WEFT_PANEL);
            continue;
        }
        for (size_t i = 0; i < p.group_in; i++)
            for (size_t tap = 0; tap < kernel; tap++) {
                float *to = packed + (tap * p.group_in + i) * WEFT_PANEL;
                for (size_t lane = 0; lane < lanes; lane++) to[lane] = from[lane * filter + i * kernel + tap];
            }
    }
}

size_t weft_conv_zeros_size(const weft_conv *c) {
    const plan p = plan_for(c);
    return p.depth > c->in_channels ? p.depth : c->in_channels;
}

/// Floats of a gathered row: K, and one that a copy may overrun it by, in whole vectors.
static size_t gathered_size(const plan *p) { return p->gathered ? (p->taps * p->depth + 8) / 8 * 8 : 0; }

size_t weft_conv_scratch_size(const weft_conv *c) {
    const plan p = plan_for(c);
    return (pixels_most + WEFT_TILE_MOST) * (p.taps * sizeof(float *) + gathered_size(&p) * sizeof(float));
}

/// Copies one pixel's taps of N channels side by side; (iy, ix) is the first tap, before the image where it wraps.
static inline __attribute__((always_inline)) void gather_pixel(
    const weft_conv *c, const size_t N, const float *image, size_t iy, size_t ix, const float *zeros, float *to) {
    const size_t line = c->in_w * c->in_stride, step = c->dilation_w * c->in_stride;
    const size_t reach_h = (c->kernel_h - 1) * c->dilation_h, reach_w = (c->kernel_w - 1) * c->dilation_w;
    const bool inside = iy < c->in_h && iy + reach_h < c->in_h && ix < c->in_w && ix + reach_w < c->in_w;
    // Three floats move as four: the next tap, or the next row, overwrites the fourth. Only the last pixel has none after.
    const size_t width = N == 3 ? 4 : N;
    if (inside && (iy + reach_h + 1 < c->in_h || ix + reach_w + 1 < c->in_w)) {
        const float *row = image + iy * line + ix * c->in_stride;
        for (size_t ky = 0; ky < c->kernel_h; ky++, row += c->dilation_h * line) {
            const float *from = row;
            for (size_t kx = 0; kx < c->kernel_w; kx++, from += step, to += N) memcpy(to, from, width * sizeof(float));
        }
        return;
    }
    for (size_t ky = 0; ky < c->kernel_h; ky++, iy += c->dilation_h)
        for (size_t kx = 0; kx < c->kernel_w; kx++, to += N) {
            const size_t x = ix + kx * c->dilation_w;
            const bool seen = iy < c->in_h && x < c->in_w;
            memcpy(to, seen ? image + iy * line + x * c->in_stride : zeros, N * sizeof(float));
        }
}

/// Copies the taps of output pixels `first ..< first + count` to rows, and points `a` at them.
static void gather_rows(
    const weft_conv *c, const plan *p, size_t first, size_t count, const float *x, const float *zeros, const float **a,
    float *rows) {
    const size_t pitch = gathered_size(p);
    size_t ox = first % c->out_w, oy = first / c->out_w % c->out_h, n = first / c->out_w / c->out_h;
    for (size_t i = 0; i < count; i++, rows += pitch) {
        const float *image = x + n * c->in_h * c->in_w * c->in_stride;
        const size_t iy = oy * c->stride_h - c->pad_top, ix = ox * c->stride_w - c->pad_left;
        switch (c->in_channels) {
        case 1: gather_pixel(c, 1, image, iy, ix, zeros, rows); break;
        case 2: gather_pixel(c, 2, image, iy, ix, zeros, rows); break;
        case 3: gather_pixel(c, 3, image, iy, ix, zeros, rows); break;
        default: gather_pixel(c, 4, image, iy, ix, zeros, rows); break;
        }
        a[i] = rows;
        if (++ox == c->out_w) {
            ox = 0;
            if (++oy == c->out_h) oy = 0, n++;
        }
    }
}

/// Whether each output pixel is made of the input pixel in its own place: a product of matrices.
static bool is_matrix(const weft_conv *c) {
    return c->kernel_h == 1 && c->kernel_w == 1 && c->stride_h == 1 && c->stride_w == 1 && c->pad_top == 0
        && c->pad_left == 0 && c->in_h == c->out_h && c->in_w == c->out_w;
}

/// Writes the pointers of output pixels `first ..< first + count`, [tile][tap][row].
static void find_rows(
    const weft_conv *c, const plan *p, size_t first, size_t count, const float *x, const float *zeros,
    size_t tile_rows, const float **a) {
    if (is_matrix(c)) {
        for (size_t i = 0; i < count; i++) a[i] = x + (first + i) * c->in_stride;
        return;
    }
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
    float *gathered = (float *)(a + (pixels_most + WEFT_TILE_MOST) * p.taps);
    for (size_t first = p0; first < p1; first += block) {
        const size_t count = p1 - first < block ? p1 - first : block;
        if (p.gathered) {
            gather_rows(c, &p, first, count, x, zeros, a, gathered);
        } else {
            find_rows(c, &p, first, count, x, zeros, panel->tile_rows, a);
        }
        for (size_t q = q0; q < q1;) {
            const size_t group = q / p.group_panels, group_end = (group + 1) * p.group_panels;
            const size_t stop = group_end < q1 ? group_end : q1, channel = channel_begin(&p, q);
            const weft_panel_job job = {
                .rows = count, .taps = p.gathered ? 1 : p.taps, .depth = p.gathered ? p.taps * p.depth : p.depth, .a = a, .a_offset = group * p.group_in,
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
