// Depthwise strips for the instruction set that the including file began: P outputs beside each other in one register
// of channels, every input column of a row read once for all outputs that it is part of.


/// The longest strip.
#define STRIP_MOST 8

/// What the strips of one output row share.
typedef struct strip_row {
    const float *x, *weights;  ///< first kernel row inside the image, at input column 0 and kernel column 0
    size_t rows;               ///< kernel rows inside the image
    size_t x_row, x_pixel, weights_row, weights_column;
    size_t in_w;
    const weft_finish *finish;
    float *y;
    size_t stride;
} strip_row;

/// A register of channels; `whole` and `width` are in the caller's scope.
#define STRIP_FETCH(p) (whole ? v_load(p) : v_load_first(p, width))

/// Outputs `pixel ..< pixel + P` of which the first reads from input column `left`, for a kernel K wide and stride S.
///
/// `edge` where some columns lie outside the image: those are skipped. Of the register's channels `width` exist, all
/// of them where `whole`.
INLINE void strip(
    const strip_row *s, const size_t P, const size_t K, const size_t S, const bool edge, const bool whole,
    ptrdiff_t left, size_t c, size_t width, size_t pixel) {
    const size_t columns = (P - 1) * S + K;
    const ptrdiff_t x_pixel = (ptrdiff_t)s->x_pixel;
    vf sum[STRIP_MOST][VECTORS];
    EACH(p, P) sum[p][0] = 0;
    const float *x_row = s->x + c, *weights = s->weights + c;
    for (size_t ky = 0; ky < s->rows; ky++, x_row += s->x_row, weights += s->weights_row) {
        vf w[7];
        EACH(k, K) w[k] = STRIP_FETCH(weights + k * s->weights_column);
        EACH(j, columns) {
            const ptrdiff_t at = left + (ptrdiff_t)j;
            if (edge && (size_t)at >= s->in_w) continue;
            const vf x = STRIP_FETCH(x_row + at * x_pixel);
            EACH(p, P) if (j >= p * S && j - p * S < K) sum[p][0] = v_fma(w[j - p * S], x, sum[p][0]);
        }
    }
    finish_rows(s->finish, P, 1, sum, s->y + pixel * s->stride + c, s->stride, pixel, c, width);
}

typedef void strip_kernel(const strip_row *s, bool edge, ptrdiff_t left, size_t c0, size_t c1, size_t pixel);

#define STRIP(P, K, S)                                                                                       \
    static void strip_##P##_##K##_##S(                                                                       \
        const strip_row *s, bool edge, ptrdiff_t left, size_t c, size_t c1, size_t pixel) {                  \
        if (edge) {                                                                                          \
            for (; c + WEFT_LANES <= c1; c += WEFT_LANES)                                                    \
                strip(s, P, K, S, true, true, left, c, WEFT_LANES, pixel);                                   \
        } else {                                                                                             \
            for (; c + WEFT_LANES <= c1; c += WEFT_LANES)                                                    \
                strip(s, P, K, S, false, true, left, c, WEFT_LANES, pixel);                                  \
        }                                                                                                    \
        if (c < c1) strip(s, P, K, S, true, false, left, c, c1 - c, pixel);                                  \
    }
#define STRIPS(K, S) STRIP(4, K, S) STRIP(7, K, S) STRIP(8, K, S)

STRIPS(3, 1) STRIPS(5, 1) STRIPS(7, 1) STRIPS(3, 2) STRIPS(5, 2) STRIPS(7, 2)

#define STRIP_SET(K, S) {strip_4_##K##_##S, strip_7_##K##_##S, strip_8_##K##_##S}

static const size_t strip_lengths[3] = {4, 7, 8};
/// [stride - 1][kernel / 2 - 1][length]
static strip_kernel *const strips[2][3][3] = {
    {STRIP_SET(3, 1), STRIP_SET(5, 1), STRIP_SET(7, 1)},
    {STRIP_SET(3, 2), STRIP_SET(5, 2), STRIP_SET(7, 2)},
};

/// Whether strips cover a convolution's rows; `length` is then the index of the one that computes least twice.
INLINE bool strips_fit(const weft_conv *c, size_t *length) {
    const size_t k = c->kernel_w, s = c->stride_w;
    if (c->dilation_w != 1 || s > 2 || (k != 3 && k != 5 && k != 7) || c->out_w < strip_lengths[0]) return false;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < 3; i++) {
        const size_t p = strip_lengths[i];
        if (p > c->out_w) break;
        // Two columns' worth for what each strip begins with.
        const size_t cost = (c->out_w + p - 1) / p * (p + 2);
        if (cost <= least) least = cost, *length = i;
    }
    return true;
}

/// One output row in channels c0 ..< c1. The last strip begins early where it must.
static void strips_row(
    const weft_conv *conv, size_t length, const window *w, const float *first_row, size_t row, size_t c0, size_t c1,
    const float *weights, const weft_finish *finish, float *y) {
    const size_t p = strip_lengths[length], reach = (p - 1) * conv->stride_w + conv->kernel_w;
    strip_kernel *const kernel = strips[conv->stride_w - 1][conv->kernel_w / 2 - 1][length];
    const strip_row s = {
        .x = first_row, .weights = weights, .rows = w->rows, .x_row = w->x_row, .x_pixel = conv->in_stride,
        .weights_row = w->weights_row, .weights_column = w->weights_column, .in_w = conv->in_w, .finish = finish,
        .y = y, .stride = conv->out_stride,
    };
    for (size_t ox = 0; ox < conv->out_w; ox += p) {
        if (ox + p > conv->out_w) ox = conv->out_w - p;
        const ptrdiff_t left = (ptrdiff_t)(ox * conv->stride_w) - (ptrdiff_t)conv->pad_left;
        const bool edge = left < 0 || (size_t)left + reach > conv->in_w;
        kernel(&s, edge, left, c0, c1, row * conv->out_w + ox);
    }
}
