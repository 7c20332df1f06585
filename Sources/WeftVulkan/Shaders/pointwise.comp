#version 450
// Convolution of 1 x 1, stride 1, without padding, for planes of a multiple of four pixels.
//
// y[b, g M + m, p] = epilogue(bias + sum over c of w[m, c] x[b, g C + c, p])
//
// As conv.comp, but pixels are read and written four at a time: an invocation keeps TM output channels of TN
// pixels, TN / 4 of their quads. Weights are packed [group][tile of TM channels][c][TM].
// Grid: x and z quads, y groups times tiles.
// Bindings: x, weights, bias, residual, y; what is not there is bound to x and not read.

#include "common.glsl"
#include "epilogue.glsl"

layout(constant_id = 5) const uint TM = 8;
layout(constant_id = 6) const uint TN = 4;
const uint TM4 = TM / 4;
const uint TQ = TN / 4;

#include "share.glsl"

layout(std430, binding = 0) readonly buffer X { vec4 x[]; };
layout(std430, binding = 1) readonly buffer Weights { vec4 w[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) readonly buffer Residual { vec4 residual[]; };
layout(std430, binding = 4) writeonly buffer Y { vec4 y[]; };
layout(push_constant) uniform Sizes {
    uint N, C, M, plane;
    uint groups, tiles;
    float a, b;
};

void main() {
    uint quads = plane / 4;
    uint all = N * quads;
    uint first = (gl_WorkGroupID.z * gl_NumWorkGroups.x + gl_WorkGroupID.x) * gl_WorkGroupSize.x * TQ
        + gl_LocalInvocationID.x;
    uint group = gl_WorkGroupID.y / tiles;
    uint tile = gl_WorkGroupID.y % tiles;

    vec4 sum[TM][TQ];
    [[unroll]] for (uint i = 0; i < TM; i++) [[unroll]] for (uint j = 0; j < TQ; j++) sum[i][j] = vec4(0.0);
    uint from[TQ];
    [[unroll]] for (uint j = 0; j < TQ; j++) {
        uint n = min(first + j * gl_WorkGroupSize.x, all - 1);
        from[j] = (n / quads * groups + group) * C * quads + n % quads;
    }
    uint at = gl_WorkGroupID.y * C * TM4 + shareLane();
    for (uint c = 0; c < C; c++) {
        vec4 v[TQ];
        [[unroll]] for (uint j = 0; j < TQ; j++) v[j] = x[from[j] + c * quads];
        [[unroll]] for (uint part = 0; part < TM4; part += LANES) {
            vec4 own = w[at + part];
            [[unroll]] for (uint l = 0; l < LANES; l++) {
                vec4 weights = SHARED_FROM(own, l);
                uint i = 4 * (part + l);
                [[unroll]] for (uint j = 0; j < TQ; j++) {
                    sum[i][j] += weights.x * v[j];
                    sum[i + 1][j] += weights.y * v[j];
                    sum[i + 2][j] += weights.z * v[j];
                    sum[i + 3][j] += weights.w * v[j];
                }
            }
        }
        at += TM4;
    }

    [[unroll]] for (uint j = 0; j < TQ; j++) {
        uint n = first + j * gl_WorkGroupSize.x;
        if (n < all) {
            uint channels = (n / quads * groups + group) * M;
            [[unroll]] for (uint i = 0; i < TM; i++) {
                uint m = tile * TM + i;
                if (m < M) {
                    uint to = (channels + m) * quads + n % quads;
                    vec4 value = sum[i][j];
                    if (BIAS != 0) value += bias[group * M + m];
                    vec4 added = RESIDUAL != 0 ? residual[to] : vec4(0.0);
                    [[unroll]] for (uint l = 0; l < 4; l++) value[l] = epilogue(value[l], added[l], a, b);
                    y[to] = value;
                }
            }
        }
    }
}
