#include "../gemm/panel.h"
#include "kernels.h"

static const weft_winograd_kernels *const rows[] = {
#if WEFT_X86
    &weft_winograd_avx2,
#endif
    &weft_winograd_generic,
};

WEFT_DISPATCH(weft_winograd, weft_winograd_kernels, rows)

/// Output channels whose products are held at once, and the floats that all planes of a block may take.
enum { wide = 4 * WEFT_PANEL, budget = 200 * 1024 };
/// The fewest and most tiles of a block, before rounding to the panel's rows.
enum { fewest = 24, most = 96 };
/// Floats between planes beyond their contents, so that planes do not fall on each other's cache sets.
enum { gap = 16 };

bool weft_winograd_fits(const weft_conv *c, size_t m) {
    const bool plain = c->kernel_h == 3 && c->kernel_w == 3 && c->dilation_h == 1 && c->dilation_w == 1
        && c->groups == 1 && c->stride_h == c->stride_w;
    return plain && ((c->stride_h == 1 && (m == 2 || m == 4)) || (c->stride_h == 2 && m == 4));
}

static size_t across(const weft_conv *c, size_t m) { return (c->out_w + m - 1) / m; }
static size_t down(const weft_conv *c, size_t m) { return (c->out_h + m - 1) / m; }
static size_t planes_of(const weft_conv *c, size_t m) {
    const size_t side = weft_winograd_side(weft_winograd_form_for(c, m));
    return side * side;
}
static size_t panels_of(const weft_conv *c) { return (c->out_channels + WEFT_PANEL - 1) / WEFT_PANEL; }

size_t weft_winograd_tiles(const weft_conv *c, size_t m) { return c->batch * down(c, m) * across(c, m); }

size_t weft_winograd_pack_weights_size(const weft_conv *c, size_t m) {
    return panels_of(c) * WEFT_PANEL * planes_of(c, m) * c->in_channels;
}

/// Tiles of a block that keeps its planes in the second-level cache, and evens out over `tiles`.
static size_t block_tiles(const weft_conv *c, size_t m, size_t tiles, size_t tile_rows) {
    const size_t fit = budget / planes_of(c, m) / (c->in_channels + wide);
    return weft_block_rows(tiles, fit < fewest ? fewest : fit > most ? most : fit, tile_rows);
}

/// Floats of one plane of transformed inputs, and of one plane of products.
static size_t input_plane(const weft_conv *c, size_t block) { return block * c->in_channels + gap; }
static size_t product_plane(size_t block) { return block * wide + gap; }
/// Bytes of the row pointers in front of the planes, in whole cache lines.
static size_t pointers_size(size_t block) { return (block * sizeof(float *) + 63) / 64 * 64; }

size_t weft_winograd_scratch_size(const weft_conv *c, size_t m) {
    const size_t fit = budget / planes_of(c, m) / (c->in_channels + wide);
    const size_t block = (fit < fewest ? fewest : fit > most ? most : fit) + WEFT_TILE_MOST;
    return planes_of(c, m) * (input_plane(c, block) + product_plane(block)) * sizeof(float)
        + pointers_size(block);
}

/// Transforms the inputs of tile t into row `row` of each plane.
static void transform_input(
    const weft_conv *c, size_t m, size_t t, const float *x, const float *zeros, float *planes, size_t plane) {
    const weft_winograd_form form = weft_winograd_form_for(c, m);
    const size_t side = weft_winograd_side(form), wide_tiles = across(c, m), high_tiles = down(c, m);
    const size_t step = m * c->stride_h;
    const float *image = x + t / wide_tiles / high_tiles * c->in_h * c->in_w * c->in_stride;
    // Coordinates before the image wrap around to huge ones: one comparison checks both ends.
    const size_t top = t / wide_tiles % high_tiles * step - c->pad_top, left = t % wide_tiles * step - c->pad_left;
    const float *pixels[WEFT_WINOGRAD_SIDE * WEFT_WINOGRAD_SIDE];
    for (size_t i = 0; i < side; i++)
        for (size_t j = 0; j < side; j++) {
            const size_t iy = top + i, ix = left + j;
            pixels[i * side + j] =
                iy < c->in_h && ix < c->in_w ? image + (iy * c->in_w + ix) * c->in_stride : zeros;
        }
    weft_winograd()->input(form, pixels, c->in_channels, planes, plane);
}

/// Where tile t's outputs go, for channels from `channel` on.
static weft_winograd_target target_for(
    const weft_conv *c, size_t m, size_t t, size_t channel, const weft_finish *finish, float *y) {
    const size_t wide_tiles = across(c, m), high_tiles = down(c, m);
    const size_t n = t / wide_tiles / high_tiles, oy = t / wide_tiles % high_tiles * m, ox = t % wide_tiles * m;
    const size_t pixel = (n * c->out_h + oy) * c->out_w + ox;
    return (weft_winograd_target){
        .finish = finish, .y = y + pixel * c->out_stride + channel, .y_pixel = c->out_stride,
        .y_row = c->out_w * c->out_stride, .pixel = pixel, .pixel_row = c->out_w, .channel = channel,
        .rows = c->out_h - oy < m ? c->out_h - oy : m, .columns = c->out_w - ox < m ? c->out_w - ox : m,
    };
}

void weft_winograd_f32(
    const weft_conv *c, size_t m, size_t t0, size_t t1, size_t q0, size_t q1, const float *x, const float *packed,
    const float *zeros, const weft_epilogue *epilogue, float *y, void *scratch) {
    if (t1 <= t0 || q1 <= q0) return;
    const weft_panel_kernels *panel = weft_panel();
    const weft_winograd_kernels *kernels = weft_winograd();
    const weft_finish finish = weft_finish_for(epilogue);
    const size_t block = block_tiles(c, m, t1 - t0, panel->tile_rows), planes = planes_of(c, m);
    const size_t in_plane = input_plane(c, block), out_plane = product_plane(block);
    const float **pointers = scratch;
    float *inputs = (float *)((char *)scratch + pointers_size(block)), *products = inputs + planes * in_plane;
    for (size_t row = 0; row < block; row++) pointers[row] = inputs + row * c->in_channels;
    const size_t low = q0 * WEFT_PANEL, end = q1 * WEFT_PANEL;
    const size_t high = end < c->out_channels ? end : c->out_channels;
    const size_t weight_plane = c->in_channels * WEFT_PANEL;
    for (size_t t = t0; t < t1; t += block) {
        const size_t count = t1 - t < block ? t1 - t : block;
        for (size_t i = 0; i < count; i++)
            transform_input(c, m, t + i, x, zeros, inputs + i * c->in_channels, in_plane);
        for (size_t channel = low; channel < high; channel += wide) {
            const size_t columns = high - channel < wide ? high - channel : wide;
            for (size_t p = 0; p < planes; p++) {
                const weft_panel_job job = {
                    .rows = count, .taps = 1, .depth = c->in_channels, .a = pointers, .a_offset = p * in_plane,
                    .b = packed + (channel / WEFT_PANEL * planes + p) * weight_plane,
                    .b_stride = planes * weight_plane, .columns = columns, .c = products + p * out_plane, .ldc = wide,
                };
                panel->run(&job);
            }
            for (size_t i = 0; i < count; i++) {
                const weft_winograd_target target = target_for(c, m, t + i, channel, &finish, y);
                kernels->output(weft_winograd_form_for(c, m), products + i * wide, out_plane, columns, &target);
            }
        }
        if (!finish.pass) continue;
        for (size_t i = 0; i < count; i++) {
            const weft_winograd_target to = target_for(c, m, t + i, low, &finish, y);
            for (size_t row = 0; row < to.rows; row++)
                weft_finish_pass(
                    &finish, to.columns, high - low, to.y + row * to.y_row, to.y_pixel, to.pixel + row * to.pixel_row,
                    low);
        }
    }
}
