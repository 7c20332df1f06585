#version 450
// Convolution of N x C x H x W, as an implicit matrix product.
//
// y[b, g M + m, p] = epilogue(bias + sum over ky, kx, c of w[m, ky, kx, c] x[b, g C + c, p at ky, kx])
//
// An invocation keeps TM output channels of TN pixels in registers. Neighbouring invocations have neighbouring
// pixels, so reads of x are dense; all of a workgroup read the same weights, see share.glsl.
// Weights are packed [group][tile of TM channels][ky][kx][c][TM], zeros past the last channel.
// TRANSPOSED: the gradient's direction; a pixel takes part where stride divides its offset.
// Grid: x and z pixels, y groups times tiles.
// Bindings: x, weights, bias, residual, y; what is not there is bound to x and not read.

#include "common.glsl"
#include "epilogue.glsl"

layout(constant_id = 4) const uint TRANSPOSED = 0;
layout(constant_id = 5) const uint TM = 8;
layout(constant_id = 6) const uint TN = 4;
const uint TM4 = TM / 4;

#include "share.glsl"

layout(std430, binding = 0) readonly buffer X { float x[]; };
layout(std430, binding = 1) readonly buffer Weights { vec4 w[]; };
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

#include "tap.glsl"

void main() {
    uint plane = OH * OW;
    uint pixels = N * plane;
    uint first = (gl_WorkGroupID.z * gl_NumWorkGroups.x + gl_WorkGroupID.x) * gl_WorkGroupSize.x * TN
        + gl_LocalInvocationID.x;
    uint group = gl_WorkGroupID.y / tiles;
    uint tile = gl_WorkGroupID.y % tiles;
    uint inPlane = H * W;

    vec4 sum[TM4][TN];
    [[unroll]] for (uint i = 0; i < TM4; i++) [[unroll]] for (uint j = 0; j < TN; j++) sum[i][j] = vec4(0.0);
    int oy[TN];
    int ox[TN];
    uint base[TN];
    [[unroll]] for (uint j = 0; j < TN; j++) {
        uint n = min(first + j * gl_WorkGroupSize.x, pixels - 1);
        uint p = n % plane;
        oy[j] = int(p / OW);
        ox[j] = int(p % OW);
        base[j] = (n / plane * groups + group) * C * inPlane;
    }

    uint at = gl_WorkGroupID.y * KH * KW * C * TM4 + shareLane();
    for (uint ky = 0; ky < KH; ky++) {
        for (uint kx = 0; kx < KW; kx++) {
            uint offset[TN];
            bool inside[TN];
            [[unroll]] for (uint j = 0; j < TN; j++) {
                int iy = tap(oy[j], int(ky), SH, DH, PT, int(H));
                int ix = tap(ox[j], int(kx), SW, DW, PL, int(W));
                inside[j] = iy >= 0 && ix >= 0;
                offset[j] = inside[j] ? base[j] + uint(iy) * W + uint(ix) : 0u;
            }
            for (uint c = 0; c < C; c++) {
                float v[TN];
                [[unroll]] for (uint j = 0; j < TN; j++) {
                    float read = x[offset[j] + c * inPlane];
                    v[j] = inside[j] ? read : 0.0;
                }
                [[unroll]] for (uint part = 0; part < TM4; part += LANES) {
                    vec4 own = w[at + part];
                    [[unroll]] for (uint l = 0; l < LANES; l++) {
                        vec4 weights = SHARED_FROM(own, l);
                        [[unroll]] for (uint j = 0; j < TN; j++) sum[part + l][j] += weights * v[j];
                    }
                }
                at += TM4;
            }
        }
    }

    [[unroll]] for (uint j = 0; j < TN; j++) {
        uint n = first + j * gl_WorkGroupSize.x;
        if (n < pixels) {
            uint p = n % plane;
            uint channels = (n / plane * groups + group) * M;
            [[unroll]] for (uint i = 0; i < TM4; i++) [[unroll]] for (uint l = 0; l < 4; l++) {
                uint m = tile * TM + i * 4 + l;
                if (m < M) {
                    uint to = (channels + m) * plane + p;
                    float value = sum[i][j][l];
                    if (BIAS != 0) value += bias[group * M + m];
                    float added = RESIDUAL != 0 ? residual[to] : 0.0;
                    y[to] = epilogue(value, added, a, b);
                }
            }
        }
    }
}
