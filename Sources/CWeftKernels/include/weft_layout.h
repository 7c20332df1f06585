#pragma once

#include <stddef.h>

#pragma clang assume_nonnull begin

/// y[j * y_stride + i] = x[i * x_stride + j] for i < rows, j < columns: the transpose of a matrix with padded rows.
///
/// Turns one image's NCHW into NHWC (rows = channels, columns = pixels) and back (rows = pixels, columns =
/// channels), and any two axes that are neighbours. A caller splits it by rows or columns through the addresses.
/// `x` and `y` may not overlap.
void weft_transpose_f32(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride);

/// Copies the first `columns` floats of each row, and makes the rest of y's row zero. y_stride >= columns.
void weft_pad_rows_f32(size_t rows, size_t columns, const float *x, size_t x_stride, float *y, size_t y_stride);

#pragma clang assume_nonnull end
