#version 450
// Convolution with one input channel a group: y channel m reads x channel m / multiple alone.
//
// An invocation computes a block of TH x TW pixels of one channel, so that each input it reads serves several taps.
// Weights as ONNX has them: [M][1][KH][KW].
// Bindings: x, weights, bias, residual, y; what is not there is bound to x and not read.

#include "common.glsl"
#include "epilogue.glsl"

layout(constant_id = 5) const uint TH = 1;
layout(constant_id = 6) const uint TW = 4;
layout(constant_id = 7) const uint KH = 3;
layout(constant_id = 8) const uint KW = 3;
layout(constant_id = 9) const uint SH = 1;
layout(constant_id = 10) const uint SW = 1;
layout(constant_id = 11) const uint DH = 1;
layout(constant_id = 12) const uint DW = 1;
/// Input rows and columns that a block reaches.
const uint ROWS = (TH - 1) * SH + (KH - 1) * DH + 1;
const uint COLUMNS = (TW - 1) * SW + (KW - 1) * DW + 1;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Weights { float w[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) readonly buffer Residual { float residual[]; };
layout(std430, binding = 4) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes {
    uint count, M, multiple, H, W, OH, OW;
    int PT, PL;
    float a, b;
};

void main() {
    uint i = invocationIndex();
    if (i >= count) return;
    uint across = (OW + TW - 1) / TW;
    uint down = (OH + TH - 1) / TH;
    uint ox = i % across * TW;
    uint oy = i / across % down * TH;
    uint plane = i / (across * down);
    uint m = plane % M;
    uint base = (plane / M * (M / multiple) + m / multiple) * H * W;
    int left = int(ox * SW) - PL;
    int top = int(oy * SH) - PT;

    float weights[KH * KW];
    [[unroll]] for (uint k = 0; k < KH * KW; k++) weights[k] = w[m * KH * KW + k];
    float sum[TH][TW];
    [[unroll]] for (uint r = 0; r < TH; r++) [[unroll]] for (uint c = 0; c < TW; c++) sum[r][c] = 0.0;
    [[unroll]] for (uint row = 0; row < ROWS; row++) {
        int iy = top + int(row);
        bool inRow = iy >= 0 && iy < int(H);
        uint from = base + uint(iy) * W;
        float v[COLUMNS];
        [[unroll]] for (uint column = 0; column < COLUMNS; column++) {
            int ix = left + int(column);
            bool inside = inRow && ix >= 0 && ix < int(W);
            float read = x[inside ? from + uint(ix) : 0u];
            v[column] = inside ? read : 0.0;
        }
        [[unroll]] for (uint ky = 0; ky < KH; ky++) {
            if (row >= ky * DH && (row - ky * DH) % SH == 0 && (row - ky * DH) / SH < TH) {
                uint r = (row - ky * DH) / SH;
                [[unroll]] for (uint kx = 0; kx < KW; kx++)
                    [[unroll]] for (uint c = 0; c < TW; c++) sum[r][c] += weights[ky * KW + kx] * v[c * SW + kx * DW];
            }
        }
    }

    [[unroll]] for (uint r = 0; r < TH; r++) {
        [[unroll]] for (uint c = 0; c < TW; c++) {
            if (oy + r < OH && ox + c < OW) {
                uint to = (plane * OH + oy + r) * OW + ox + c;
                float value = sum[r][c];
                if (BIAS != 0) value += bias[m];
                float added = RESIDUAL != 0 ? residual[to] : 0.0;
                y[to] = epilogue(value, added, a, b);
            }
        }
    }
}
