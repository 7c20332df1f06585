#version 450
// Interpolation of planes of H x W; each output coordinate is a weighted sum of TAPS input coordinates an axis.
//
// The host computes coordinates and weights, so every coordinate mode and filter is this one shader.
// One output element an invocation.
// Bindings: x, row taps, row weights, column taps, column weights, y; taps are [coordinate][TAPS].

#include "common.glsl"

layout(constant_id = 1) const uint ROW_TAPS = 1;
layout(constant_id = 2) const uint COLUMN_TAPS = 1;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer RowTaps { uint rowTaps[]; };
layout(std430, binding = 2) readonly buffer RowWeights { float rowWeights[]; };
layout(std430, binding = 3) readonly buffer ColumnTaps { uint columnTaps[]; };
layout(std430, binding = 4) readonly buffer ColumnWeights { float columnWeights[]; };
layout(std430, binding = 5) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes { uint count, H, W, OH, OW; };

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint ox = i % OW;
    uint oy = i / OW % OH;
    uint base = i / (OW * OH) * H * W;
    if (ROW_TAPS == 1 && COLUMN_TAPS == 1) {
        y[i] = x[base + rowTaps[oy] * W + columnTaps[ox]];
        return;
    }
    float sum = 0.0;
    for (uint r = 0; r < ROW_TAPS; r++) {
        uint row = base + rowTaps[oy * ROW_TAPS + r] * W;
        float line = 0.0;
        for (uint c = 0; c < COLUMN_TAPS; c++)
            line += columnWeights[ox * COLUMN_TAPS + c] * x[row + columnTaps[ox * COLUMN_TAPS + c]];
        sum += rowWeights[oy * ROW_TAPS + r] * line;
    }
    y[i] = sum;
}
