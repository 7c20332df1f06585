#version 450
// Convolution as conv.comp has it, by blocks in shared memory: for processors with fast shared memory.
//
// A workgroup computes ROWS output channels of COLUMNS pixels.
// Weights are packed [group][tile of ROWS channels][ky][kx][c][ROWS], zeros past the last channel.
// Grid: x and z blocks of pixels, y groups times tiles.
// Bindings: x, weights, bias, residual, y; what is not there is bound to x and not read.

#include "common.glsl"
#include "epilogue.glsl"

layout(constant_id = 4) const uint TRANSPOSED = 0;

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Weights { float w[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) readonly buffer Residual { float residual[]; };
layout(std430, binding = 4) writeonly buffer Y { float y[]; };
layout(push_constant) uniform Sizes {
    uint N, C, H, W, M, OH, OW;
    uint KH, KW;
    int SH, SW, DH, DW, PT, PL;
    uint groups, tiles;
    float a, b;
};

#include "block.glsl"
#include "tap.glsl"

uint firstPixel() { return (gl_WorkGroupID.z * gl_NumWorkGroups.x + gl_WorkGroupID.x) * COLUMNS; }

float leftElement(uint row, uint step) { return w[(gl_WorkGroupID.y * KH * KW * C + step) * ROWS + row]; }

float rightElement(uint step, uint column) {
    uint plane = OH * OW;
    uint n = firstPixel() + column;
    if (n >= N * plane) return 0.0;
    uint c = step % C;
    uint kx = step / C % KW;
    uint ky = step / C / KW;
    int iy = tap(int(n % plane / OW), int(ky), SH, DH, PT, int(H));
    int ix = tap(int(n % OW), int(kx), SW, DW, PL, int(W));
    if (iy < 0 || ix < 0) return 0.0;
    uint channel = (n / plane * groups + gl_WorkGroupID.y / tiles) * C + c;
    return x[(channel * H + uint(iy)) * W + uint(ix)];
}

void main() {
    multiply(KH * KW * C);
    uint plane = OH * OW;
    uint group = gl_WorkGroupID.y / tiles;
    [[unroll]] for (uint j = 0; j < TN; j++) {
        uint n = firstPixel() + blockColumn(j);
        [[unroll]] for (uint i = 0; i < TM; i++) {
            uint m = gl_WorkGroupID.y % tiles * ROWS + blockRow(i);
            if (n < N * plane && m < M) {
                uint to = ((n / plane * groups + group) * M + m) * plane + n % plane;
                float value = sum[i][j];
                if (BIAS != 0) value += bias[group * M + m];
                float added = RESIDUAL != 0 ? residual[to] : 0.0;
                y[to] = epilogue(value, added, a, b);
            }
        }
    }
}
