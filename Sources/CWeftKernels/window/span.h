#pragma once

#include <stddef.h>

/// Kernel positions begin ..< end that fall inside an image of `size`, for a first coordinate that may be negative.
typedef struct weft_span { size_t begin, end; } weft_span;

static inline weft_span weft_inside(ptrdiff_t first, size_t kernel, size_t dilation, size_t size) {
    weft_span s = {0, kernel};
    while (s.begin < s.end && first + (ptrdiff_t)(s.begin * dilation) < 0) s.begin++;
    while (s.end > s.begin && first + (ptrdiff_t)((s.end - 1) * dilation) >= (ptrdiff_t)size) s.end--;
    return s;
}
