#include "../include/weft_gemm.h"
#include "../include/weft_layout.h"

#include <string.h>

size_t weft_sgemm_pack_b_size(size_t k, size_t n) { return (n + WEFT_PANEL - 1) / WEFT_PANEL * WEFT_PANEL * k; }

/// Columns of B that lie in rows of memory: copies runs of 16.
static void pack_rows(const float *b, size_t ldb, size_t k, size_t columns, float *panel) {
    if (columns == WEFT_PANEL) {
        for (size_t i = 0; i < k; i++) memcpy(panel + i * WEFT_PANEL, b + i * ldb, WEFT_PANEL * sizeof(float));
        return;
    }
    for (size_t i = 0; i < k; i++, panel += WEFT_PANEL) {
        memcpy(panel, b + i * ldb, columns * sizeof(float));
        memset(panel + columns, 0, (WEFT_PANEL - columns) * sizeof(float));
    }
}

/// Columns of B that are rows of memory, each `ldb` from the next.
static void pack_columns(const float *b, size_t ldb, size_t k, size_t columns, float *panel) {
    if (columns < WEFT_PANEL) memset(panel, 0, k * WEFT_PANEL * sizeof(float));
    weft_transpose_f32(columns, k, b, ldb, panel, WEFT_PANEL);
}

void weft_sgemm_pack_b(
    const float *b, size_t ldb, bool transposed, size_t k, size_t n, size_t j0, size_t j1, float *packed) {
    for (size_t j = j0; j < j1 && j < n; j += WEFT_PANEL) {
        const size_t columns = n - j < WEFT_PANEL ? n - j : WEFT_PANEL;
        if (transposed) {
            pack_columns(b + j * ldb, ldb, k, columns, packed + j * k);
        } else {
            pack_rows(b + j, ldb, k, columns, packed + j * k);
        }
    }
}
